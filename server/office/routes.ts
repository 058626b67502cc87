import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { RecordedConsultationEvent } from '../../shared/consultation/index.ts';
import { snapshotFor, visibleTo } from '../../shared/consultation/reading.ts';
import type { ConsultationState } from '../../shared/consultation/state.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import { isStaff } from '../../shared/policy/audience.ts';
import { can } from '../../shared/policy/can.ts';
import { isRefused, refuse, type Refused } from '../../shared/refusal.ts';
import {
  AddedParticipantSchema,
  AddParticipantsSchema,
  CommandDoneSchema,
  ConsultationSchema,
  CreateConsultationSchema,
  CreatedConsultationSchema,
  EventSpanSchema,
  ListedConsultationSchema,
  RefusedSchema,
  type AddedParticipant,
} from '../../shared/wire/rest.ts';
import {
  CommandMessageSchema,
  MAX_COMMAND_BYTES,
  type CommandMessage,
} from '../../shared/wire/up.ts';
import type { Consultations, CreatingRecord, Holder } from './consultations.ts';

export interface LiveConsultation {
  readonly state: ConsultationState;
  readonly events: readonly RecordedConsultationEvent[];
}

export interface Visitor extends Holder {
  readonly name: string;
}

export interface OfficeRoutes<Who extends Visitor> {
  readonly consultations: Consultations;
  readonly record: CreatingRecord & {
    open(id: string): Promise<LiveConsultation | undefined>;
    handle(
      id: string,
      message: CommandMessage,
      actor: (state: ConsultationState) => Actor | undefined,
    ): Promise<{ readonly ok: true; readonly seq: number } | Refused>;
  };
  readonly whoIs: (request: FastifyRequest) => Promise<Who | undefined>;
  readonly actorIn: (who: Who, consultation: Pick<LiveConsultation, 'state'>) => Actor | undefined;
  readonly people: {
    add(name: string): Promise<string>;
    invite(invitation: { person: string; consultation: string }): Promise<string>;
    inviteAnew(person: string, consultation: string): Promise<string>;
  };
  /** One command more of this device, never of its address; false when there were too many. */
  readonly countCommand: (who: Who) => boolean;
  readonly newId: (prefix: string) => string;
  readonly now: () => number;
}

const Id = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
const PersonOf = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 64 }),
  person: Type.String({ minLength: 1, maxLength: 64 }),
});
const tag = { tags: ['consultations'] };

