import type { Selectable } from 'kysely';
import type { Database } from '../database/open.ts';
import type { Trx } from '../database/group-commit.ts';
import type { EventTable } from '../database/tables/log.ts';
import type {
  Actor,
  Envelope,
  NewEvent,
  PersonalReference,
  RecordedEvent,
} from '../../shared/log/envelope.ts';
import { emptyHead, link, withoutNul, type Head, type PersonalText } from './chain.ts';

export interface AppendRequest {
  readonly stream: string;
  /** Sequence of the last event that the writer knows; 0 for a new stream. */
  readonly expectedSeq: number;
  /** May be empty: then only the receipt is left. */
  readonly events: readonly NewEvent[];
  readonly actor: Actor;
  readonly at: number;
  readonly commandId: string;
  /** What must be true together with the events; `conflict` makes the append a lost race, and then it has written nothing. */
  readonly within?: (trx: Trx, appended: readonly RecordedEvent[]) => Promise<'done' | 'conflict'>;
}

/** What became of a command. */
export interface Receipt {
  readonly actor: string;
  /** The stream's sequence after it. */
  readonly seq: number;
}

export type Appended =
  | { readonly appended: readonly RecordedEvent[] }
  | { readonly conflict: true }
  | { readonly duplicate: Receipt };

export interface LogStore {
  append(request: AppendRequest): Promise<Appended>;
  /** Events after a sequence, in order, with guests' words filled in unless erased. */
  read(stream: string, after: number, limit?: number): Promise<RecordedEvent[]>;
  head(stream: string): Promise<number>;
  receipt(stream: string, commandId: string): Promise<Receipt | undefined>;
  /** Every event as it is hashed, for `verifyStream` and export. */
  envelopes(stream: string): AsyncIterable<Envelope>;
  streams(): Promise<string[]>;
  /** Erases a guest's words everywhere; answers how many texts there were. */
  erase(subject: string): Promise<number>;
}

const PAGE = 1_000;

export function createLogStore({ sql, commit }: Pick<Database, 'sql' | 'commit'>): LogStore {
  const rowsAfter = (stream: string, after: number, limit: number) =>
    sql
      .selectFrom('event')
      .selectAll()
      .where('stream', '=', stream)
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(limit)
      .execute();

  return {
    append: (request) => commit((trx) => appendWithin(trx, request)),

    async read(stream, after, limit = Number.MAX_SAFE_INTEGER) {
      const envelopes = (await rowsAfter(stream, after, limit)).map(envelopeFrom);
      const refs = envelopes.flatMap(({ personal }) => (personal ? [personal.ref] : []));
      const textByRef = new Map<string, PersonalText>();
      for (let start = 0; start < refs.length; start += PAGE) {
        const page = refs.slice(start, start + PAGE);
        const rows = await sql
          .selectFrom('personal_text')
          .selectAll()
          .where('ref', 'in', page)
          .execute();
        for (const row of rows) textByRef.set(row.ref, row);
      }
      return envelopes.map((envelope) => recordedFrom(envelope, textByRef));
    },

    async head(stream) {
      const row = await sql
        .selectFrom('stream_head')
        .select('seq')
        .where('stream', '=', stream)
        .executeTakeFirst();
      return row?.seq ?? 0;
    },

    receipt: (stream, commandId) => receiptOf(sql, stream, commandId),

    async *envelopes(stream) {
      for (let after = 0; ;) {
        const page = (await rowsAfter(stream, after, PAGE)).map(envelopeFrom);
        yield* page;
        const last = page.at(-1);
        if (!last) return;
        after = last.seq;
      }
    },

    async streams() {
      const rows = await sql.selectFrom('stream_head').select('stream').orderBy('stream').execute();
      return rows.map(({ stream }) => stream);
    },

    erase: (subject) =>
      commit(async (trx) => {
        const result = await trx
          .deleteFrom('personal_text')
          .where('subject', '=', subject)
          .executeTakeFirst();
        return Number(result.numDeletedRows);
      }),
  };
}

/**
 * 1. The receipt is looked at first: a retry is answered, whatever the stream has become.
 * 2. Moving the head on from the expected sequence decides the race; whoever moves no row has written nothing.
 */
