import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { writeHistoryPage } from '../../shared/board/history-page.ts';
import { recordOfCard } from '../../shared/consultation/card-record.ts';
import type { RecordedConsultationEvent } from '../../shared/consultation/index.ts';
import { lastNamesOf } from '../../shared/consultation/names.ts';
import { isTabled } from '../../shared/consultation/opinions.ts';
import { visibleTo } from '../../shared/consultation/reading.ts';
import type { ConsultationState } from '../../shared/consultation/state.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import { can } from '../../shared/policy/can.ts';
import { isRefused, refuse, type Refused } from '../../shared/refusal.ts';
import { CardAuthorsSchema, RestoredSchema, RestoreSchema } from '../../shared/wire/board-past.ts';
import { RefusedSchema } from '../../shared/wire/rest.ts';
import type { Past } from './past.ts';

export interface Guest {
  readonly actor: Actor;
  readonly live: {
    readonly state: ConsultationState;
    readonly events: readonly RecordedConsultationEvent[];
  };
}

export interface BoardRoutes<Entered extends Guest> {
  readonly past: Past;
  /** The consultation's door: whoever may not know of it gets the answer of one that isn't there. */
  readonly enter: (request: FastifyRequest, id: string) => Promise<Entered | Refused>;
  /** One request more of this device; false when there were too many. */
  readonly count: (entered: Entered) => boolean;
}

const Id = Type.String({ minLength: 1, maxLength: 64 });
const CardId = Type.String({ minLength: 1, maxLength: 100 });
const tag = { tags: ['board'] };
const compressed = promisify(gzip);
/** It is read once, by someone who waits. */
const QUICKLY = { level: 3 };

/** The board's past over HTTP. What is written goes by the board's own socket. */
export function boardRoutes<Entered extends Guest>(
  instance: FastifyInstance,
  parts: BoardRoutes<Entered>,
): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const { past } = parts;
  const enter = readers(parts);

  app.get(
    '/api/consultations/:id/board/cards/:card/authors',
    {
      schema: {
        ...tag,
        summary: 'Who wrote which characters of a card, and when, by the server’s own word',
        params: Type.Object({ id: Id, card: CardId }),
        response: { 200: CardAuthorsSchema, '4xx': RefusedSchema },
      },
    },
    async (request) => {
      const { id, card } = request.params;
      const entered = await enter(request, id);
      if (isRefused(entered)) return entered;
      const runs = await past.authors(id, card);
      if (!runs) return refuse('not_found', 'card');
      const { actor, live } = entered;
      const record = isTabled(live.state.opinions, card)
        ? recordOfCard(visibleTo(live.events, actor), card)
        : [];
      const people = runs.flatMap(({ person, by = person }) => [person, by]);
      return { runs: [...runs], record, names: lastNamesOf(live.events, people) };
    },
  );

  app.get(
    '/api/consultations/:id/board/history',
    {
      schema: {
        ...tag,
        summary: 'The board’s rows after a number of its sequence, for the reader to replay',
        description: 'shared/board/history-page.ts reads it. A page is at most 1 MiB.',
        params: Type.Object({ id: Id }),
        querystring: Type.Object({ after: Type.Optional(Type.Integer({ minimum: 0 })) }),
        produces: ['application/octet-stream'],
        response: { '4xx': RefusedSchema },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const entered = await enter(request, id);
      if (isRefused(entered)) return entered;
      const page = await past.history(id, request.query.after ?? 0);
      const people = page.rows.map(({ person }) => person);
      const names = lastNamesOf(entered.live.events, people);
      return sendBytes(request, reply, writeHistoryPage(page, names));
    },
  );

  app.post(
    '/api/consultations/:id/board/restore',
    {
      schema: {
        ...tag,
        summary: 'Makes a card what it was, as a new change (who conducts the consultation)',
        params: Type.Object({ id: Id }),
        body: RestoreSchema,
        response: { 200: RestoredSchema, '4xx': RefusedSchema },
      },
    },
    async (request) => {
      const { id } = request.params;
      const entered = await enter(request, id);
      if (isRefused(entered)) return entered;
      const { actor, live } = entered;
      const { card } = request.body;
      if (!can(actor, 'card.restore')) return refuse('forbidden');
      if (live.state.lifecycle.phase === 'archived') return refuse('not_open');
      if (!can(actor, 'card.restore', { tabled: isTabled(live.state.opinions, card) }))
        return refuse('already_tabled');
      const restored = await past.restore(id, actor, request.body);
      return isRefused(restored) ? restored : { ok: true as const, ...restored };
    },
  );
}

/** Those who may read the board; to everyone else it isn't there. */
function readers<Entered extends Guest>({
  enter,
  count,
}: BoardRoutes<Entered>): BoardRoutes<Entered>['enter'] {
  return async (request, id) => {
    const entered = await enter(request, id);
    if (isRefused(entered)) return entered;
    if (!can(entered.actor, 'board.read')) return refuse('not_found');
    return count(entered) ? entered : refuse('too_many');
  };
}

async function sendBytes(
  request: FastifyRequest,
  reply: FastifyReply,
  bytes: Uint8Array,
): Promise<FastifyReply> {
  reply.type('application/octet-stream').header('vary', 'accept-encoding');
  if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? ''))
    return reply.send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return reply.header('content-encoding', 'gzip').send(await compressed(bytes, QUICKLY));
}
