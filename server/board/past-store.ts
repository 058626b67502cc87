import { sql } from 'kysely';
import type { HistoryPage } from '../../shared/board/history-page.ts';
import type { Database } from '../database/open.ts';
import { copiesBetween } from './copy-store.ts';

export interface PastStore {
  /**
   * The rows after a sequence, in order and without a gap: as many as fit into `MAX_PAGE_BYTES`, or one.
   * None: there is nothing after it.
   */
  page(consultation: string, after: number): Promise<HistoryPage>;
}

/** So much that no other request waits long for it. */
export const MAX_PAGE_BYTES = 512 * 1024;
const MAX_PAGE_ROWS = 2_000;

/** Reads what was. Nothing here is ever changed. */
export function createPastStore({ sql: db }: Pick<Database, 'sql'>): PastStore {
  /** Up to where a page goes: measured first, so that no more is read than is sent. */
  async function endOfPage(consultation: string, after: number): Promise<number> {
    const sizes = await db
      .selectFrom('board_update')
      .select(['seq', sql<number | null>`length(bytes)`.as('size')])
      .where('consultation', '=', consultation)
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(MAX_PAGE_ROWS)
      .execute();
    let bytes = 0;
    let end = after;
    for (const { seq, size } of sizes) {
      bytes += size ?? 0;
      if (bytes > MAX_PAGE_BYTES && end > after) break;
      end = seq;
    }
    return end;
  }

  return {
    async page(consultation, after) {
      const end = await endOfPage(consultation, after);
      const rows = await db
        .selectFrom('board_update')
        .select(['seq', 'kind', 'card', 'person', 'at', 'bytes'])
        .where('consultation', '=', consultation)
        .where('seq', '>', after)
        .where('seq', '<=', end)
        .orderBy('seq')
        .execute();
      if (rows.some(({ seq }, index) => seq !== after + index + 1))
        throw new Error(`the board of ${consultation} is not whole after ${after}`);
      const copiesBySeq = await copiesBetween(db, consultation, after, end);
      const head = await db
        .selectFrom('board_head')
        .select('seq')
        .where('consultation', '=', consultation)
        .executeTakeFirst();
      return {
        rows: rows.map((row) => ({ ...row, copies: copiesBySeq.get(row.seq) ?? [] })),
        head: head?.seq ?? 0,
      };
    },
  };
}
