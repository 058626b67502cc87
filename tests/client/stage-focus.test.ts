import { expect, test } from 'vitest';
import { AgendaDraft } from '../../client/agenda/agenda-draft.svelte.ts';
import { hasTurned, speechTime, stageTime } from '../../client/floor/time-warnings.ts';
import { tabForStage } from '../../client/room/stage-focus.ts';
import { MINUTE, Scene } from './room-scene.ts';

const stages = [
  { id: 'a', title: '预约发言', kind: 'speeches', minutes: 10 },
  { id: 'b', title: '部门回应', kind: 'responses', minutes: 20 },
  { id: 'c', title: '宣读承诺', kind: 'commitments', minutes: 2 },
] as const;

const room = () =>
  new Scene()
    .person('li', 'member')
    .opened()
    .happened({ type: 'agenda.set', data: { stages } })
    .happened({ type: 'agenda.started', data: { stage: 'a' } });

test('[AGD4] when the answers begin, those who give and hear them are turned to them; nobody else, and nobody on entering', () => {
  const scene = room();
  const before = scene.state;
  scene.happened({ type: 'agenda.started', data: { stage: 'b' } });
  const after = scene.state;
  expect(tabForStage(before, after, 'member')).toBe('responses');
  expect(tabForStage(before, after, 'department')).toBe('responses');
  expect(tabForStage(before, after, 'clerk')).toBeUndefined();
  expect(tabForStage(after, after, 'member')).toBeUndefined();
  expect(tabForStage({ ...before, seq: 0 }, after, 'member')).toBeUndefined();
  scene.happened({ type: 'agenda.started', data: { stage: 'c' } });
  expect(tabForStage(after, scene.state, 'member')).toBeUndefined();
});

test('[FLR16] a speech’s time is news once when it turns, and never when it is first seen', () => {
  const scene = room().raised('li').called('li');
  const at = (minutes: number) => speechTime(scene.state, scene.now + minutes * MINUTE);
  expect(hasTurned(at(4), at(5))).toBe(true);
  expect(hasTurned(at(5), at(5.5))).toBe(false);
  expect(hasTurned(at(5.5), at(6))).toBe(true);
  expect(hasTurned(undefined, at(6))).toBe(false);
  const before = at(5.5);
  scene.later(6 * MINUTE).called('li');
  expect(hasTurned(before, at(5.5))).toBe(false);
});

test('a stage is near its end two minutes before, a short one in its last quarter, and each once', () => {
  const scene = room();
  const at = (minutes: number) => stageTime(scene.state, scene.now + minutes * MINUTE)?.state;
  expect([at(7.9), at(8), at(10)]).toEqual(['running', 'soon', 'over']);
  scene.happened({ type: 'agenda.started', data: { stage: 'c' } });
  expect([at(1.4), at(1.5)]).toEqual(['running', 'soon']);
});

test('[AGD3] an agenda that is being written keeps what has begun in place, and takes no added minutes back', () => {
  const scene = room();
  const draft = new AgendaDraft(scene.state.agenda.stages);
  expect(draft.mayMove(1, -1)).toBe(false);
  draft.move(1, 1);
  draft.remove('a');
  draft.add('茶歇');
  draft.rows[1]!.title = '宣读';
  scene.happened({ type: 'agenda.extended', data: { stage: 'a', minutes: 5 } });
  const saved = draft.stages(scene.state.agenda.stages);
  expect(saved.map(({ title, minutes }) => [title, minutes])).toEqual([
    ['预约发言', 15],
    ['宣读', 2],
    ['部门回应', 20],
    ['茶歇', 5],
  ]);
  expect(draft.whole).toBe(true);
  draft.rows[1]!.minutes = null;
  expect(draft.whole).toBe(false);
});
