import type { Copy } from '../../shared/board/authorship.ts';
import type { Trx } from '../database/group-commit.ts';
import type { Database } from '../database/open.ts';
import type { AppendRequest } from './update-store.ts';

const AT_ONCE = 500;

/** What the rows of an append bring back, with them or not at all. */
export async function keepCopies(
  trx: Trx,
  { consultation, expectedSeq, updates }: AppendRequest,
): Promise<void> {
  const copies = updates.flatMap(({ copies: made = [] }, index) =>
    made.map(({ client, clock, length, of }) => ({
      consultation,
      seq: expectedSeq + index + 1,
      client_id: client,
      clock,
      length,
      of_client: of.client,
      of_clock: of.clock,
    })),
  );
  for (let start = 0; start < copies.length; start += AT_ONCE) {
    await trx
      .insertInto('board_copy')
      .values(copies.slice(start, start + AT_ONCE))
      .execute();
  }
}

/** By the number of their row. */
export async function copiesBetween(
  sql: Database['sql'],
  consultation: string,
  after: number,
  end: number,
): Promise<Map<number, Copy[]>> {
  const found = await sql
    .selectFrom('board_copy')
    .selectAll()
    .where('consultation', '=', consultation)
    .where('seq', '>', after)
    .where('seq', '<=', end)
    .execute();
  const copiesBySeq = new Map<number, Copy[]>();
  for (const { seq, client_id: client, clock, length, of_client, of_clock } of found) {
    const copy = { client, clock, length, of: { client: of_client, clock: of_clock } };
    copiesBySeq.set(seq, [...(copiesBySeq.get(seq) ?? []), copy]);
  }
  return copiesBySeq;
}
