import { sql } from 'kysely';
import type { Copy } from '../../shared/board/authorship.ts';
import type { Pace, Trx } from '../database/group-commit.ts';
import type { Database } from '../database/open.ts';
import { keepCopies } from './copy-store.ts';
import { asBuffer, hotStatements, type HotStatements } from './append-store.ts';

/** One number of a board's sequence. */
export interface BoardRow {
  readonly seq: number;
  /** An admitted Yjs update, or the mark that a card became an opinion of the record. */
  readonly kind: 'update' | 'tabled';
  readonly card: string | null;
  readonly person: string;
  /** Milliseconds since 1970 by the server's clock. */
  readonly at: number;
  readonly bytes: Uint8Array | null;
}

export interface StoredBoard {
  readonly epoch: number;
  readonly snapshot: { readonly seq: number; readonly bytes: Uint8Array } | undefined;
  /** What came after the snapshot, without a gap. */
  readonly rows: readonly BoardRow[];
  readonly tabled: ReadonlySet<string>;
  /** Person by Yjs client id. */
  readonly leases: ReadonlyMap<number, string>;
}

export interface AppendRequest {
  readonly consultation: string;
  /** The sequence that the writer knows; 0 for a new board. */
  readonly expectedSeq: number;
  readonly updates: readonly {
    readonly person: string;
    readonly at: number;
    readonly bytes: Uint8Array;
    /** What in it was brought back, and so is its first writer's. */
    readonly copies?: readonly Copy[];
  }[];
  /** A keystroke may wait some milliseconds for the keystrokes of others. */
  readonly pace?: Pace;
  /** Client ids that write here for the first time, and whose they are to be. */
  readonly leases: ReadonlyMap<number, string>;
}

export type BoardAppended =
  | { readonly seq: number }
  | { readonly conflict: true }
  /** Client ids that were somebody else's; nothing was appended. */
  | { readonly foreign: ReadonlyMap<number, string> };

export type Within = (trx: Trx) => Promise<'done' | 'conflict'>;

export interface UpdateStore {
  load(consultation: string): Promise<StoredBoard>;
  /** What came after a sequence, in order. Throws when a number is missing. */
  after(consultation: string, seq: number): Promise<BoardRow[]>;
  headOf(consultations: readonly string[]): Promise<ReadonlyMap<string, number>>;
  append(request: AppendRequest): Promise<BoardAppended>;
  /** Takes the next numbers for cards that are being tabled together, in the record's own transaction. */
  tabling(consultation: string, expectedSeq: number, cards: readonly string[], at: number): Within;
  /** Gives a client id to the person who shows it first; answers whose it is. */
  lease(consultation: string, client: number, person: string): Promise<string>;
  keepSnapshot(consultation: string, seq: number, bytes: Uint8Array): Promise<void>;
}

/** After the record's own: a tabling locks both, in this order. */
const locksOf = (consultation: string): string => `consultation/${consultation}/board`;
const FIRST_EPOCH = 1;
type Reader = Pick<Database['sql'], 'selectFrom'>;

