// One suite for every database that can keep pictures and what of them has come so far.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../server/database/open.ts';
import {
  dropUse,
  isUsedIn,
  keepPicture,
  noteBack,
  noteGone,
  pictureBytes,
  picturesUsedIn,
  useOf,
  usesGoneBefore,
} from '../../server/files/picture-store.ts';
import {
  addChunk,
  bytesOfUpload,
  finishUpload,
  insertUpload,
  removeForgotten,
  uploadById,
  usageSince,
  wholeUploads,
} from '../../server/files/upload-store.ts';
import { databases, type Place } from './databases.ts';

const at = 1_780_000_000_000;
const bytes = (...values: number[]) => Uint8Array.from(values);

describe.each(databases)('pictures on %s', (_name, makePlace) => {
  let place: Place;
  let database: Database;
  beforeAll(async () => {
    place = await makePlace();
    database = await place.open();
  });
  afterAll(async () => {
    await database.close();
    await place.remove();
  });

  const begin = (id: string, size = 5, more: { person?: string; at?: number } = {}) =>
    database.commit((trx) =>
      insertUpload(trx, {
        id,
        consultation: 'c1',
        card: 'card',
        person: more.person ?? `${id}-owner`,
        size,
        received: 0,
        created_at: more.at ?? at,
        touched_at: more.at ?? at,
        outcome: null,
      }),
    );
  const add = (id: string, start: number, ...values: number[]) =>
    database.commit((trx) => addChunk(trx, { id, start, bytes: bytes(...values), at: at + start }));
  const received = async (id: string) => (await uploadById(database.sql, id))?.received;

  test('[PIC8] chunks follow on one another, each byte is taken once, and none beyond the end', async () => {
    await begin('u1');
    expect(await add('u1', 0, 1, 2)).toBe('done');
    expect(await add('u1', 0, 9, 9)).toBe('conflict');
    expect(await add('u1', 3, 9)).toBe('conflict');
    expect(await add('u1', 2, 3, 4, 5, 6)).toBe('conflict');
    expect(await add('u1', 2, 0, 255, 5)).toBe('done');
    expect(await received('u1')).toBe(5);
    expect([...(await bytesOfUpload(database.sql, 'u1'))]).toEqual([1, 2, 0, 255, 5]);
    expect(await add('nobody', 0, 1)).toBe('conflict');
  });

  test('[PIC8] of several that bring the same piece at once, one is taken', async () => {
    await begin('race');
    const results = await Promise.all([1, 2, 3, 4].map((value) => add('race', 0, value)));
    expect(results.filter((result) => result === 'done')).toHaveLength(1);
    expect(await received('race')).toBe(1);
  });

  test('what became of it is kept; its bytes are not, and no more are taken', async () => {
    await begin('done', 2);
    await add('done', 0, 1, 2);
    expect((await wholeUploads(database.sql, at + 1)).map(({ id }) => id)).toContain('done');
    await database.commit((trx) => finishUpload(trx, { id: 'done', outcome: 'p1', at: at + 9 }));
    expect(await uploadById(database.sql, 'done')).toMatchObject({
      outcome: 'p1',
      touched_at: at + 9,
    });
    expect(await bytesOfUpload(database.sql, 'done')).toHaveLength(0);
    expect((await wholeUploads(database.sql, at + 99)).map(({ id }) => id)).not.toContain('done');
    expect(await add('done', 2, 1)).toBe('conflict');
  });

  test('[PIC11] what one asked for lately is added up; what is forgotten goes with its bytes', async () => {
    for (const [id, when] of [
      ['a1', at - 100],
      ['a2', at],
      ['a3', at + 1],
    ] as const)
      await begin(id, 10, { person: 'alice', at: when });
    await add('a2', 0, 1);
    expect(await usageSince(database.sql, 'alice', at - 1)).toEqual({
      bytes: 20,
      uploads: 2,
      open: 3,
    });
    await database.commit((trx) => removeForgotten(trx, { empty: at - 50, partial: at - 1_000 }));
    expect(await uploadById(database.sql, 'a1')).toBeUndefined();
    expect(await uploadById(database.sql, 'a3')).toBeDefined();
    await database.commit((trx) => removeForgotten(trx, { empty: at - 50, partial: at + 1 }));
    expect(await uploadById(database.sql, 'a2')).toBeUndefined();
    expect(await bytesOfUpload(database.sql, 'a2')).toHaveLength(0);
  });

  const keep = (consultation: string, card: string, picture: string, when = at) =>
    database.commit((trx) =>
      keepPicture(
        trx,
        { id: picture, width: 4, height: 3, bytes: bytes(1, 0, 255), thumb: bytes(7), at: when },
        { consultation, card, picture, person: 'alice', at: when, gone_at: null },
      ),
    );
  const drop = (consultation: string, card: string, picture: string, when = at) =>
    database.commit((trx) => dropUse(trx, { consultation, card, picture, at: when }));

  test('[PIC2] a picture is kept once, known where it is used, and gone with its last use', async () => {
    await keep('one', 'card', 'p');
    await keep('two', 'card', 'p');
    await keep('two', 'card', 'p', at + 5);
    const { count } = await database.sql
      .selectFrom('picture')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('id', '=', 'p')
      .executeTakeFirstOrThrow();
    expect(Number(count)).toBe(1);
    expect([...((await pictureBytes(database.sql, 'p', 'whole')) ?? [])]).toEqual([1, 0, 255]);
    expect([...((await pictureBytes(database.sql, 'p', 'thumb')) ?? [])]).toEqual([7]);
    expect(await isUsedIn(database.sql, 'one', 'p')).toBe(true);
    expect(await isUsedIn(database.sql, 'three', 'p')).toBe(false);
    expect(await picturesUsedIn(database.sql, 'two')).toBe(1);
    await drop('one', 'card', 'p');
    expect(await isUsedIn(database.sql, 'one', 'p')).toBe(false);
    expect(await pictureBytes(database.sql, 'p', 'whole')).toBeDefined();
    // put there anew meanwhile: it is another use
    await drop('two', 'card', 'p', at);
    expect(await isUsedIn(database.sql, 'two', 'p')).toBe(true);
    await drop('two', 'card', 'p', at + 5);
    expect(await pictureBytes(database.sql, 'p', 'whole')).toBeUndefined();
  });

  test('[PIC12] a removed card’s pictures are noted, and taken back when it comes back', async () => {
    await keep('gone', 'card', 'q');
    await keep('gone', 'other', 'q');
    await database.commit((trx) =>
      noteGone(trx, { consultation: 'gone', cards: ['card', 'x'], at }),
    );
    const gone = await usesGoneBefore(database.sql, at + 1);
    expect(gone.map(({ card }) => card)).toEqual(['card']);
    expect(await usesGoneBefore(database.sql, at)).toEqual([]);
    await database.commit((trx) => noteBack(trx, gone[0]!));
    expect(await usesGoneBefore(database.sql, at + 1)).toEqual([]);
    expect((await useOf(database.sql, gone[0]!))?.gone_at).toBeNull();
  });
});