/** Consultations over HTTP: for lists, for scripts, and where sockets are blocked. */
export function officeRoutes<Who extends Visitor>(
  instance: FastifyInstance,
  parts: OfficeRoutes<Who>,
): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const { consultations, record, people } = parts;

  interface Entered {
    readonly who: Who;
    readonly actor: Actor;
    readonly live: LiveConsultation;
    /** Who that is when a command of theirs is decided: the roster may have changed by then. */
    readonly actorThen: (state: ConsultationState) => Actor | undefined;
  }

  /** The room's door: who may not know of a consultation gets the answer of one that isn't there. */
  async function enter(request: FastifyRequest, id: string): Promise<Entered | Refused> {
    const who = await parts.whoIs(request);
    if (!who) return refuse('not_logged_in');
    const live = await record.open(id);
    const actor = live && parts.actorIn(who, live);
    const actorThen = (state: ConsultationState) => parts.actorIn(who, { state });
    return actor ? { who, actor, live, actorThen } : refuse('not_found');
  }

  app.get(
    '/api/consultations',
    {
      schema: {
        ...tag,
        summary: 'The consultations that one may know of',
        response: { 200: Type.Array(ListedConsultationSchema), '4xx': RefusedSchema },
      },
    },
    async (request) => {
      const who = await parts.whoIs(request);
      return who ? consultations.visibleTo(who) : refuse('not_logged_in');
    },
  );

  app.post(
    '/api/consultations',
    {
      schema: {
        ...tag,
        summary: 'Creates a consultation (the office’s officer)',
        body: CreateConsultationSchema,
        response: { 200: CreatedConsultationSchema, '4xx': RefusedSchema },
      },
    },
    async (request) => {
      const who = await parts.whoIs(request);
      if (!who) return refuse('not_logged_in');
      if (!who.office?.includes('officer')) return refuse('forbidden');
      const { person, name } = who;
      return consultations.create(request.body, { person, name, role: 'officer' });
    },
  );

  app.get(
    '/api/consultations/:id',
    {
      schema: {
        ...tag,
        summary: 'A consultation as the reader may know it',
        params: Id,
        response: { 200: ConsultationSchema, '4xx': RefusedSchema },
      },
    },
    async (request) => {
      const entered = await enter(request, request.params.id);
      if (isRefused(entered)) return entered;
      const { actor, live } = entered;
      const doors = isStaff(actor.role) ? await consultations.doors(request.params.id) : undefined;
      return {
        state: snapshotFor(live.events, actor),
        me: { ...actor },
        now: parts.now(),
        ...(doors ? { screenKey: doors.screenKey } : {}),
      };
    },
  );

  app.get(
    '/api/consultations/:id/events',
    {
      schema: {
        ...tag,
        summary: 'The events after a sequence, as far as the reader may know them',
        params: Id,
        querystring: Type.Object({ since: Type.Optional(Type.Integer({ minimum: 0 })) }),
        response: { 200: EventSpanSchema, '4xx': RefusedSchema },
      },
    },
    async (request) => {
      const entered = await enter(request, request.params.id);
      if (isRefused(entered)) return entered;
      const { actor, live } = entered;
      const since = Math.min(request.query.since ?? 0, live.state.seq);
      const events = visibleTo(live.events.slice(since), actor);
      return { from: since + 1, to: live.state.seq, events };
    },
  );

  app.post(
    '/api/consultations/:id/commands',
    {
      bodyLimit: MAX_COMMAND_BYTES,
      schema: {
        ...tag,
        summary: 'Gives a command; the same id has effect once',
        params: Id,
        body: CommandMessageSchema,
        response: { 200: CommandDoneSchema, '4xx': RefusedSchema },
      },
    },
    async (request) => {
      const entered = await enter(request, request.params.id);
      if (isRefused(entered)) return entered;
      if (!parts.countCommand(entered.who)) return refuse('too_many');
      return record.handle(request.params.id, request.body, entered.actorThen);
    },
  );

  app.post(
    '/api/consultations/:id/participants',
    {
      bodyLimit: 4 * MAX_COMMAND_BYTES,
      schema: {
        ...tag,
        summary: 'Adds people to the roster and makes an invitation for each',
        params: Id,
        body: AddParticipantsSchema,
        response: { 200: Type.Array(AddedParticipantSchema), '4xx': RefusedSchema },
      },
    },
    async (request) => {
      const { id } = request.params;
      const entered = await enter(request, id);
      if (isRefused(entered)) return entered;
      if (!can(entered.actor, 'participant.add')) return refuse('forbidden');
      const added: AddedParticipant[] = [];
      for (const [index, participant] of request.body.entries()) {
        const person = await people.add(participant.name);
        const commandId = parts.newId('add');
        const data = { person, participant };
        const message = { commandId, type: 'participant.add', data };
        const handled = await record.handle(id, message, entered.actorThen);
        if (isRefused(handled)) return within(handled, index);
        const token = await people.invite({ person, consultation: id });
        added.push({ id: person, name: participant.name, role: participant.role, token });
      }
      return added;
    },
  );

  app.post(
    '/api/consultations/:id/participants/:person/invitation',
    {
      schema: {
        ...tag,
        summary: 'Makes a new invitation; earlier ones and their devices are out',
        params: PersonOf,
        response: { 200: AddedParticipantSchema, '4xx': RefusedSchema },
      },
    },
    async (request) => {
      const { id, person } = request.params;
      const entered = await enter(request, id);
      if (isRefused(entered)) return entered;
      const participant = entered.live.state.roster[person];
      if (!can(entered.actor, 'invitation.issue')) return refuse('forbidden');
      if (!participant) return refuse('not_found', 'person');
      const { name, role } = participant;
      return { id: person, name, role, token: await people.inviteAnew(person, id) };
    },
  );
}

const within = ({ refused }: Refused, index: number): Refused =>
  refuse(refused.code, [index, refused.field].filter((part) => part !== undefined).join('.'));
