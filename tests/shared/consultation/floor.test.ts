import { expect, test } from 'vitest';
import { elapsed } from '../../../shared/consultation/clock.ts';
import { queueOf } from '../../../shared/consultation/queue.ts';
import { remaining } from '../../../shared/consultation/speech.ts';
import { alice, bob, carol, dan, mona, otto, underWay, type Meeting } from './meeting.ts';

const queue = (meeting: Meeting) => queueOf(meeting.state).map(({ hand }) => hand.person);
const speaker = (meeting: Meeting) => meeting.state.floor.speaking?.person;

test('[FLR1] a person waits once; raising with another kind keeps the place', () => {
  const meeting = underWay();
  meeting.do(alice, 'floor.raise', {});
  meeting.wait(1).do(bob, 'floor.raise', {});
  expect(meeting.wait(1).try(alice, 'floor.raise', {})).toBe('already');
  meeting.do(alice, 'floor.raise', { kind: 'question' });
  expect(queue(meeting)).toEqual(['alice', 'bob']);
});

test('[FLR2] first-time speakers come before those heard already, and each place has its reason', () => {
  const meeting = underWay();
  meeting.do(alice, 'floor.raise', {});
  meeting.do(mona, 'floor.next', {});
  meeting.do(mona, 'floor.next', {});
  meeting.do(alice, 'floor.raise', {});
  meeting.wait(1).do(bob, 'floor.raise', {});
  const reasons = queueOf(meeting.state).map(({ hand, reason }) => [hand.person, reason]);
  expect(reasons).toEqual([
    ['bob', 'first-time'],
    ['alice', 'by-time'],
  ]);
});

test('[FLR2] the order that the moderator set comes first', () => {
  const meeting = underWay();
  for (const person of [alice, bob, carol]) meeting.wait(1).do(person, 'floor.raise', {});
  meeting.do(mona, 'floor.reorder', { order: ['carol', 'alice'] });
  expect(queue(meeting)).toEqual(['carol', 'alice', 'bob']);
});

test('[FLR3] 下一位 ends the speech, starts the next and brings the speaker to the screen', () => {
  const meeting = underWay();
  meeting.do(mona, 'agenda.start', { stage: 'speeches' });
  meeting.do(alice, 'floor.raise', {});
  meeting.do(bob, 'floor.raise', {});
  meeting.do(mona, 'floor.next', {});
  meeting.wait(4).do(mona, 'floor.next', {});
  expect(meeting.state.floor.spoken.map(({ person, clock }) => [person, clock.spent])).toEqual([
    ['alice', 4 * 60_000],
  ]);
  expect(speaker(meeting)).toBe('bob');
  expect(meeting.state.screen.view).toMatchObject({ kind: 'speaker', speaker: { name: '舜思齐' } });
});

test('[FLR4] the next speaker starts with a full clock', () => {
  const meeting = underWay();
  meeting.do(mona, 'agenda.start', { stage: 'speeches' });
  meeting.do(alice, 'floor.raise', {});
  meeting.do(bob, 'floor.raise', {});
  meeting.do(mona, 'floor.next', {});
  meeting.wait(5).do(mona, 'floor.next', {});
  expect(remaining(meeting.state.floor.speaking!, meeting.now)).toBe(6 * 60_000);
});

test('[FLR5] 下一位 is undone: the speech goes on, the called person waits where they waited, a new hand stays', () => {
  const meeting = underWay();
  for (const person of [alice, bob]) meeting.wait(1).do(person, 'floor.raise', {});
  meeting.do(mona, 'floor.next', {});
  meeting.wait(2).do(mona, 'floor.next', {});
  meeting.wait(1).do(carol, 'floor.raise', {});
  meeting.do(mona, 'floor.back', {});
  expect(speaker(meeting)).toBe('alice');
  expect(elapsed(meeting.state.floor.speaking!.clock, meeting.now)).toBe(3 * 60_000);
  expect(queue(meeting)).toEqual(['bob', 'carol']);
  expect(meeting.state.floor.spoken).toEqual([]);
  expect(meeting.state.screen.view).toMatchObject({ speaker: { name: '钱益彰' } });
  expect(meeting.try(mona, 'floor.back', {})).toBe('nothing_to_undo');
});