export function createUpdateStore(database: Pick<Database, 'sql' | 'commit'>): UpdateStore {
  const { sql: db, commit } = database;
  const hot = hotStatements(db);
  async function after(consultation: string, seq: number): Promise<BoardRow[]> {
    const rows = await db
      .selectFrom('board_update')
      .select(['seq', 'kind', 'card', 'person', 'at', 'bytes'])
      .where('consultation', '=', consultation)
      .where('seq', '>', seq)
      .orderBy('seq')
      .execute();
    rows.forEach((row, index) => {
      if (row.seq !== seq + index + 1)
        throw new Error(`update ${seq + index + 1} of board ${consultation} is missing`);
    });
    return rows;
  }

  return {
    after,

    async load(consultation) {
      const head = await db
        .selectFrom('board_head')
        .select('epoch')
        .where('consultation', '=', consultation)
        .executeTakeFirst();
      const snapshot = await db
        .selectFrom('board_snapshot')
        .select(['seq', 'bytes'])
        .where('consultation', '=', consultation)
        .executeTakeFirst();
      const tabled = await db
        .selectFrom('board_update')
        .select('card')
        .where('consultation', '=', consultation)
        .where('kind', '=', sql.lit('tabled')) // a literal: SQLite uses the partial index for nothing else
        .execute();
      const leases = await db
        .selectFrom('board_lease')
        .select(['client_id', 'person'])
        .where('consultation', '=', consultation)
        .execute();
      return {
        epoch: head?.epoch ?? FIRST_EPOCH,
        snapshot,
        rows: await after(consultation, snapshot?.seq ?? 0),
        tabled: new Set(tabled.flatMap(({ card }) => (card === null ? [] : [card]))),
        leases: new Map(leases.map(({ client_id, person }) => [client_id, person])),
      };
    },

    async headOf(consultations) {
      if (consultations.length === 0) return new Map();
      const rows = await db
        .selectFrom('board_head')
        .select(['consultation', 'seq'])
        .where('consultation', 'in', consultations)
        .execute();
      return new Map(rows.map(({ consultation, seq }) => [consultation, seq]));
    },

    append: (request) =>
      commit((trx) => appendWithin(trx, hot, request), locksOf(request.consultation), request.pace),

    tabling: (consultation, expectedSeq, cards, at) => async (trx) => {
      if (!(await moveHead(trx, hot, consultation, expectedSeq, cards.length))) return 'conflict';
      // who tabled it is the record's to say
      const row = { consultation, kind: 'tabled', person: '', at, bytes: null } as const;
      const rows = cards.map((card, index) => ({ ...row, seq: expectedSeq + index + 1, card }));
      await trx.insertInto('board_update').values(rows).execute();
      return 'done';
    },

    lease: (consultation, client, person) =>
      commit(async (trx) => {
        const owners = await leaseAll(trx, consultation, new Map([[client, person]]));
        return owners.get(client) ?? person;
      }, locksOf(consultation)),

    keepSnapshot: (consultation, seq, bytes) =>
      commit(async (trx) => {
        const stored = { seq, bytes: asBuffer(bytes) };
        await trx
          .insertInto('board_snapshot')
          .values({ consultation, ...stored })
          .onConflict((conflict) =>
            conflict
              .column('consultation')
              .doUpdateSet(stored)
              // another node may have cut a later one
              .where('board_snapshot.seq', '<', seq),
          )
          .execute();
      }),
  };
}

/**
 * 1. Leases come first: whoever holds one keeps it, whatever becomes of the updates.
 * 2. Moving the head on from the expected sequence decides the race; whoever moves no row has appended nothing.
 */
async function appendWithin(
  trx: Trx,
  hot: HotStatements,
  request: AppendRequest,
): Promise<BoardAppended> {
  const { consultation, expectedSeq, updates, leases } = request;
  if (leases.size > 0) {
    const owners = await leaseAll(trx, consultation, leases);
    const foreign = [...owners].filter(([client, person]) => leases.get(client) !== person);
    if (foreign.length > 0) return { foreign: new Map(foreign) };
  }
  if (!(await moveHead(trx, hot, consultation, expectedSeq, updates.length)))
    return { conflict: true };
  const rows = updates.map((update, index) => ({ ...update, seq: expectedSeq + index + 1 }));
  await hot.insert(trx, consultation, rows);
  await keepCopies(trx, request);
  return { seq: expectedSeq + rows.length };
}

async function moveHead(
  trx: Trx,
  hot: HotStatements,
  consultation: string,
  from: number,
  steps: number,
): Promise<boolean> {
  if (from === 0) {
    await trx
      .insertInto('board_head')
      .values({ consultation, seq: 0, epoch: FIRST_EPOCH })
      .onConflict((conflict) => conflict.column('consultation').doNothing())
      .execute();
  }
  return hot.moveHead(trx, consultation, from, from + steps);
}

/** Whose each of these client ids is, after those that were nobody's have been given away. */
async function leaseAll(
  trx: Trx,
  consultation: string,
  leases: ReadonlyMap<number, string>,
): Promise<Map<number, string>> {
  const wanted = [...leases].map(([client_id, person]) => ({ consultation, client_id, person }));
  await trx
    .insertInto('board_lease')
    .values(wanted)
    .onConflict((conflict) => conflict.columns(['consultation', 'client_id']).doNothing())
    .execute();
  return ownersOf(trx, consultation, [...leases.keys()]);
}

async function ownersOf(
  trx: Reader,
  consultation: string,
  clients: readonly number[],
): Promise<Map<number, string>> {
  const rows = await trx
    .selectFrom('board_lease')
    .select(['client_id', 'person'])
    .where('consultation', '=', consultation)
    .where('client_id', 'in', clients)
    .execute();
  return new Map(rows.map(({ client_id, person }) => [client_id, person]));
}
