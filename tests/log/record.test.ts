import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { streamOf, type ConsultationRecord, type WithDraft } from '../../server/log/record.ts';
import { alice, bob, carol, dan, guest, mona } from '../shared/consultation/meeting.ts';
import { create, recordOnDisk, send, underWay, type RecordOnDisk } from './record-on-disk.ts';

let place: RecordOnDisk;
let record: ConsultationRecord;
const stored = () => place.store.read(streamOf('m1'), 0);
const refused = (code: string) => ({ refused: expect.objectContaining({ code }) as unknown });

beforeEach(async () => {
  place = await recordOnDisk();
  record = place.node();
});

afterEach(() => place.close());

test('[LOG4] a retry gets the first answer, even where the command would now be refused', async () => {
  await underWay(record);
  const first = await send(record, alice, 'floor.raise', {}, 'id-1');
  const seq = await place.store.head(streamOf('m1'));
  expect(first).toEqual({ ok: true, seq });
  await send(record, mona, 'floor.next');
  expect(await send(record, alice, 'floor.raise', {}, 'id-1')).toEqual(first);
  expect(await send(place.node(), alice, 'floor.raise', {}, 'id-1')).toEqual(first);
});

test('[LOG4] the same id sent twice at once takes effect once', async () => {
  await underWay(record);
  const other = place.node();
  const answers = await Promise.all(
    [record, record, other, record].map((node) => send(node, alice, 'floor.raise', {}, 'id-1')),
  );
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect((await stored()).filter(({ commandId }) => commandId === 'id-1')).toHaveLength(1);
});

test('[LOG4] another person’s use of an id is refused', async () => {
  await underWay(record);
  await send(record, alice, 'floor.raise', {}, 'id-1');
  expect(await send(record, bob, 'floor.raise', {}, 'id-1')).toEqual(refused('conflict'));
});

test('[CMD4] a refused command may be tried again under its id', async () => {
  await underWay(record);
  expect(await send(record, alice, 'floor.withdraw', {}, 'id-2')).toEqual(refused('not_found'));
  await send(record, alice, 'floor.raise');
  expect(await send(record, alice, 'floor.withdraw', {}, 'id-2')).toHaveProperty('ok');
});

test.each([
  ['an unknown command', 'floor.dance', {}, 'unknown_command', 'type'],
  ['a name of Object’s', 'constructor', {}, 'unknown_command', 'type'],
  ['a body that is no object', 'floor.raise', 'x', 'invalid', undefined],
  ['a body that is a list', 'floor.raise', [], 'invalid', undefined],
  ['a member of a wrong type', 'agenda.extend', { minutes: '5' }, 'invalid', 'minutes'],
  ['a missing member', 'opinion.assign', { lead: 'dan' }, 'invalid', 'opinion'],
  [
    'a member deep inside',
    'response.record',
    { opinion: 'o', text: 't', stance: 'adopt', commitments: [{ what: '办' }] },
    'invalid',
    'commitments.0.officer',
  ],
  [
    'a text that is too long',
    'submission.send',
    { text: 'x'.repeat(2_001), consent: true },
    'invalid',
    'text',
  ],
])('[CMD1] %s is refused and changes nothing', async (_what, type, data, code, field) => {
  await underWay(record);
  const before = await place.store.head(streamOf('m1'));
  const answer = await send(record, mona, type, data);
  expect(answer).toEqual({ refused: field === undefined ? { code } : { code, field } });
  expect(await place.store.head(streamOf('m1'))).toBe(before);
});

test.each(['constructor', '__proto__', 'toString'])(
  '[CMD1] what every object has is not something to act on: %s',
  async (name) => {
    await underWay(record);
    const support = { opinion: name, on: true };
    expect(await send(record, bob, 'opinion.support', support)).toEqual(refused('not_found'));
    const confirm = { response: name };
    expect(await send(record, dan, 'response.confirm', confirm)).toEqual(refused('not_found'));
    const hand = { person: name };
    expect(await send(record, mona, 'floor.raise', hand)).toEqual(refused('not_found'));
  },
);

