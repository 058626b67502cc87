import { setImmediate as nextTurn } from 'node:timers/promises';
import * as Y from 'yjs';
import type { HistoryRow } from '../../shared/board/history-page.ts';
import { cardsOf, lanesOf } from '../../shared/board/schema.ts';
import type { PastStore } from './past-store.ts';

/** So long, in milliseconds, and then everybody else has a turn. */
const SLICE_MS = 8;
const ROWS_AT_ONCE = 20;

/** Every row after a sequence up to another, read and worked on in slices. False: the board doesn't go that far. */
export async function everyRow(
  store: PastStore,
  consultation: string,
  { after, upTo }: { readonly after: number; readonly upTo: number },
  work: (rows: readonly HistoryRow[]) => void,
): Promise<boolean> {
  for (let seq = after; seq < upTo;) {
    const page = await store.page(consultation, seq);
    const rows = page.rows.filter((row) => row.seq <= upTo);
    const last = rows.at(-1);
    if (!last) return false;
    let begun = performance.now();
    for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
      work(rows.slice(start, start + ROWS_AT_ONCE));
      if (performance.now() - begun < SLICE_MS) continue;
      await nextTurn();
      begun = performance.now();
    }
    seq = last.seq;
  }
  return true;
}

/** The board as it was at a number of its sequence; `undefined` when it doesn't go that far. */
export async function replay(
  store: PastStore,
  consultation: string,
  upTo: number,
): Promise<Y.Doc | undefined> {
  const doc = new Y.Doc();
  cardsOf(doc);
  lanesOf(doc);
  const whole = await everyRow(store, consultation, { after: 0, upTo }, (rows) =>
    doc.transact(() => {
      for (const { bytes } of rows) if (bytes) Y.applyUpdate(doc, bytes);
    }),
  );
  if (whole) return doc;
  doc.destroy();
  return undefined;
}
