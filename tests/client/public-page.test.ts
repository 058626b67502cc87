import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { journeyOf, mySubmissions } from '../../client/public/journey.ts';
import { publishedOpinions } from '../../client/public/published.ts';
import { Draft } from '../../client/public/draft.svelte.ts';
import { Support } from '../../client/public/support.svelte.ts';
import type { Me } from '../../shared/wire/down.ts';
import { MemoryStorage } from './memory-storage.ts';
import { inTheRoom, settled } from './record-line.ts';
import { Scene } from './room-scene.ts';

const citizen: Me = { person: 'g_1', role: 'public', name: '扫码群众' };

function meeting(): Scene {
  return new Scene()
    .person('alice', 'member', '界别一组')
    .happened({ type: 'consultation.opened', data: {} })
    .happened({
      type: 'opinion.tabled',
      data: {
        id: 'o1',
        no: 1,
        text: '增设坡道',
        authors: [{ person: 'alice', name: '李敏', unit: '界别一组', title: '委员' }],
        source: 'room',
      },
    });
}

const answer = { text: '年内完成', stance: 'adopt', commitments: [] } as const;

function publish(scene: Scene, opinion: string): Scene {
  const { no, text, authors, source, tabledAt } = scene.state.opinions[opinion]!;
  const released = { id: opinion, no, text, authors, source, tabledAt };
  return scene.happened({ type: 'opinion.published', data: { opinion: released } });
}

const respond = (scene: Scene, opinion: string): Scene =>
  scene.happened({
    type: 'response.published',
    data: { response: 'r1', opinion, unit: '区住建局', answer, recordedAt: scene.now },
  });

beforeEach(() => vi.stubGlobal('localStorage', new MemoryStorage()));
afterEach(() => vi.unstubAllGlobals());

test('only what is published is listed, with the answers that are published', () => {
  const scene = meeting();
  expect(publishedOpinions(scene.state)).toEqual([]);
  scene.happened({
    type: 'response.recorded',
    data: { id: 'r0', opinion: 'o1', unit: '区规自局', answer },
  });
  const [listed] = publishedOpinions(respond(publish(scene, 'o1'), 'o1').state);
  expect(listed?.opinion.id).toBe('o1');
  expect(listed?.responses.map(({ unit }) => unit)).toEqual(['区住建局']);
  expect(listed?.credit).toBe('李敏 · 界别一组 · 委员');
});

test('a receipt goes from received over adopted to answered, or to declined with its reason', () => {
  const scene = meeting();
  const send = (id: string) =>
    scene
      .later(1_000)
      .happened({ type: 'submission.sent', data: { id, receipt: id, guest: 'g_1' } }, 'g_1');
  send('s1');
  send('s2');
  const mine = () => mySubmissions(scene.state, 'g_1');
  expect(mine().map(({ id }) => id)).toEqual(['s2', 's1']);
  const journey = (id: string) => journeyOf(scene.state, scene.state.submissions[id]!);
  expect(journey('s1').review).toBe('waiting');

  const accepted = { submission: 's1', opinion: 'o2', no: 2, credit: '扫码群众' };
  scene.happened({ type: 'submission.accepted', data: accepted });
  expect([journey('s1').review, journey('s1').opinion?.no]).toEqual(['accepted', 2]);
  respond(scene, 'o2');
  expect(journey('s1').responses.map(({ unit }) => unit)).toEqual(['区住建局']);

  const declined = { submission: 's2', guest: 'g_1', reason: '与议题无关' };
  scene.happened({ type: 'submission.declined', data: declined });
  expect([journey('s2').review, mine()[0]?.reason]).toEqual(['declined', '与议题无关']);
});

test('[OPN8] what was merged is listed in its main opinion with every author, and its receipt shows 并入 and the answer', () => {
  const scene = meeting();
  scene.happened({ type: 'submission.sent', data: { id: 's', receipt: 's', guest: 'g_1' } }, 'g_1');
  const accepted = { submission: 's', opinion: 'o2', no: 2, credit: '扫码群众' };
  scene.happened({ type: 'submission.accepted', data: accepted });
  publish(scene, 'o1');
  const merged = { opinion: 'o2', into: 'o1', published: true };
  scene.happened({ type: 'opinion.merged', data: merged });
  const journey = () => journeyOf(scene.state, scene.state.submissions['s']!);
  expect([journey().opinion?.no, journey().main?.no, journey().responses]).toEqual([2, 1, []]);
  respond(scene, 'o1');
  expect(journey().responses.map(({ unit }) => unit)).toEqual(['区住建局']);
  const listed = publishedOpinions(scene.state);
  expect(
    listed.map(({ opinion, merged: with_ }) => [opinion.no, with_.map(({ no }) => no)]),
  ).toEqual([[1, [2]]]);
  expect(listed[0]?.credit).toBe('李敏 · 界别一组 · 委员、扫码群众');
  scene.happened({ type: 'opinion.split', data: { opinion: 'o2', published: true } });
  expect(publishedOpinions(scene.state).map(({ opinion }) => opinion.no)).toEqual([2, 1]);
  expect([journey().main, journey().responses]).toEqual([undefined, []]);
});

test('附议 counts from the tap on, and the server’s next count takes over', async () => {
  const { store, line } = inTheRoom(publish(meeting(), 'o1'), citizen);
  line.store.counts({ support: { o1: { members: 1, public: 4 } } });
  const support = new Support(store);
  const done = support.toggle('o1');
  expect([support.given('o1'), support.public('o1'), support.members('o1')]).toEqual([true, 5, 1]);
  line.last.answer({ ok: true, seq: store.confirmed.seq });
  await done;
  line.store.counts({ support: { o1: { members: 1, public: 9 } } });
  expect(support.public('o1')).toBe(9);
  store.close();
});

test('a refused 附议 is taken back', async () => {
  const { store, line } = inTheRoom(publish(meeting(), 'o1'), citizen);
  const support = new Support(store);
  const done = support.toggle('o1');
  line.last.answer({ refused: { code: 'not_open', message: '商量已结束。' } });
  await done;
  await settled();
  expect([support.given('o1'), support.public('o1')]).toEqual([false, 0]);
  store.close();
});

test('[CLI2] what a citizen writes stays on the device until it is sent', () => {
  const draft = new Draft('c1');
  draft.text = '请增设坡道';
  expect(new Draft('c1').text).toBe('请增设坡道');
  expect(new Draft('c2').text).toBe('');
  draft.text = '';
  expect(localStorage.length).toBe(0);
});
