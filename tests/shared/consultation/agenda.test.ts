import { expect, test } from 'vitest';
import { elapsed } from '../../../shared/consultation/clock.ts';
import { alice, mona, prepared, underWay, type Meeting } from './meeting.ts';

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
  // old records hold this; nobody can do it any more
  const stages = [{ id: 'responses', title: '部门回应', kind: 'responses', minutes: 20 } as const];
  meeting.happen({ type: 'agenda.set', data: { stages } });
  expect(meeting.try(mona, 'agenda.back', {})).toBe('nothing_to_undo');
  expect(meeting.state.agenda.current).toBe('responses');
});

const titles = (meeting: Meeting) => meeting.state.agenda.stages.map(({ title }) => title);
const planned = (meeting: Meeting) =>
  meeting.state.agenda.stages.map(({ id, title, kind, minutes }) => ({ id, title, kind, minutes }));

test('[AGD3] while the meeting runs, what has not begun is added, renamed, moved and removed', () => {
  const meeting = underWay();
  meeting.do(mona, 'agenda.start', { stage: 'opening' });
  const [opening, speeches, responses] = planned(meeting);
  const film = { id: 'film', title: '短片', kind: 'findings' as const, minutes: 7 };
  const renamed = { ...speeches!, title: '发言', minutes: 30 };
  meeting.do(mona, 'agenda.set', { stages: [opening!, responses!, film, renamed] });
  expect(titles(meeting)).toEqual(['开场', '部门回应', '短片', '发言']);
  meeting.do(mona, 'agenda.set', { stages: [opening!, renamed] });
  expect(titles(meeting)).toEqual(['开场', '发言']);
});

test('[AGD3] what has begun is neither removed nor moved among what has begun', () => {
  const meeting = underWay();
  meeting.do(mona, 'agenda.start', { stage: 'opening' });
  meeting.do(mona, 'agenda.start', { stage: 'speeches' });
  const [opening, speeches, responses] = planned(meeting);
  const set = (...stages: (typeof opening)[]) =>
    meeting.try(mona, 'agenda.set', { stages: stages as never });
  expect(set(speeches, responses)).toBe('conflict');
  expect(set(speeches, opening, responses)).toBe('conflict');
  expect(set(opening, responses, speeches)).not.toBeTypeOf('string');
});

test('[AGD4] a stage brings its layout to the screen when it begins; it lights no blank one, and stepping back brings none', () => {
  const meeting = underWay();
  const [opening, speeches, responses] = planned(meeting);
  const read = {
    id: 'read',
    title: '宣读承诺',
    kind: 'commitments' as const,
    minutes: 2,
    switches: { screen: 'commitments' as const },
  };
  meeting.do(mona, 'agenda.set', { stages: [opening!, speeches!, responses!, read] });
  meeting.do(mona, 'agenda.start', { stage: 'responses' });
  expect(meeting.state.screen.view.kind).toBe('topic');
  meeting.do(mona, 'agenda.start', { stage: 'read' });
  expect(meeting.state.screen.view.kind).toBe('commitments');
  meeting.do(mona, 'screen.show', { kind: 'topic' });
  meeting.do(mona, 'agenda.start', { stage: 'opening' });
  meeting.do(mona, 'agenda.back', {});
  expect(meeting.state.agenda.current).toBe('read');
  expect(meeting.state.screen.view.kind).toBe('topic');
  meeting.do(mona, 'agenda.start', { stage: 'opening' });
  meeting.do(mona, 'screen.blank', {});
  meeting.do(mona, 'agenda.start', { stage: 'read' });
  expect(meeting.state.screen).toMatchObject({ blank: true, view: { kind: 'topic' } });
});

test('[AGD5] a stage passed over says so, keeps the others’ minutes, and can be started all the same', () => {
  const meeting = underWay();
  meeting.do(mona, 'agenda.start', { stage: 'opening' });
  meeting.wait(2).do(mona, 'agenda.skip', {});
  const [opening, speeches, responses] = meeting.state.agenda.stages;
  expect(meeting.state.agenda.current).toBe('responses');
  expect([opening!.skipped, speeches!.skipped, responses!.skipped]).toEqual([
    undefined,
    true,
    undefined,
  ]);
  meeting.wait(1).do(mona, 'agenda.back', {});
  expect(meeting.state.agenda.current).toBe('opening');
  expect(elapsed(meeting.state.agenda.stages[0]!.clock, meeting.now)).toBe(2 * 60_000);
  meeting.do(mona, 'agenda.start', { stage: 'speeches' });
  expect(meeting.state.agenda.stages[1]!.skipped).toBeUndefined();
});
