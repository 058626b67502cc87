import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase, type Database } from '../../server/database/open.ts';
import { createRecord, streamOf, type ConsultationRecord } from '../../server/log/record.ts';
import { createLogStore, type LogStore } from '../../server/log/store.ts';
import { verifyStream } from '../../server/log/verify.ts';
import {
  consultationCommands,
  evolve,
  initialState,
  type CommandName,
  type RecordedConsultationEvent,
} from '../../shared/consultation/index.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import { alice, bob, dan, everyone, guest, mona, START } from '../shared/consultation/meeting.ts';

let dataDir: string;
let database: Database;
let store: LogStore;
let record: ConsultationRecord;
const system: Actor = { person: 'system', role: 'system', name: '' };

beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'shangliang-record-'));
  database = await openDatabase({ dataDir });
  store = createLogStore(database);
  record = newRecord();
});

afterEach(async () => {
  await record.close();
  await database.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** A record over the same store; each of them is a node of its own. */
function newRecord(): ConsultationRecord {
  let now = START;
  return createRecord({
    store,
    withDraft: (_consultation, card, table) =>
      table({ card, text: `意见 ${card}`, textHash: card, author: 'alice', lane: 'l' }),
    project: async () => undefined,
    receipt: () => 'R1',
    now: () => (now += 1_000),
  });
}

let commands = 0;
const send = (
  to: ConsultationRecord,
  actor: Actor,
  type: string,
  data: unknown,
  commandId = `k${(commands += 1)}`,
) => to.handle('m1', { commandId, type, data }, actor);

async function meeting(to = record): Promise<void> {
  const form = { hall: true, onsite: false, mobile: false, groups: false };
  const created = {
    id: 'm1',
    title: '题',
    host: '',
    form,
    code: 'ABCD2345',
    startsAt: START,
    sample: true,
  };
  await to.create(created, system, 'create');
  for (const { person, name, role, unit } of everyone) {
    if (role === 'public' || role === 'screen') continue;
    await send(to, system, 'participant.add', { person, participant: { name, role, unit } });
  }
  await send(to, mona, 'agenda.set', {
    stages: [
      { id: 'a', title: '开场', minutes: 3 },
      { id: 'b', title: '发言', minutes: 9 },
    ],
  });
  await send(to, mona, 'consultation.open', {});
}

test('[LOG4] [CMD4] a retry gets the first answer; another person’s same id is refused; a refused id may be tried again', async () => {
  await meeting();
  const first = await send(record, alice, 'floor.raise', {}, 'id-1');
  expect(await send(record, alice, 'floor.raise', {}, 'id-1')).toEqual(first);
  expect(await send(record, bob, 'floor.raise', {}, 'id-1')).toMatchObject({
    refused: { code: 'conflict' },
  });
  expect(await send(record, alice, 'floor.raise', {}, 'id-2')).toMatchObject({
    refused: { code: 'already' },
  });
  await send(record, alice, 'floor.withdraw', {});
  expect(await send(record, alice, 'floor.raise', {}, 'id-2')).toHaveProperty('ok');
});

test.each([
  ['an unknown command', 'floor.dance', {}, 'unknown_command', 'type'],
  ['a name of Object’s', 'constructor', {}, 'unknown_command', 'type'],
  ['a body that is no object', 'floor.raise', 'x', 'invalid', undefined],
  ['a member of a wrong type', 'agenda.extend', { minutes: '5' }, 'invalid', 'minutes'],
  ['a missing member', 'opinion.assign', { lead: 'dan' }, 'invalid', 'opinion'],
  [
    'a text that is too long',
    'submission.send',
    { text: 'x'.repeat(2_001), consent: true },
    'invalid',
    'text',
  ],
])('[CMD1] %s is refused and changes nothing', async (_what, type, data, code, field) => {
  await meeting();
  const before = await store.head(streamOf('m1'));
  const { refused } = (await send(record, mona, type, data)) as {
    refused: { code: string; field?: string };
  };
  expect(refused).toEqual(field === undefined ? { code } : { code, field });
  expect(await store.head(streamOf('m1'))).toBe(before);
});

test('[CMD1] members that a command does not name are dropped, `__proto__` too', async () => {
  await meeting();
  const data: unknown = JSON.parse(
    '{"kind":"speech","__proto__":{"polluted":1},"person":"alice","more":2}',
  );
  await send(record, alice, 'floor.raise', data);
  const last = (await store.read(streamOf('m1'), 0)).at(-1)!;
  expect(last.data).toEqual({ person: 'alice', kind: 'speech' });
});

test('[CMD3] two nodes on one store decide again after a lost race; nothing is lost or doubled', async () => {
  await meeting();
  const other = newRecord();
  await other.open('m1');
  const people = [alice, bob, dan, mona];
  const answers = await Promise.all(
    people.map((actor, index) => send(index % 2 ? record : other, actor, 'floor.raise', {})),
  );
  for (const answer of answers) expect(answer).toHaveProperty('ok');
  await Promise.all([record.refresh('m1'), other.refresh('m1')]);
  const [here, there] = [await record.open('m1'), await other.open('m1')];
  expect(here!.state).toEqual(there!.state);
  expect(here!.state.floor.hands).toHaveLength(4);
  await other.close();
});

test('[LOG2] listeners hear each event once and in order, whichever node appended it', async () => {
  await meeting();
  const other = newRecord();
  await other.open('m1');
  const heard: number[] = [];
  record.onAppended((_id, events) => heard.push(...events.map(({ seq }) => seq)));
  const from = (await record.open('m1'))!.state.seq;
  await send(other, alice, 'floor.raise', {});
  await send(other, bob, 'floor.raise', {});
  await record.refresh('m1', from + 2);
  await send(record, mona, 'floor.next', {});
  await record.refresh('m1', from + 1);
  const to = (await record.open('m1'))!.state.seq;
  expect(heard).toEqual(Array.from({ length: to - from }, (_, index) => from + 1 + index));
  await other.close();
});

/** Bodies that are often valid: ids are drawn from the few that the meeting has. */
const data = fc.record(
  {
    stage: fc.constantFrom('a', 'b', 'zzz'),
    minutes: fc.integer({ min: -3, max: 5 }),
    person: fc.constantFrom('alice', 'bob', 'dan', 'nobody'),
    site: fc.constantFrom('hall', 'onsite', 'mobile'),
    kind: fc.constantFrom('speech', 'question', 'topic', 'opinion'),
    card: fc.constantFrom('c1', 'c2', 'c3'),
    opinion: fc.constantFrom('k-0', 'k-1', 'k-2', 'k-3', 'k-4'),
    response: fc.constantFrom('k-5', 'k-6', 'k-7', 'k-8', 'k-9'),
    submission: fc.constantFrom('k-3', 'k-6', 'k-9'),
    ref: fc.constantFrom('k-0', 'k-1', 'k-6'),
    lead: fc.constantFrom('dan', 'erin', '区市场监管局'),
    text: fc.constantFrom('好', '补充一句', ' '),
    reason: fc.constantFrom('与议题无关', ''),
    stance: fc.constantFrom('adopt', 'decline'),
    consent: fc.boolean(),
    on: fc.boolean(),
    publish: fc.boolean(),
    order: fc.constant(['bob', 'alice']),
    name: fc.constant('代会人'),
    why: fc.constant('口误'),
  },
  {
    requiredKeys: [
      'stage',
      'card',
      'opinion',
      'response',
      'submission',
      'text',
      'stance',
      'lead',
      'site',

      'consent',
      'on',
      'order',
      'minutes',
      'person',
    ],
  },
);
const names = Object.keys(consultationCommands) as CommandName[];
/** What a meeting is made of comes more often, so that the rest finds something to act on. */
const often: CommandName[] = [
  'floor.raise',
  'floor.next',
  'opinion.table',
  'opinion.assign',
  'response.record',
  'submission.send',
];
const step = fc.record({
  type: fc.constantFrom(
    ...often,
    ...often,
    ...names.filter((name) => name !== 'consultation.archive' && name !== 'consultation.end'),
  ),
  actor: fc.constantFrom(alice, bob, dan, mona, mona, guest),
  data,
});

test(
  '[LOG6] folding the stored events of any sequence of commands gives the state that was served, on a whole chain',
  { timeout: 120_000 },
  async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 80 }), async (steps) => {
        await database.sql.deleteFrom('event').execute();
        await database.sql.deleteFrom('stream_head').execute();
        await database.sql.deleteFrom('receipt').execute();
        const node = newRecord();
        await meeting(node);
        for (const [index, { type, actor, data: body }] of steps.entries()) {
          const answer = await send(node, actor, type, body, `k-${index}`);
          if ('ok' in answer) accepted += 1;
        }
        const served = (await node.open('m1'))!;
        const stored = (await store.read(streamOf('m1'), 0)) as RecordedConsultationEvent[];
        expect(stored.reduce(evolve, initialState)).toEqual(served.state);
        expect(stored).toEqual(served.events);
        expect(await verifyStream(store.envelopes(streamOf('m1')))).toMatchObject({ whole: true });
        await node.close();
      }),
      { numRuns: 60 },
    );
    // a property that refuses everything proves nothing
    expect(accepted).toBeGreaterThan(200);
  },
);
