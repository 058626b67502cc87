import type { Selectable } from 'kysely';
import type { Database } from '../database/open.ts';
import type { Trx } from '../database/group-commit.ts';
import type { EventTable, ReceiptTable } from '../database/tables/log.ts';
import type {
  Actor,
  Envelope,
  NewEvent,
  PersonalReference,
  RecordedEvent,
} from '../../shared/log/envelope.ts';
import { emptyHead, link, recorded, storable, type Head, type PersonalText } from './chain.ts';

/** What one command came to. */
export interface CommandEvents {
  readonly commandId: string;
  readonly actor: Actor;
  readonly at: number;
  /** May be empty: then only the receipt is left. */
  readonly events: readonly NewEvent[];
}

interface Place {
  readonly stream: string;
  /** Sequence of the last event that the writer knows; 0 for a new stream. */
  readonly expectedSeq: number;
  /** What must be true together with the events; `conflict` makes the append a lost race, and then it has written nothing. */
  readonly within?: (trx: Trx, appended: readonly RecordedEvent[]) => Promise<'done' | 'conflict'>;
}

export type AppendRequest = Place & CommandEvents;
/** Several commands at once, in this order; their ids differ. */
export type AppendAllRequest = Place & { readonly commands: readonly CommandEvents[] };

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

export type AllAppended =
  | { readonly appended: readonly RecordedEvent[] }
  | { readonly conflict: true }
  /** Those of the commands that have been appended before; nothing was written. */
  | { readonly duplicates: ReadonlyMap<string, Receipt> };

export interface LogStore {
  append(request: AppendRequest): Promise<Appended>;
  /** All of them or none. */
  appendAll(request: AppendAllRequest): Promise<AllAppended>;
  /** Events after a sequence, in order, with guests' words filled in unless erased; of some types only, if named. */
  read(
    stream: string,
    after: number,
    limit?: number,
    types?: readonly string[],
  ): Promise<RecordedEvent[]>;
  head(stream: string): Promise<number>;
  receipt(stream: string, commandId: string): Promise<Receipt | undefined>;
  /** Every event as it is hashed, for `verifyStream` and export. */
  envelopes(stream: string): AsyncIterable<Envelope>;
  streams(): Promise<string[]>;
  /** So many streams after one, by name, and how far each has come. */
  heads(after: string, limit: number): Promise<{ stream: string; seq: number }[]>;
  /** Erases a guest's words everywhere; answers how many texts there were. */
  erase(subject: string): Promise<number>;
}

const PAGE = 1_000;

export function createLogStore({ sql, commit }: Pick<Database, 'sql' | 'commit'>): LogStore {
  const rowsAfter = (stream: string, after: number, limit: number, types?: readonly string[]) =>
    sql
      .selectFrom('event')
      .selectAll()
      .where('stream', '=', stream)
      .where('seq', '>', after)
      .$if(types !== undefined, (query) => query.where('type', 'in', types ?? []))
      .orderBy('seq')
      .limit(limit)
      .execute();

  return {
    async append({ commandId, actor, at, events, ...place }) {
      const commands = [{ commandId, actor, at, events }];
      const request = { ...place, commands };
      const result = await commit((trx) => appendWithin(trx, request), place.stream);
      if (!('duplicates' in result)) return result;
      const [duplicate] = result.duplicates.values();
      return duplicate ? { duplicate } : { conflict: true };
    },

    appendAll: (request) => commit((trx) => appendWithin(trx, request), request.stream),

    async read(stream, after, limit = Number.MAX_SAFE_INTEGER, types) {
      const envelopes = (await rowsAfter(stream, after, limit, types)).map(envelopeFrom);
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

    async receipt(stream, commandId) {
      return (await receiptsOf(sql, stream, [commandId])).get(commandId);
    },

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

    heads: (after, limit) =>
      sql
        .selectFrom('stream_head')
        .select(['stream', 'seq'])
        .where('stream', '>', after)
        .orderBy('stream')
        .limit(limit)
        .execute(),

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
 * 1. Receipts are looked at first: a retry is answered, whatever the stream has become.
 * 2. Moving the head on from the expected sequence decides the race; whoever moves no row has written nothing.
 */
async function appendWithin(trx: Trx, request: AppendAllRequest): Promise<AllAppended> {
  const { stream, expectedSeq, commands, within } = request;
  const ids = commands.map(({ commandId }) => commandId);
  const duplicates = await receiptsOf(trx, stream, ids);
  if (duplicates.size > 0) return { duplicates };
  const head = await headOf(trx, stream);
  if (head.seq !== expectedSeq) return { conflict: true };

  const { rows, receipts, personal, appended, last } = linkAll(stream, head, commands);
  if (!(await moveHead(trx, stream, expectedSeq, last))) return { conflict: true };
  if (within && (await within(trx, appended)) === 'conflict') {
    await moveHead(trx, stream, last.seq, head);
    return { conflict: true };
  }
  for (const page of pagesOf(rows)) await trx.insertInto('event').values(page).execute();
  for (const page of pagesOf(personal))
    await trx.insertInto('personal_text').values(page).execute();
  for (const page of pagesOf(receipts)) {
    // commands without events move no head: another node may just have left the same receipts
    const once = trx.insertInto('receipt').values(page);
    await once.onConflict((conflict) => conflict.doNothing()).execute();
  }
  return { appended };
}

/** Everything that the commands add, made ready before the first row is written. */
function linkAll(stream: string, head: Head, commands: readonly CommandEvents[]) {
  const rows: EventTable[] = [];
  const receipts: ReceiptTable[] = [];
  const personal: PersonalText[] = [];
  const appended: RecordedEvent[] = [];
  let last = head;
  for (const command of storable(commands)) {
    const { commandId, actor, at } = command;
    const linked = link(last, { stream, ...command });
    const textByRef = new Map(linked.personal.map((text) => [text.ref, text]));
    rows.push(...linked.envelopes.map(rowFrom));
    personal.push(...linked.personal);
    appended.push(...linked.envelopes.map((envelope) => recordedFrom(envelope, textByRef)));
    last = linked.last;
    receipts.push({ stream, command_id: commandId, actor: actor.person, seq: last.seq, at });
  }
  return { rows, receipts, personal, appended, last };
}

/** As many rows as one statement may have values for, on both databases. */
function* pagesOf<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < rows.length; start += PAGE) yield rows.slice(start, start + PAGE);
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

async function receiptsOf(
  sql: Pick<Database['sql'], 'selectFrom'>,
  stream: string,
  commandIds: readonly string[],
): Promise<Map<string, Receipt>> {
  const rows = await sql
    .selectFrom('receipt')
    .select(['command_id', 'actor', 'seq'])
    .where('stream', '=', stream)
    .where('command_id', 'in', commandIds)
    .execute();
  return new Map(rows.map(({ command_id, actor, seq }) => [command_id, { actor, seq }]));
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

function recordedFrom(
  envelope: Envelope,
  textByRef: ReadonlyMap<string, PersonalText>,
): RecordedEvent {
  const words = envelope.personal && textByRef.get(envelope.personal.ref);
  const personal = words && { subject: words.subject, text: words.text };
  const { type, data } = envelope;
  return recorded({ type, data: data as object, ...(personal && { personal }) }, envelope);
}
