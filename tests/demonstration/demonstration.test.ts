import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { businessClimate } from '../../server/demonstration/content/business-climate.ts';
import { childFriendlyCity } from '../../server/demonstration/content/child-friendly-city.ts';
import { oldNeighbourhoods } from '../../server/demonstration/content/old-neighbourhoods.ts';
import { foundIfEmpty } from '../../server/demonstration/found.ts';
import { cardsOf, cardText, readCard, readLanes } from '../../shared/board/schema.ts';
import { currentStage, stageRuns } from '../../shared/consultation/agenda.ts';
import type { ConsultationState } from '../../shared/consultation/index.ts';
import { snapshotFor } from '../../shared/consultation/reading.ts';
import { openTestApp, type TestApp } from '../helpers/app.ts';

const MINUTE = 60_000;
let server: TestApp;
let seeding: number;

beforeAll(async () => {
  const from = performance.now();
  server = await openTestApp({ demo: true });
  seeding = performance.now() - from;
});
afterAll(() => server.close());

async function stateOf(id: string): Promise<ConsultationState> {
  const live = await server.app.record.open(id);
  return live!.state;
}
const opinionNo = (state: ConsultationState, no: number) =>
  Object.values(state.opinions).find((opinion) => opinion.no === no)!;

describe('S1 is in the middle of its meeting', () => {
  test('the clock of 部门回应 runs, and the stages before it have run as planned', async () => {
    const { agenda, lifecycle } = await stateOf('s1');
    expect(lifecycle).toMatchObject({ phase: 'open', sample: true });
    const stage = currentStage(agenda)!;
    expect([stage.title, stageRuns(stage)]).toEqual(['部门回应', true]);
    const since = stage.clock.since!;
    expect(Date.now() - since).toBeGreaterThan(5 * MINUTE);
    expect(Date.now() - since).toBeLessThan(20 * MINUTE);
    const before = agenda.stages.slice(0, agenda.stages.indexOf(stage));
    expect(before.every(({ begun, clock }) => begun && clock.spent > 0)).toBe(true);
  });

  test('people are there, at three kinds of site, and two wait to speak', async () => {
    const { roster, floor } = await stateOf('s1');
    const people = Object.values(roster);
    const present = people.filter(({ attendance }) => attendance.state === 'present');
    expect(present.length).toBeGreaterThan(people.length / 2);
    expect(new Set(present.map(({ site }) => site))).toEqual(new Set(['hall', 'onsite', 'mobile']));
    expect(floor.hands).toHaveLength(2);
    expect(floor.speaking).toBeUndefined();
    expect(floor.spoken.length).toBeGreaterThan(3);
  });

  test('opinions stand under the numbers and in the words of the source, by their authors', async () => {
    const state = await stateOf('s1');
    for (const { no, text, author } of businessClimate.opinions.slice(0, 7)) {
      const opinion = opinionNo(state, no);
      expect(opinion.text).toBe(text);
      if (author) expect(opinion.authors.map(({ person }) => person)).toEqual([author]);
      expect(opinion.source).toBe(author ? 'room' : 'public');
    }
  });

  test('1 and 3 are answered with a commitment, 2 waits for its department', async () => {
    const state = await stateOf('s1');
    const answers = (no: number) =>
      Object.values(state.responses).filter(({ opinion }) => opinion === opinionNo(state, no).id);
    for (const no of [1, 3]) {
      const [answer] = answers(no);
      expect(answer).toMatchObject({ status: 'published' });
      expect(answer!.current.commitments[0]!.due).toMatch(/^\d{4}-\d\d-\d\d$/);
    }
    expect(opinionNo(state, 2).assigned).toMatchObject({ lead: '区工信局' });
    expect(answers(2)).toEqual([]);
  });

  test('one citizen’s words were taken up, another’s wait for the desk', async () => {
    const { submissions } = await stateOf('s1');
    const statuses = Object.values(submissions).map(({ status }) => status);
    expect(statuses.sort()).toEqual(['accepted', 'received']);
  });

  test('[SUB1] a citizen reads what is published and nothing of what waits', async () => {
    const { events } = (await server.app.record.open('s1'))!;
    const seen = snapshotFor(events, { role: 'public', person: 'g_x' });
    expect(Object.values(seen.opinions).length).toBeGreaterThanOrEqual(4);
    expect(Object.values(seen.opinions).every(({ published }) => published)).toBe(true);
    const waiting = businessClimate.opinions[7]!.text;
    expect(JSON.stringify(seen)).not.toContain(waiting);
  });

  test('the board has four lanes, the tabled cards, and drafts that any member may edit', async () => {
    const { opinions } = await stateOf('s1');
    const tabled = new Set(Object.values(opinions).map(({ card }) => card));
    await server.app.boards.read('s1', (doc) => {
      expect(readLanes(doc).map(({ title }) => title)).toEqual([
        '会场意见',
        '现场意见',
        '移动意见',
        '扫码意见',
      ]);
      const cards = [...cardsOf(doc).keys()];
      const drafts = cards.filter((card) => !tabled.has(card));
      expect(drafts.length).toBeGreaterThanOrEqual(3);
      for (const card of cards) {
        expect(cardText(doc, card).length).toBeGreaterThan(10);
        expect(readCard(doc, card)!.author).not.toBe('system');
      }
    });
  });

  test('events lie in the past, in order', async () => {
    const { events } = (await server.app.record.open('s1'))!;
    const times = events.map(({ at }) => at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeLessThanOrEqual(Date.now());
    expect(Date.now() - times[0]!).toBeGreaterThan(90 * MINUTE);
  });
});

test.each(['s2', 's3'])('%s is prepared: people and agenda, nobody there yet', async (id) => {
  const { lifecycle, roster, agenda } = await stateOf(id);
  expect(lifecycle).toMatchObject({ phase: 'prepared', sample: true });
  expect(lifecycle.startsAt).toBeGreaterThan(Date.now());
  expect(Object.keys(roster)).toHaveLength(13);
  expect(agenda.stages).toHaveLength(10);
});

test('someone who is in two consultations is one person', async () => {
  const token = await server.app.people.invite({ person: 'zhu-anju', reusable: true });
  const browser = server.browser();
  await browser.post('/api/invitations/redeem', { token });
  const listed = await browser.get<{ id: string }[]>('/api/consultations');
  expect(listed.body.map(({ id }) => id).sort()).toEqual(['s2', 's3']);
});

test('a directory that was founded is left as it is', async () => {
  const { seq } = await stateOf('s1');
  const founded = await foundIfEmpty(
    {
      recordAt: (now) => server.app.recordAt(now),
      editBoard: (...edit) => server.app.boards.edit(...edit),
      newCode: () => 'AAAAAAAA',
      people: server.app.people,
      doors: (id) => server.app.consultations.doors(id),
    },
    { demo: true, now: Date.now() },
  );
  expect(founded).toBe(false);
  expect((await stateOf('s1')).seq).toBe(seq);
});

test('every person, opinion and answer of the content is used consistently', () => {
  for (const sample of [businessClimate, childFriendlyCity, oldNeighbourhoods]) {
    const people = new Map(sample.people.map((person) => [person.id, person]));
    expect(sample.opinions.map(({ no }) => no)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    for (const { author, citizen } of sample.opinions) {
      expect(author === undefined ? citizen : people.get(author)?.name).toBeTruthy();
    }
    for (const { unit, officer, opinion } of sample.responses) {
      const answering = sample.people.find(({ name }) => name === officer);
      expect([answering?.role, answering?.unit]).toEqual(['department', unit]);
      expect(sample.opinions.some(({ no }) => no === opinion)).toBe(true);
    }
  }
});

test('it is made in a moment', () => {
  // two seconds on a quiet machine; others share this one
  expect(seeding).toBeLessThan(10_000);
});
