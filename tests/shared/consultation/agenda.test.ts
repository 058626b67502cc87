import { expect, test } from 'vitest';
import { elapsed } from '../../../shared/consultation/clock.ts';
import { alice, mona, prepared, underWay } from './meeting.ts';

test('[AGD1] a stage left and returned to goes on counting where it stopped', () => {
  const meeting = underWay();
  meeting.do(mona, 'agenda.start', { stage: 'opening' });
  meeting.wait(2).do(mona, 'agenda.start', { stage: 'speeches' });
  meeting.wait(5).do(mona, 'agenda.back', {});
  meeting.wait(1);
  const [opening, speeches] = meeting.state.agenda.stages;
  expect(meeting.state.agenda.current).toBe('opening');
  expect(elapsed(opening!.clock, meeting.now)).toBe(3 * 60_000);
  expect(elapsed(speeches!.clock, meeting.now)).toBe(5 * 60_000);
});

test('[AGD1] a stage can be named by its place, extended and skipped', () => {
  const meeting = underWay();
  meeting.do(mona, 'agenda.start', { stage: 0 });
  meeting.do(mona, 'agenda.extend', { minutes: 5 });
  expect(meeting.state.agenda.stages[0]!.minutes).toBe(8);
  meeting.do(mona, 'agenda.skip', {});
  expect(meeting.state.agenda.current).toBe('responses');
});

test('the agenda does not run before the consultation is open, and nobody else runs it', () => {
  expect(prepared().try(mona, 'agenda.start', { stage: 'opening' })).toBe('not_open');
  expect(underWay().try(alice, 'agenda.start', { stage: 'opening' })).toBe('forbidden');
  expect(underWay().try(mona, 'agenda.start', { stage: 'lunch' })).toBe('not_found');
  expect(underWay().try(mona, 'agenda.back', {})).toBe('nothing_to_undo');
});

test('changing the agenda keeps the clocks of the stages that stay', () => {
  const meeting = underWay();
  meeting.do(mona, 'agenda.start', { stage: 'opening' });
  meeting.wait(2);
  meeting.do(mona, 'agenda.set', { stages: [{ id: 'opening', title: '开场', minutes: 4 }] });
  expect(elapsed(meeting.state.agenda.stages[0]!.clock, meeting.now)).toBe(2 * 60_000);
  expect(
    meeting.try(mona, 'agenda.set', { stages: [{ id: 'x', title: '别的', minutes: 4 }] }),
  ).toBe('conflict');
});

test('[AGD1] there is no way back to a stage that was taken off the agenda', () => {
  const meeting = underWay();
  meeting.do(mona, 'agenda.start', { stage: 'opening' });
  meeting.do(mona, 'agenda.start', { stage: 'responses' });
  const stages = [{ id: 'responses', title: '部门回应', minutes: 20 }];
  meeting.do(mona, 'agenda.set', { stages });
  expect(meeting.try(mona, 'agenda.back', {})).toBe('nothing_to_undo');
  expect(meeting.state.agenda.current).toBe('responses');
});
