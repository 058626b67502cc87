// One suite for every database that can keep the boards.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPastStore, MAX_PAGE_BYTES } from '../../server/board/past-store.ts';
import { createUpdateStore, type UpdateStore } from '../../server/board/update-store.ts';
import type { Database } from '../../server/database/open.ts';
import { databases, type Place } from './databases.ts';

const at = 1_780_000_000_000;
const bytes = (...values: number[]) => Uint8Array.from(values);
const update = (n: number, person = 'alice') => ({ person, at: at + n, bytes: bytes(n, 0, 255) });
const noLeases = new Map<number, string>();

describe.each(databases)('the boards on %s', (_name, makePlace) => {
  let place: Place;
  let database: Database;
  let store: UpdateStore;

  beforeAll(async () => {
    place = await makePlace();
    database = await place.open();
    store = createUpdateStore(database);
  });
  afterAll(async () => {
    await database.close();
    await place.remove();
  });

  const append = (
    consultation: string,
    expectedSeq: number,
    count = 1,
    leases: ReadonlyMap<number, string> = noLeases,
  ) => {
    const updates = Array.from({ length: count }, (_, n) => update(expectedSeq + n + 1));
    return store.append({ consultation, expectedSeq, updates, leases });
  };

  test('a board that nobody wrote on is empty, and leaves no trace', async () => {
    expect(await store.load('new')).toEqual({
      epoch: 1,
      snapshot: undefined,
      rows: [],
      tabled: new Set(),
      leases: new Map(),
    });
    expect((await store.headOf(['new', 'other'])).size).toBe(0);
  });

  test('[BRD1] updates are numbered from 1 without a gap, and read back byte by byte', async () => {
    expect(await append('a', 0, 2)).toEqual({ seq: 2 });
    expect(await append('a', 2)).toEqual({ seq: 3 });
    const rows = await store.after('a', 0);
    expect(rows.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(rows[2]).toMatchObject({ kind: 'update', card: null, person: 'alice', at: at + 3 });
    expect([...rows[2]!.bytes!]).toEqual([3, 0, 255]);
    expect((await store.after('a', 2)).map(({ seq }) => seq)).toEqual([3]);
    expect(await store.headOf(['a', 'b'])).toEqual(new Map([['a', 3]]));
  });

  test('whoever expects another sequence than the board has loses, and writes nothing', async () => {
    await append('b', 0);
    expect(await append('b', 0)).toEqual({ conflict: true });
    expect(await append('b', 7)).toEqual({ conflict: true });
    expect(await append('never', 3)).toEqual({ conflict: true });
    expect(await store.after('b', 0)).toHaveLength(1);
  });

  test('of many that expect the same sequence at once, one wins', async () => {
    const results = await Promise.all(Array.from({ length: 20 }, () => append('race', 0)));
    expect(results.filter((result) => 'seq' in result)).toHaveLength(1);
    expect(await store.after('race', 0)).toHaveLength(1);
  });

  test('[BRD12] a client id is the first person’s who shows it, by a write or without', async () => {
    expect(await append('leases', 0, 1, new Map([[4_294_967_295, 'alice']]))).toEqual({ seq: 1 });
    expect(await store.lease('leases', 7, 'bob')).toBe('bob');
    expect(await store.lease('leases', 7, 'alice')).toBe('bob');
    const claimed = new Map([
      [7, 'alice'],
      [8, 'alice'],
    ]);
    expect(await append('leases', 1, 1, claimed)).toEqual({ foreign: new Map([[7, 'bob']]) });
    expect(await store.after('leases', 1)).toEqual([]);
    const { leases } = await store.load('leases');
    expect(leases.get(4_294_967_295)).toBe('alice');
    expect(await store.lease('other board', 7, 'alice')).toBe('alice');
  });

  test('[BRD9] tabling takes the next number, or none', async () => {
    await append('tabling', 0);
    const table = (expectedSeq: number) =>
      database.commit(store.tabling('tabling', expectedSeq, ['c1'], at));
    expect(await table(0)).toBe('conflict');
    expect(await table(1)).toBe('done');
    expect(await append('tabling', 1)).toEqual({ conflict: true });
    expect(await append('tabling', 2)).toEqual({ seq: 3 });
    expect((await store.after('tabling', 1))[0]).toMatchObject({
      seq: 2,
      kind: 'tabled',
      card: 'c1',
    });
    expect((await store.load('tabling')).tabled).toEqual(new Set(['c1']));
  });

  test('[BRD9] [OPN9] cards tabled together take a number each, all of them or none', async () => {
    await append('together', 0);
    const table = (expectedSeq: number) =>
      database.commit(store.tabling('together', expectedSeq, ['root', 'm1', 'm2'], at));
    expect(await table(0)).toBe('conflict');
    expect((await store.load('together')).tabled.size).toBe(0);
    expect(await table(1)).toBe('done');
    expect(
      (await store.after('together', 1)).map(({ seq, kind, card }) => [seq, kind, card]),
    ).toEqual([
      [2, 'tabled', 'root'],
      [3, 'tabled', 'm1'],
      [4, 'tabled', 'm2'],
    ]);
    expect((await store.load('together')).tabled).toEqual(new Set(['root', 'm1', 'm2']));
    expect(await append('together', 4)).toEqual({ seq: 5 });
  });

  test('[BRD9] a tabling undone with its transaction takes no number', async () => {
    const undone = database.commit(async (trx) => {
      await store.tabling('undone', 0, ['c1'], at)(trx);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await append('undone', 0)).toEqual({ seq: 1 });
    expect((await store.load('undone')).tabled.size).toBe(0);
  });

  test('a load takes the latest snapshot and what came after it; an older one replaces nothing', async () => {
    await append('snap', 0, 5);
    await store.keepSnapshot('snap', 4, bytes(4));
    await store.keepSnapshot('snap', 2, bytes(2));
    const { snapshot, rows } = await store.load('snap');
    expect([snapshot?.seq, [...(snapshot?.bytes ?? [])]]).toEqual([4, [4]]);
    expect(rows.map(({ seq }) => seq)).toEqual([5]);
    expect(await store.after('snap', 0)).toHaveLength(5);
  });

  test('[BRD8] a missing number is a fault', async () => {
    await append('holes', 0, 3);
    await database.sql
      .deleteFrom('board_update')
      .where('consultation', '=', 'holes')
      .where('seq', '=', 2)
      .execute();
    await expect(store.load('holes')).rejects.toThrow('update 2 of board holes is missing');
  });

  test('[HIS2] the past is read in pages of a size, each going on where the last ended', async () => {
    const past = createPastStore(database);
    const big = new Uint8Array(MAX_PAGE_BYTES / 2 - 1);
    const sizes = [bytes(1), big, big, bytes(4, 4), new Uint8Array(MAX_PAGE_BYTES + 5), bytes(6)];
    const updates = sizes.map((each, n) => ({ person: 'alice', at: at + n, bytes: each }));
    await store.append({ consultation: 'past', expectedSeq: 0, updates, leases: noLeases });
    const pages: number[][] = [];
    for (let after = 0; after < 6;) {
      const { rows, head } = await past.page('past', after);
      expect(head).toBe(6);
      pages.push(rows.map(({ seq }) => seq));
      after = rows.at(-1)!.seq;
    }
    expect(pages).toEqual([[1, 2, 3], [4], [5], [6]]);
    expect(await past.page('past', 6)).toEqual({ rows: [], head: 6 });
    expect((await past.page('past', 0)).rows[0]).toEqual({
      ...{ seq: 1, kind: 'update', card: null, person: 'alice', at, copies: [] },
      bytes: Buffer.from([1]),
    });
  });

  test('[HIS1] what a row brought back is kept with it, or not at all', async () => {
    const past = createPastStore(database);
    const copies = [
      { client: 4_294_967_295, clock: 3, length: 2, of: { client: 7, clock: 2 ** 40 } },
      { client: 4_294_967_295, clock: 5, length: 1, of: { client: 8, clock: 0 } },
    ];
    const request = {
      consultation: 'copies',
      updates: [update(1), { ...update(2), copies }],
      leases: noLeases,
    };
    expect(await store.append({ ...request, expectedSeq: 3 })).toEqual({ conflict: true });
    expect(await store.append({ ...request, expectedSeq: 0 })).toEqual({ seq: 2 });
    expect((await past.page('copies', 0)).rows.map((row) => row.copies)).toEqual([[], copies]);
    expect((await past.page('copies', 1)).rows.map((row) => row.copies)).toEqual([copies]);
  });

  test('more updates than one statement takes are one append', async () => {
    expect(await append('many', 0, 1_300)).toEqual({ seq: 1_300 });
    expect(await store.after('many', 1_200)).toHaveLength(100);
  });

  test('[BRD1] everything is there after closing and opening again', async () => {
    await append('reopen', 0, 2, new Map([[5, 'alice']]));
    await database.close();
    database = await place.open();
    store = createUpdateStore(database);
    expect((await store.load('reopen')).rows).toHaveLength(2);
    expect(await append('reopen', 2)).toEqual({ seq: 3 });
  });
});
