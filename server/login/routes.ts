import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { refuse } from '../../shared/refusal.ts';
import {
  JoinedSchema,
  JoinSchema,
  LoginSchema,
  RedeemedSchema,
  RedeemSchema,
  RefusedSchema,
  type ListedConsultation,
  type Login,
} from '../../shared/wire/rest.ts';
import { Type } from 'typebox';
import { cookieOptions, GUEST_COOKIE, LOGIN_COOKIE } from './cookies.ts';
import { deviceNamed } from './device.ts';
import type { Identity } from './identity.ts';
import type { Logins, Visitor } from './logins.ts';

export interface LoginRoutes {
  readonly logins: Logins;
  readonly consultationsOf: (who: Identity) => Promise<ListedConsultation[]>;
  readonly consultationByCode: (
    code: string,
  ) => Promise<{ readonly id: string; readonly title: string } | undefined>;
  /** Counts a failure of this address; false when there were too many. */
  readonly countFailure: (address: string) => boolean;
  readonly isSecure: (request: FastifyRequest) => boolean;
}

const failures = {
  unknown: 'not_found',
  used: 'invitation_used',
  someone_else: 'someone_else',
} as const;

const tag = { tags: ['who is who'] };

/** Who this browser is, and how it becomes someone. Nothing here is done by a GET: previews of links fetch those. */
export function loginRoutes(instance: FastifyInstance, parts: LoginRoutes): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const { logins } = parts;

  const login = async (who: Identity): Promise<Login> => ({
    kind: who.kind,
    person: who.person,
    name: who.name,
    office: who.kind === 'person' ? [...who.office] : [],
    consultations: await parts.consultationsOf(who),
  });
  /** Only failures count, because a whole hall may share one address. */
  const failed = (request: FastifyRequest, code: 'not_found' | 'invitation_used') =>
    parts.countFailure(request.ip) ? refuse(code) : refuse('too_many');

  app.get(
    '/api/me',
    {
      schema: {
        ...tag,
        summary: 'Who this browser is',
        response: { 200: LoginSchema, '4xx': RefusedSchema },
      },
    },
    async (request) => {
      const who = await logins.identify(request.headers.cookie);
      return who ? login(who) : refuse('not_logged_in');
    },
  );

  app.post(
    '/api/invitations/redeem',
    {
      schema: {
        ...tag,
        summary: 'Turns an invitation into a login of this browser, by a cookie',
        body: RedeemSchema,
        response: { 200: RedeemedSchema, '4xx': RefusedSchema },
      },
    },
    async (request, reply) => {
      const { token, switch: maySwitch } = request.body;
      const redeemed = await logins.redeem(token, visitorOf(request), maySwitch === true);
      if ('failed' in redeemed) {
        const code = failures[redeemed.failed];
        return code === 'someone_else' ? refuse(code) : failed(request, code);
      }
      if (redeemed.token !== undefined) {
        reply.setCookie(LOGIN_COOKIE, redeemed.token, cookieOptions(parts.isSecure(request)));
      }
      const me = await login(redeemed.person);
      return { me, path: pathFor(me, redeemed.consultation) };
    },
  );

  app.post(
    '/api/join',
    {
      schema: {
        ...tag,
        summary: 'Lets a citizen in by the public code, without an account',
        body: JoinSchema,
        response: { 200: JoinedSchema, '4xx': RefusedSchema },
      },
    },
    async (request, reply) => {
      const consultation = await parts.consultationByCode(request.body.code);
      if (!consultation) return failed(request, 'not_found');
      const nickname = request.body.nickname?.trim() || undefined;
      const { token } = await logins.join(consultation.id, visitorOf(request), nickname);
      if (token !== undefined) {
        reply.setCookie(GUEST_COOKIE, token, cookieOptions(parts.isSecure(request)));
      }
      return { consultation: consultation.id, title: consultation.title };
    },
  );

  app.post(
    '/api/logout',
    {
      schema: {
        ...tag,
        summary: 'Ends the login of this browser',
        response: { 200: Type.Object({ ok: Type.Literal(true) }) },
      },
    },
    async (request, reply) => {
      const who = await logins.identify(request.headers.cookie);
      if (who?.kind === 'person') await logins.leave(who.login);
      reply.clearCookie(LOGIN_COOKIE, { path: '/' });
      return { ok: true } as const;
    },
  );
}

const visitorOf = ({ headers }: FastifyRequest): Visitor => ({
  cookie: headers.cookie,
  device: deviceNamed(headers['user-agent']),
});

function pathFor(me: Login, consultation: string | undefined): string {
  if (consultation === undefined) return '/office';
  const role = me.consultations.find(({ id }) => id === consultation)?.role;
  const desk = role === 'moderator' || role === 'clerk';
  return desk ? `/c/${consultation}/desk` : `/c/${consultation}`;
}
