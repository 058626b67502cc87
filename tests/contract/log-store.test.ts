// One suite for every database that can keep the log.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../server/database/open.ts';
import { createLogStore, type LogStore } from '../../server/log/store.ts';
import { verifyStream } from '../../server/log/verify.ts';
import type { Actor, Envelope, NewEvent } from '../../shared/log/envelope.ts';
import { databases, type Place } from './databases.ts';

const alice: Actor = { person: 'alice', role: 'member', name: '钱益彰' };
const event = (n: number): NewEvent => ({
  type: 'test.happened',
  data: { n, nested: { 中文: '意见' } },
});
const request = (
  stream: string,
  expectedSeq: number,
  commandId: string,
  events = [event(expectedSeq + 1)],
) => ({
  stream,
  expectedSeq,
  events,
  actor: alice,
  at: 1_780_000_000_000,
  commandId,
});

describe.each(databases)('the log on %s', (_name, makePlace) => {
  let place: Place;
  let database: Database;
  let store: LogStore;

  beforeAll(async () => {
    place = await makePlace();
    database = await place.open();
    store = createLogStore(database);
  });

  afterAll(async () => {
    await database.close();
    await place.remove();
  });

  test('[LOG2] events are numbered from 1 without a gap, and read back as they were written', async () => {
    await store.append(request('a', 0, 'c1', [event(1), event(2)]));
    await store.append(request('a', 2, 'c2'));
    const events = await store.read('a', 0);
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(events[2]).toMatchObject({
      ...event(3),
      actor: alice,
      at: 1_780_000_000_000,
      commandId: 'c2',
    });
    expect((await store.read('a', 1, 1)).map(({ seq }) => seq)).toEqual([2]);
    expect(await store.head('a')).toBe(3);
    expect(await store.head('nothing')).toBe(0);
  });

  test('[LOG2] whoever expects another sequence than the stream has loses, and writes nothing', async () => {
    await store.append(request('b', 0, 'c1'));
    expect(await store.append(request('b', 0, 'c2'))).toEqual({ conflict: true });
    expect(await store.append(request('b', 5, 'c3'))).toEqual({ conflict: true });
    expect(await store.head('b')).toBe(1);
    expect(await store.receipt('b', 'c2')).toBeUndefined();
  });

  test('[LOG2] of many that expect the same sequence at once, one wins', async () => {
    await store.append(request('race', 0, 'first'));
    const writers = Array.from({ length: 20 }, (_, n) => store.append(request('race', 1, `w${n}`)));
    const results = await Promise.all(writers);
    expect(results.filter((result) => 'appended' in result)).toHaveLength(1);
    expect(await store.head('race')).toBe(2);
  });

  test('[LOG4] a command id takes effect once, and its receipt says what became of it', async () => {
    await store.append(request('once', 0, 'c1'));
    const again = await store.append(request('once', 1, 'c1'));
    expect(again).toEqual({ duplicate: { actor: 'alice', seq: 1 } });
    await store.append(request('once', 1, 'empty', []));
    expect(await store.receipt('once', 'empty')).toEqual({ actor: 'alice', seq: 1 });
    expect(await store.head('once')).toBe(1);
  });

  test('[LOG5] what is written within an append is there together with it, or not at all', async () => {
    const person = { id: 'p-within', name: '同', created_at: 1 };
    const lost = await store.append({
      ...request('within', 0, 'c1'),
      within: async () => 'conflict',
    });
    expect(lost).toEqual({ conflict: true });
    expect(await store.head('within')).toBe(0);
    await expect(
      store.append({
        ...request('within', 0, 'c1'),
        within: async (trx) => {
          await trx.insertInto('person').values(person).execute();
          throw new Error('the power went');
        },
      }),
    ).rejects.toThrow('the power went');
    const people = await database.sql
      .selectFrom('person')
      .where('id', '=', person.id)
      .selectAll()
      .execute();
    expect(people).toEqual([]);
    expect(await store.head('within')).toBe(0);
  });

  test('a job that fails takes none of its group with it', async () => {
    const failing = store.append({
      ...request('group-1', 0, 'c'),
      within: () => Promise.reject(new Error('no')),
    });
    const others = [2, 3, 4].map((n) => store.append(request(`group-${n}`, 0, 'c')));
    await expect(failing).rejects.toThrow('no');
    for (const result of await Promise.all(others)) expect(result).toHaveProperty('appended');
    expect(await store.head('group-1')).toBe(0);
  });

  test('[LOG7] a guest’s words are apart from the chain: erased, they are gone and the chain is whole', async () => {
    const words = { ...event(1), personal: { subject: 'g_1', text: '我的意见' } };
    await store.append(request('guests', 0, 'c1', [words, event(2)]));
    expect((await store.read('guests', 0))[0]!.personal).toEqual(words.personal);
    const raw = await database.sql
      .selectFrom('event')
      .selectAll()
      .where('stream', '=', 'guests')
      .execute();
    expect(JSON.stringify(raw)).not.toContain('我的意见');
    expect(await store.erase('g_1')).toBe(1);
    expect((await store.read('guests', 0))[0]).not.toHaveProperty('personal');
    expect(await verifyStream(store.envelopes('guests'))).toMatchObject({ whole: true, events: 2 });
  });

  test('[LOG3] verify names the first event that was altered, is missing, or stands elsewhere', async () => {
    for (let n = 0; n < 6; n += 1) await store.append(request('chain', n, `c${n}`));
    expect(await verifyStream(store.envelopes('chain'))).toMatchObject({ whole: true, events: 6 });
    const all: Envelope[] = [];
    for await (const envelope of store.envelopes('chain')) all.push(envelope);
    const altered = all.map((one) => (one.seq === 4 ? { ...one, data: { n: 99 } } : one));
    expect(await verifyStream(altered)).toEqual({ whole: false, seq: 4, fault: 'altered' });
    const missing = all.filter(({ seq }) => seq !== 3);
    expect(await verifyStream(missing)).toEqual({ whole: false, seq: 3, fault: 'missing' });
    const swapped = [all[0]!, all[1]!, all[3]!, all[2]!];
    expect(await verifyStream(swapped)).toMatchObject({ whole: false, seq: 3 });
    const foreign = all.map((one) =>
      one.seq === 2 ? { ...one, actor: { ...alice, name: '别人' } } : one,
    );
    expect(await verifyStream(foreign)).toEqual({ whole: false, seq: 2, fault: 'altered' });
  });

  test('reads the events of some types alone, and says how far each stream has come', async () => {
    const kinds = ['a', 'b', 'a', 'c', 'a'].map((type, n) => ({ type, data: { n } }));
    await store.append(request('kinds', 0, 'c1', kinds));
    const seqs = async (after: number, limit: number) =>
      (await store.read('kinds', after, limit, ['a', 'c'])).map(({ seq }) => seq);
    expect(await seqs(0, 10)).toEqual([1, 3, 4, 5]);
    expect(await seqs(1, 2)).toEqual([3, 4]);
    await store.append(request('kinds-2', 0, 'c1'));
    expect(await store.heads('kinds-', 5)).toContainEqual({ stream: 'kinds-2', seq: 1 });
    expect(await store.heads('kinds', 1)).toHaveLength(1);
    expect(await store.heads('kinds', 5)).not.toContainEqual({ stream: 'kinds', seq: 5 });
  });

  test('NUL in a text is dropped on both databases alike', async () => {
    await store.append(request('nul', 0, 'c1', [{ type: 't', data: { text: 'a\0b' } }]));
    expect((await store.read('nul', 0))[0]!.data).toEqual({ text: 'ab' });
  });

  test('[LOG1] everything is there after closing and opening again, and appending goes on', async () => {
    await store.append(request('reopen', 0, 'c1'));
    await database.close();
    database = await place.open();
    store = createLogStore(database);
    await store.append(request('reopen', 1, 'c2'));
    expect(await verifyStream(store.envelopes('reopen'))).toMatchObject({ whole: true, events: 2 });
  });
});