test('[CMD1] members that a command does not name are dropped, `__proto__` too', async () => {
  await underWay(record);
  const text = '{"kind":"speech","__proto__":{"polluted":1},"person":"alice","more":2}';
  await send(record, alice, 'floor.raise', JSON.parse(text));
  expect((await stored()).at(-1)!.data).toEqual({ person: 'alice', kind: 'speech' });
});

test('[LOG6] text that no database can hold is kept as it was served', async () => {
  await underWay(record);
  await send(record, guest, 'submission.send', { text: '前\0半\ud83d后', consent: true }, 'odd');
  const { state } = (await record.open('m1'))!;
  expect(state.submissions['odd']!.text).toBe('前半\ufffd后');
  expect((await place.node().open('m1'))!.state).toEqual(state);
});

test('nobody finds what does not exist, and nothing is created twice', async () => {
  expect(await record.open('m1')).toBeUndefined();
  expect(await send(record, mona, 'consultation.open')).toEqual(refused('not_found'));
  expect(await create(record)).toEqual({ ok: true, seq: 1 });
  expect(await create(place.node())).toEqual({ ok: true, seq: 1 });
  expect(await stored()).toHaveLength(1);
});

test('[CMD3] commands sent together are decided one after another, in their order', async () => {
  await underWay(record);
  const answers = await Promise.all([
    send(record, alice, 'floor.raise'),
    send(record, alice, 'floor.raise'),
    send(record, mona, 'floor.next'),
    send(record, alice, 'floor.raise'),
  ]);
  const seq = await place.store.head(streamOf('m1'));
  // the third also moves the big screen: two events
  expect(answers).toEqual([
    { ok: true, seq: seq - 2 },
    refused('already'),
    { ok: true, seq },
    refused('conflict'),
  ]);
});

test('[CMD3] two nodes on one store decide again after a lost race; nothing is lost or doubled', async () => {
  await underWay(record);
  const other = place.node();
  await other.open('m1');
  const people = [alice, bob, carol, dan, mona];
  const answers = await Promise.all(
    people.map((actor, index) => send(index % 2 ? record : other, actor, 'floor.raise')),
  );
  for (const answer of answers) expect(answer).toHaveProperty('ok');
  await Promise.all([record.refresh('m1'), other.refresh('m1')]);
  const [here, there] = [await record.open('m1'), await other.open('m1')];
  expect(here!.state).toEqual(there!.state);
  expect(here!.state.floor.hands).toHaveLength(people.length);
});

test('[CMD3] a node that has not heard of it yet looks before it refuses', async () => {
  await underWay(record);
  const other = place.node();
  await other.open('m1');
  await send(record, mona, 'consultation.pause');
  expect(await send(other, mona, 'consultation.resume')).toHaveProperty('ok');
});

test('[LIV4] who acts is asked of the state that the command is decided on', async () => {
  await underWay(record);
  const other = place.node();
  await other.open('m1');
  const asOnRoster = (to: ConsultationRecord, commandId: string) =>
    to.handle('m1', { commandId, type: 'floor.raise', data: {} }, ({ roster }) =>
      roster['alice'] ? alice : undefined,
    );
  const [removed, raised] = await Promise.all([
    send(record, mona, 'participant.remove', { person: 'alice' }),
    asOnRoster(record, 'late'),
  ]);
  expect(removed).toHaveProperty('ok');
  expect(raised).toEqual(refused('not_found'));
  expect(await asOnRoster(other, 'later')).toEqual(refused('not_found'));
  expect((await stored()).map(({ type }) => type)).not.toContain('floor.raised');
});

test('[CMD3] after five lost races the answer is `busy`, and a retry goes through', async () => {
  await underWay(record);
  let races = 0;
  let losing = true;
  const withDraft: WithDraft = (_consultation, card, table) => {
    const draft = { card, text: '一', textHash: '', author: 'alice', lane: 'l' };
    return table(draft, async () => {
      races += 1;
      return losing ? 'conflict' : 'done';
    });
  };
  const node = place.node({ withDraft });
  expect(await send(node, alice, 'opinion.table', { card: 'c' }, 't')).toEqual(refused('busy'));
  expect(races).toBe(5);
  losing = false;
  expect(await send(node, alice, 'opinion.table', { card: 'c' }, 't')).toHaveProperty('ok');
});