test('[FLR6] whoever leaves the queue never touches the clock that runs', () => {
  const meeting = underWay();
  for (const person of [alice, bob]) meeting.do(person, 'floor.raise', {});
  meeting.do(mona, 'floor.next', {});
  const before = meeting.state.floor.speaking;
  meeting.wait(1).do(bob, 'floor.withdraw', {});
  meeting.do(mona, 'participant.remove', { person: 'bob' });
  expect(meeting.state.floor.speaking).toEqual(before);
});

test('[AGD2] pausing the consultation stops every clock, resuming starts those that ran', () => {
  const meeting = underWay();
  meeting.do(mona, 'agenda.start', { stage: 'speeches' });
  meeting.do(alice, 'floor.raise', {});
  meeting.do(mona, 'floor.next', {});
  meeting.wait(1).do(mona, 'consultation.pause', { reason: '设备调试' });
  meeting.wait(10).do(mona, 'consultation.resume', {});
  meeting.wait(1);
  expect(elapsed(meeting.state.floor.speaking!.clock, meeting.now)).toBe(2 * 60_000);
  expect(elapsed(meeting.state.agenda.stages[1]!.clock, meeting.now)).toBe(2 * 60_000);
  expect(meeting.state.screen.view).toMatchObject({ speaker: { clock: { spent: 60_000 } } });
});

test('[CMD1] raising for somebody else, calling the next, or raising as an observer is refused', () => {
  const meeting = underWay();
  expect(meeting.try(alice, 'floor.raise', { person: 'bob' })).toBe('forbidden');
  expect(meeting.try(alice, 'floor.next', {})).toBe('forbidden');
  expect(meeting.try(otto, 'floor.raise', {})).toBe('forbidden');
  expect(meeting.try(mona, 'floor.next', {})).toBe('queue_empty');
});

test('[AGD2] a clock that stood still before the pause stands still after it, in the room and on the screen', () => {
  const meeting = underWay();
  meeting.do(alice, 'floor.raise', {});
  meeting.do(mona, 'floor.next', {});
  meeting.wait(1).do(mona, 'floor.pause', {});
  meeting.do(mona, 'consultation.pause', {});
  meeting.wait(5).do(mona, 'consultation.resume', {});
  meeting.wait(5);
  expect(elapsed(meeting.state.floor.speaking!.clock, meeting.now)).toBe(60_000);
  const { view } = meeting.state.screen;
  expect(view).toMatchObject({ kind: 'speaker', speaker: { clock: { spent: 60_000 } } });
  meeting.do(mona, 'floor.pause', { on: false });
  meeting.wait(1);
  expect(elapsed(meeting.state.floor.speaking!.clock, meeting.now)).toBe(2 * 60_000);
});

test('ending the consultation ends the speech', () => {
  const meeting = underWay();
  meeting.do(alice, 'floor.raise', {});
  meeting.do(mona, 'floor.next', {});
  meeting.wait(2).do(mona, 'consultation.end', {});
  expect(speaker(meeting)).toBeUndefined();
  expect(meeting.state.floor.spoken[0]!.clock).toEqual({ spent: 2 * 60_000 });
  expect(meeting.try(mona, 'floor.next', {})).toBe('not_open');
});

test('[FLR1] a hand in the responses stage asks, a department’s replies; each may choose another kind', () => {
  const meeting = underWay();
  meeting.do(mona, 'agenda.start', { stage: 'responses' });
  for (const person of [alice, dan]) meeting.wait(1).do(person, 'floor.raise', {});
  const kinds = meeting.state.floor.hands.map(({ person, kind }) => [person, kind]);
  expect(kinds).toEqual([
    ['alice', 'question'],
    ['dan', 'reply'],
  ]);
});