async function appendWithin(trx: Trx, request: AppendRequest): Promise<Appended> {
  const { stream, expectedSeq, actor, at, commandId } = request;
  const known = await receiptOf(trx, stream, commandId);
  if (known) return { duplicate: known };
  const head = await headOf(trx, stream);
  if (head.seq !== expectedSeq) return { conflict: true };

  const events = withoutNul(request.events);
  const { envelopes, personal } = link(head, {
    stream,
    events,
    actor: withoutNul(actor),
    at,
    commandId,
  });
  const textByRef = new Map(personal.map((text) => [text.ref, text]));
  const appended = envelopes.map((envelope) => recordedFrom(envelope, textByRef));
  const seq = expectedSeq + envelopes.length;
  if (
    !(await moveHead(trx, stream, expectedSeq, { seq, hash: envelopes.at(-1)?.hash ?? head.hash }))
  ) {
    return { conflict: true };
  }
  if (request.within && (await request.within(trx, appended)) === 'conflict') {
    await moveHead(trx, stream, seq, head);
    return { conflict: true };
  }
  if (envelopes.length > 0) await trx.insertInto('event').values(envelopes.map(rowFrom)).execute();
  if (personal.length > 0) await trx.insertInto('personal_text').values(personal).execute();
  await trx
    .insertInto('receipt')
    .values({ stream, command_id: commandId, actor: actor.person, seq, at })
    .execute();
  return { appended };
}

async function headOf(trx: Trx, stream: string): Promise<Head> {
  const row = await trx
    .selectFrom('stream_head')
    .select(['seq', 'hash'])
    .where('stream', '=', stream)
    .executeTakeFirst();
  return row ?? emptyHead;
}

async function moveHead(trx: Trx, stream: string, from: number, to: Head): Promise<boolean> {
  if (from === 0 && to.seq >= 0) {
    const inserted = await trx
      .insertInto('stream_head')
      .values({ stream, ...to })
      .onConflict((conflict) => conflict.column('stream').doNothing())
      .executeTakeFirst();
    if (Number(inserted.numInsertedOrUpdatedRows ?? 0) === 1) return true;
  }
  const moved = await trx
    .updateTable('stream_head')
    .set(to)
    .where('stream', '=', stream)
    .where('seq', '=', from)
    .executeTakeFirst();
  return Number(moved.numUpdatedRows) === 1;
}

async function receiptOf(
  sql: Pick<Database['sql'], 'selectFrom'>,
  stream: string,
  commandId: string,
): Promise<Receipt | undefined> {
  return sql
    .selectFrom('receipt')
    .select(['actor', 'seq'])
    .where('stream', '=', stream)
    .where('command_id', '=', commandId)
    .executeTakeFirst();
}

const rowFrom = (envelope: Envelope, index: number): EventTable => ({
  stream: envelope.stream,
  seq: envelope.seq,
  type: envelope.type,
  data: JSON.stringify(envelope.data),
  personal: envelope.personal ? JSON.stringify(envelope.personal) : null,
  actor: JSON.stringify(envelope.actor),
  at: envelope.at,
  command_id: envelope.commandId,
  command_index: index,
  prev_hash: envelope.prevHash,
  hash: envelope.hash,
});

const envelopeFrom = (row: Selectable<EventTable>): Envelope => ({
  stream: row.stream,
  seq: row.seq,
  type: row.type,
  data: JSON.parse(row.data) as unknown,
  ...(row.personal === null ? {} : { personal: JSON.parse(row.personal) as PersonalReference }),
  actor: JSON.parse(row.actor) as Actor,
  at: row.at,
  commandId: row.command_id,
  prevHash: row.prev_hash,
  hash: row.hash,
});

/** The event as readers get it. Folded from what is stored, so that nothing can differ after a restart. */
function recordedFrom(
  envelope: Envelope,
  textByRef: ReadonlyMap<string, PersonalText>,
): RecordedEvent {
  const { seq, type, actor, at, commandId } = envelope;
  const words = envelope.personal && textByRef.get(envelope.personal.ref);
  const data = JSON.parse(JSON.stringify(envelope.data)) as object;
  const recorded = { seq, type, data, actor, at, commandId };
  return words ? { ...recorded, personal: { subject: words.subject, text: words.text } } : recorded;
}
