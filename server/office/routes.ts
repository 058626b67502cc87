import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { stateFor, visibleTo } from '../../shared/consultation/reading.ts';
import { isStaff } from '../../shared/policy/audience.ts';
import { isRefused, refuse } from '../../shared/refusal.ts';
import {
  CommandDoneSchema,
  ConsultationSchema,
  CreateConsultationSchema,
  CreatedConsultationSchema,
  EventSpanSchema,
  ListedConsultationSchema,
  RefusedSchema,
} from '../../shared/wire/rest.ts';
import { CommandMessageSchema, MAX_COMMAND_BYTES } from '../../shared/wire/up.ts';
import { agendaTemplateRoutes } from './agenda-template-routes.ts';
import { doorOf, type Enter, type OfficeRoutes, type Routes, type Visitor } from './entrance.ts';
import { peopleRoutes } from './people-routes.ts';
import { receiptRoutes } from './receipt-routes.ts';

const Id = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
const tag = { tags: ['consultations'] };

/** Consultations over HTTP: for lists, for scripts, and where sockets are blocked. */
export function officeRoutes<Who extends Visitor>(
  instance: FastifyInstance,
  parts: OfficeRoutes<Who>,
): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const enter = doorOf(parts);
  listRoutes(app, parts);
  readingRoutes(app, parts, enter);
  commandRoute(app, parts, enter);
  peopleRoutes(app, parts, enter);
  agendaTemplateRoutes(app, parts);
  receiptRoutes(app, parts, enter);
}

function listRoutes<Who extends Visitor>(
  app: Routes,
  { consultations, whoIs }: OfficeRoutes<Who>,
): void {
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
      const who = await whoIs(request);
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
      const who = await whoIs(request);
      if (!who) return refuse('not_logged_in');
      if (!who.office?.includes('officer')) return refuse('forbidden');
      const { person, name } = who;
      return consultations.create(request.body, { person, name, role: 'officer' });
    },
  );
}

function readingRoutes<Who extends Visitor>(
  app: Routes,
  { consultations, now }: OfficeRoutes<Who>,
  enter: Enter<Who>,
): void {
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
        state: stateFor(live, actor),
        me: { ...actor },
        now: now(),
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
}

function commandRoute<Who extends Visitor>(
  app: Routes,
  { record, countCommand }: OfficeRoutes<Who>,
  enter: Enter<Who>,
): void {
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
      if (!countCommand(entered.who)) return refuse('too_many');
      return record.handle(request.params.id, request.body, entered.actorThen);
    },
  );
}