test('[BRD9] a tabling that loses the board’s race reads the draft again', async () => {
  await underWay(record);
  const texts = ['旧', '新'];
  const withDraft: WithDraft = (_consultation, card, table) => {
    const text = texts.shift()!;
    const draft = { card, text, textHash: '', author: 'alice', lane: 'l' };
    return table(draft, async () => (texts.length > 0 ? 'conflict' : 'done'));
  };
  await send(place.node({ withDraft }), alice, 'opinion.table', { card: 'c' });
  const tabled = (await stored()).filter(({ type }) => type === 'opinion.tabled');
  expect(tabled.map(({ data }) => data)).toEqual([expect.objectContaining({ text: '新', no: 1 })]);
});

test('[LOG5] projections are given the events and the state they lead to, in their transaction', async () => {
  const phases: string[] = [];
  const node = place.node({
    async project(trx, id, events, state) {
      phases.push(`${events.at(-1)!.type}: ${state.lifecycle.phase}`);
      await trx.insertInto('person').values({ id, name: '见证', created_at: 1 }).execute();
      if (id === 'm1') throw new Error('the projection failed');
    },
  });
  await expect(create(node)).rejects.toThrow('the projection failed');
  expect(phases).toEqual(['consultation.created: prepared']);
  expect(await place.database.sql.selectFrom('person').selectAll().execute()).toEqual([]);
  expect(await stored()).toEqual([]);
});

test('a command whose handling fails takes down none of those that were sent with it', async () => {
  await underWay(record);
  const node = place.node({
    project: async (_trx, _id, events) => {
      if (events.some(({ actor }) => actor.person === 'bob')) throw new Error('a fault');
    },
  });
  const [first, second, third] = await Promise.allSettled(
    [alice, bob, carol].map((actor) => send(node, actor, 'floor.raise')),
  );
  expect(first).toMatchObject({ status: 'fulfilled', value: { ok: true } });
  expect(second).toMatchObject({ status: 'rejected' });
  expect(third).toMatchObject({ status: 'fulfilled', value: { ok: true } });
  expect((await node.open('m1'))!.state.floor.hands.map(({ person }) => person)).toEqual([
    'alice',
    'carol',
  ]);
});

test('a full disk makes the room read-only, and it recovers by itself', async () => {
  await underWay(record);
  const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(place.database.sql);
  const limit = (pages: number) =>
    sql.raw(`pragma max_page_count = ${pages}`).execute(place.database.sql);
  const submission = { text: '字'.repeat(2_000), consent: true };
  await limit(rows[0]!.page_count);
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => send(record, guest, 'submission.send', submission)),
  );
  expect(answers).toContainEqual(refused('read_only'));
  await limit(100_000);
  expect(await send(record, guest, 'submission.send', submission)).toHaveProperty('ok');
  const events = await stored();
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
});

test('[LOG2] listeners hear each event once and in order, whichever node appended it', async () => {
  await underWay(record);
  const other = place.node();
  await other.open('m1');
  const heard: number[] = [];
  const stop = record.onAppended((_id, events) => heard.push(...events.map(({ seq }) => seq)));
  const from = (await record.open('m1'))!.state.seq;
  await send(other, alice, 'floor.raise');
  await send(other, bob, 'floor.raise');
  await Promise.all([record.refresh('m1', from + 2), record.refresh('m1'), record.refresh('m1')]);
  await send(record, mona, 'floor.next');
  await record.refresh('m1', from + 1);
  const to = (await record.open('m1'))!.state.seq;
  const between = Array.from({ length: to - from }, (_, index) => from + 1 + index);
  expect(heard).toEqual(between);
  stop();
  await send(record, alice, 'agenda.start', { stage: 'a' });
  expect(heard).toEqual(between);
});
