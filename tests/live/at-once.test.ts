// Things that several people do at the same moment, over real connections to a real record.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Actor } from '../../shared/log/envelope.ts';
import { dan, mona } from '../shared/consultation/meeting.ts';
import { codeOf, openStage, type Reader, type Stage } from './stage.ts';

const system: Actor = { person: 'system', role: 'system', name: '' };

let stage: Stage;
let first: Reader;
let second: Reader;
beforeEach(async () => {
  stage = await openStage();
  await stage.meeting();
  const participant = { name: '副主持', role: 'moderator', unit: '' };
  await stage.send(system, 'participant.add', { person: 'clara', participant });
  const stages = [
    { id: 'speeches', title: '预约发言', kind: 'speeches', minutes: 36 },
    { id: 'public', title: '扫码选读', kind: 'public', minutes: 8 },
  ];
  await stage.send(mona, 'agenda.set', { stages });
  await stage.send(mona, 'agenda.start', { stage: 'speeches' });
  [first, second] = [stage.connect('mona'), stage.connect('clara')];
  await Promise.all([first.ready(), second.ready()]);
});
afterEach(() => stage.close());

async function threeWait(): Promise<void> {
  for (const person of ['alice', 'bob', 'carol'])
    await stage.send(system, 'floor.raise', { person });
  for (const reader of [first, second])
    await reader.until(({ state }) => state.floor.hands.length === 3);
}

test('[FLR11] two moderators press 下一位 at once: one person is called, whether they name them or not', async () => {
  await threeWait();
  for (const data of [{ person: 'alice' }, {}]) {
    const before = first.state.floor.spoken.length + (first.state.floor.speaking ? 1 : 0);
    const answers = await Promise.all([
      first.ask('floor.next', data),
      second.ask('floor.next', data),
    ]);
    expect(answers.map(codeOf).sort()).toEqual(['already', 'ok']);
    for (const reader of [first, second]) {
      await reader.until(
        ({ state: { floor } }) => floor.spoken.length + (floor.speaking ? 1 : 0) === before + 1,
      );
    }
  }
  expect(second.state.floor).toEqual(first.state.floor);
  expect(first.state.floor.speaking?.person).toBe('bob');
  expect(first.state.floor.hands.map(({ person }) => person)).toEqual(['carol']);
});

test('[AGD7] a stage changed while a response is being published: both happen, in the record’s order', async () => {
  const card = await stage.send({ ...mona }, 'opinion.table', { card: 'c1' });
  expect(card).toBeGreaterThan(0);
  await first.until(({ state }) => Object.keys(state.opinions).length === 1);
  const opinion = Object.keys(first.state.opinions)[0]!;
  await stage.send(mona, 'opinion.assign', { opinion, lead: dan.unit, assist: [] });
  const department = stage.connect('dan');
  await department.ready();
  const answer = { opinion, text: '马上办', stance: 'adopt', commitments: [], publish: true };
  const answers = await Promise.all([
    first.ask('agenda.start', { stage: 'public' }),
    department.ask('response.record', answer),
    second.ask('agenda.extend', { minutes: 2 }),
  ]);
  expect(answers.map(codeOf)).toEqual(['ok', 'ok', 'ok']);
  for (const reader of [first, second, department]) {
    await reader.until(
      ({ state }) =>
        state.agenda.current === 'public' &&
        Object.values(state.responses).some(({ status }) => status === 'published'),
    );
    expect(reader.faults).toEqual([]);
  }
  const order = first.heard.map(({ seq }) => seq);
  expect(order).toEqual([...order].sort((a, b) => a - b));
});

test('[FLR14] someone removed while speaking stops everywhere, and a press on 下一位 at that moment calls one person', async () => {
  await threeWait();
  await stage.send(mona, 'floor.next', { person: 'alice' });
  const [removed, next] = await Promise.all([
    second.ask('participant.remove', { person: 'alice' }),
    first.ask('floor.next', { person: 'bob' }),
  ]);
  expect([removed, next].map(codeOf)).toEqual(['ok', 'ok']);
  await first.until(({ state }) => state.floor.speaking?.person === 'bob');
  await first.until(({ state }) => state.roster['alice'] === undefined);
  expect(first.state.floor.spoken.map(({ person }) => person)).toEqual(['alice']);
  expect(first.state.floor.spoken[0]!.clock.since).toBeUndefined();
});
