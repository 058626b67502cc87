import { CompiledQuery, type QueryResult } from 'kysely';
import type { Trx } from '../database/group-commit.ts';
import type { Database } from '../database/open.ts';

/** A row as it is appended. */
export interface AppendedRow {
  readonly seq: number;
  readonly person: string;
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** The statements of every keystroke. */
export interface HotStatements {
  /** Did the head move on from `from`? Else somebody else was first. */
  moveHead(trx: Trx, consultation: string, from: number, to: number): Promise<boolean>;
  insert(trx: Trx, consultation: string, rows: readonly AppendedRow[]): Promise<void>;
}

const PAGE = 100;

/**
 * They are worded once and then only given their values: for a single row, wording costs more than all that the
 * database does.
 */
export function hotStatements(sql: Database['sql']): HotStatements {
  const head = sql
    .updateTable('board_head')
    .set({ seq: 0 })
    .where('consultation', '=', '')
    .where('seq', '=', 0)
    .compile().sql;
  const insertByCount = new Map<number, string>();

  function insertOf(count: number): string {
    const worded = insertByCount.get(count);
    if (worded !== undefined) return worded;
    const row = {
      consultation: '',
      seq: 0,
      kind: 'update',
      card: null,
      person: '',
      at: 0,
    } as const;
    const rows = Array.from({ length: count }, () => ({ ...row, bytes: null }));
    const { sql: wording } = sql.insertInto('board_update').values(rows).compile();
    insertByCount.set(count, wording);
    return wording;
  }

  return {
    async moveHead(trx, consultation, from, to) {
      const { numAffectedRows } = await run(trx, head, [to, consultation, from]);
      return Number(numAffectedRows) === 1;
    },
    async insert(trx, consultation, rows) {
      for (let start = 0; start < rows.length; start += PAGE) {
        const page = rows.slice(start, start + PAGE);
        const values = page.flatMap(({ seq, person, at, bytes }): unknown[] => [
          consultation,
          seq,
          'update',
          null,
          person,
          at,
          asBuffer(bytes),
        ]);
        await run(trx, insertOf(page.length), values);
      }
    },
  };
}

const run = (
  trx: Trx,
  wording: string,
  values: readonly unknown[],
): Promise<QueryResult<unknown>> => trx.executeQuery(CompiledQuery.raw(wording, [...values]));

/** The same bytes, in the class that both drivers bind. */
export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
