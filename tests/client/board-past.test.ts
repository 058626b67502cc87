import { afterEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { BoardPast } from '../../client/board/history/board-past.ts';
import type { HistoryRow } from '../../shared/board/history-page.ts';
import { readHistoryPage, writeHistoryPage } from '../../shared/board/history-page.ts';
import { restoreCard } from '../../shared/board/restore-card.ts';
import {
  addCard,
  addLane,
  cardBody,
  cardsOf,
  lanesOf,
  moveCard,
  removeCard,
} from '../../shared/board/schema.ts';

const minute = 60_000;

/** Rows as the server keeps them, and what the board was after each. */
class Told {
  readonly doc = new Y.Doc();
  readonly rows: HistoryRow[] = [];
  readonly looks: unknown[] = [look(this.doc)];
  now = 1_780_000_000_000;

  act(person: string, change: (doc: Y.Doc) => void): void {
    const updates: Uint8Array[] = [];
    const note = (update: Uint8Array) => void updates.push(update);
    this.doc.on('update', note);
    this.doc.clientID = person.charCodeAt(0);
    this.doc.transact(() => change(this.doc));
    this.doc.off('update', note);
    for (const bytes of updates) this.#row({ kind: 'update', card: null, person, bytes });
  }

  table(card: string): void {
    this.#row({ kind: 'tabled', card, person: '', bytes: null });
  }

  #row(row: Pick<HistoryRow, 'kind' | 'card' | 'person' | 'bytes'>): void {
    this.now += 1_000;
    this.rows.push({ ...row, seq: this.rows.length + 1, at: this.now, copies: [] });
    this.looks.push(look(this.doc));
  }
}

const look = (doc: Y.Doc) => [cardsOf(doc).toJSON(), lanesOf(doc).toJSON()];
const put = (card: string, at: number, text: string) => (doc: Y.Doc) =>
  cardBody(doc, card)!.insert(at, text);

function meeting(): Told {
  const told = new Told();
  told.act('system', (doc) => addLane(doc, { id: 'l1', title: '普通', kind: 'common' }));
  told.act('alice', (doc) => addCard(doc, { id: 'a', lane: 'l1', author: 'alice', createdAt: 1 }));
  for (const [n, letter] of [...'甲乙丙'].entries()) told.act('alice', put('a', n, letter));
  told.act('bob', (doc) =>
    addCard(doc, { id: 'b', lane: 'l1', author: 'bob', text: '天', createdAt: 2 }),
  );
  told.act('bob', put('a', 1, '子'));
  told.act('alice', put('a', 4, '丁'));
  told.act('bob', put('a', 2, '丑'));
  told.now += 5 * minute;
  told.act('bob', put('a', 3, '寅'));
  told.act('alice', (doc) => moveCard(doc, 'a', 'l1', 'a5'));
  told.act('bob', (doc) => removeCard(doc, 'b'));
  told.table('a');
  return told;
}

let past: BoardPast;
afterEach(() => past.destroy());
async function learned({ rows }: Told, pages = 1, sliceMs?: number): Promise<BoardPast> {
  past = new BoardPast(sliceMs);
  const size = Math.ceil(rows.length / pages);
  for (let start = 0; start < rows.length; start += size)
    await past.learn(rows.slice(start, start + size), rows.length);
  return past;
}
const seek = (seq: number) => past.seek(seq, () => undefined);

test('[HIS2] forward, backward and across, the board is what it was', async () => {
  const told = meeting();
  await learned(told, 3);
  for (const seq of [13, 0, 5, 6, 4, 12, 1, 13, 2]) {
    expect(await seek(seq)).toBe(true);
    expect(look(past.doc)).toEqual(told.looks[seq]);
  }
});

test('[HIS2] a long past goes back by its checkpoints', async () => {
  const told = meeting();
  for (let n = 0; n < 1_200; n += 1) told.act('carl', put('a', 0, String(n % 10)));
  await learned(told, 2);
  for (const seq of [told.rows.length, 700, 701, 260, 1_199, 3]) {
    await seek(seq);
    expect(look(past.doc)).toEqual(told.looks[seq]);
  }
});

test('[HIS2] of two seeks the later one counts', async () => {
  const told = meeting();
  await learned(told, 1, 0); // a turn after every row
  const [first, second] = await Promise.all([seek(12), seek(7)]);
  expect([first, second]).toEqual([false, true]);
  expect(look(past.doc)).toEqual(told.looks[7]);
});

test('what one person writes on in one card within a minute is one step', async () => {
  await learned(meeting());
  const steps = past.steps.map(({ kind, person, card, seq }) =>
    [seq, person, kind, card].filter(Boolean).join(' '),
  );
  expect(steps).toEqual([
    '1 system lanes',
    '5 alice made a',
    '6 bob made b',
    '7 bob written a',
    '8 alice written a',
    '9 bob written a',
    '10 bob written a',
    '11 alice moved a',
    '12 bob removed b',
    '13 tabled a',
  ]);
  expect(past.stepsOf('b').map(({ kind }) => kind)).toEqual(['made', 'removed']);
  expect(past.tabledAt.get('a')).toBe(13);
});

test('[HIS1] who wrote what is told for every moment', async () => {
  await learned(meeting());
  const said = async (seq: number) => {
    await seek(seq);
    return past.authorsOf('a').map(({ person, text }) => `${person}:${text}`);
  };
  expect(await said(5)).toEqual(['alice:甲乙丙']);
  expect(await said(9)).toEqual(['alice:甲', 'bob:子丑', 'alice:乙丙丁']);
  expect(await said(3)).toEqual(['alice:甲']);
});

test('[HIS3] a deleted card is listed with its last text, until it is back', async () => {
  const told = meeting();
  await learned(told);
  expect([...past.removed.values()]).toMatchObject([
    { id: 'b', seq: 11, author: 'bob', text: '天', by: 'bob' },
  ]);
  await seek(11);
  told.act('mona', (doc) => {
    const was = new Y.Doc();
    for (const { bytes, seq } of told.rows) if (bytes && seq < 12) Y.applyUpdate(was, bytes);
    restoreCard(doc, was, 'b', { originsOf: ({ text, ...id }) => [...text].map(() => id) });
  });
  await past.learn(told.rows.slice(13), 14);
  expect(past.removed.size).toBe(0);
  expect(past.steps.at(-1)).toMatchObject({ kind: 'restored', person: 'mona', card: 'b' });
});

test('[HIS2] a page says on the other side what was written on it', () => {
  const { rows } = meeting();
  const copies = [{ client: 2 ** 32 - 1, clock: 1, length: 2, of: { client: 3, clock: 2 ** 40 } }];
  const page = { head: 99, rows: rows.map((row, n) => (n === 3 ? { ...row, copies } : row)) };
  const names = { alice: '艾委员', bob: '白委员' };
  expect(readHistoryPage(writeHistoryPage(page, names))).toEqual({ ...page, names });
  expect(() => readHistoryPage(Uint8Array.from([7, 1]))).toThrow();
});
