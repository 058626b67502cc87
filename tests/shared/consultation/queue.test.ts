import { expect, test } from 'vitest';
import type { Site } from '../../../shared/consultation/people.ts';
import { queueOf } from '../../../shared/consultation/queue.ts';
import {
  alice,
  bob,
  carol,
  clark,
  dan,
  erin,
  mona,
  otto,
  prepared,
  underWay,
  type Meeting,
} from './meeting.ts';
import type { Actor } from '../../../shared/log/envelope.ts';

const queue = (meeting: Meeting) => queueOf(meeting.state).map(({ hand }) => hand.person);
const reasons = (meeting: Meeting) =>
  queueOf(meeting.state).map(({ hand, reason }) => `${hand.person} ${reason}`);
const here = (meeting: Meeting, who: Actor, site: Site = 'hall') =>
  meeting.do(who, 'attendance.checkIn', { site });

function bookedMeeting(): Meeting {
  const meeting = prepared();
  for (const person of [carol, alice, bob]) {
    meeting.wait(1).do(mona, 'floor.book', { person: person.person });
    here(meeting, person);
  }
  meeting.do(mona, 'consultation.open', {});
  return meeting;
}

test('[FLR7] those who booked are the queue as soon as the stage of the booked begins, and only there', () => {
  const meeting = bookedMeeting();
  meeting.do(dan, 'floor.raise', {});
  meeting.do(mona, 'agenda.start', { stage: 'opening' });
  expect(reasons(meeting)).toEqual(['dan first-time']);
  meeting.do(mona, 'agenda.start', { stage: 'speeches' });
  expect(reasons(meeting)).toEqual([
    'carol booked',
    'alice booked',
    'bob booked',
    'dan first-time',
  ]);
});

test('[FLR7] stepping back from the stage and returning loses nobody who booked, and calls nobody twice', () => {
  const meeting = bookedMeeting();
  meeting.do(mona, 'agenda.start', { stage: 'opening' });
  meeting.do(mona, 'agenda.start', { stage: 'speeches' });
  meeting.do(mona, 'floor.next', {});
  meeting.do(mona, 'agenda.back', {});
  expect(queue(meeting)).toEqual([]);
  meeting.do(mona, 'agenda.start', { stage: 'speeches' });
  expect(queue(meeting)).toEqual(['alice', 'bob']);
});

test('[FLR7] a booked speech has the minutes that were booked; undoing its call books it again', () => {
  const meeting = bookedMeeting();
  meeting.do(mona, 'floor.book', { person: 'carol', minutes: 4, topic: '社区食堂' });
  meeting.do(mona, 'agenda.start', { stage: 'speeches' });
  meeting.do(mona, 'floor.next', {});
  expect(meeting.state.floor.speaking).toMatchObject({
    person: 'carol',
    limit: 4 * 60_000,
    topic: '社区食堂',
  });
  meeting.do(mona, 'floor.back', {});
  expect(reasons(meeting)).toEqual(['carol booked', 'alice booked', 'bob booked']);
});

test('[FLR7] whoever booked and has not come waits behind everyone else, and gets their place back when they come', () => {
  const meeting = prepared();
  for (const person of ['alice', 'bob']) meeting.do(clark, 'floor.book', { person });
  here(meeting, bob);
  meeting.do(mona, 'consultation.open', {});
  meeting.do(mona, 'agenda.start', { stage: 'speeches' });
  meeting.do(dan, 'floor.raise', {});
  expect(reasons(meeting)).toEqual(['bob booked', 'dan first-time', 'alice absent']);
  here(meeting, alice);
  expect(queue(meeting)).toEqual(['alice', 'bob', 'dan']);
});

test('[FLR8] one books for oneself, the desk for anyone; the agenda can leave it to the desk', () => {
  const meeting = prepared();
  meeting.do(alice, 'floor.book', { topic: ' 停车 ' });
  expect(meeting.state.floor.bookings).toMatchObject([{ person: 'alice', topic: '停车' }]);
  expect(meeting.try(alice, 'floor.book', { person: 'bob' })).toBe('forbidden');
  expect(meeting.try(otto, 'floor.book', {})).toBe('forbidden');
  expect(meeting.try(mona, 'floor.book', { person: 'nobody' })).toBe('not_found');
  meeting.do(mona, 'floor.allow', { stage: 'speeches', ownBooking: false });
  expect(meeting.try(bob, 'floor.book', {})).toBe('forbidden');
  meeting.do(clark, 'floor.book', { person: 'bob' });
  meeting.do(alice, 'floor.unbook', {});
  expect(meeting.state.floor.bookings.map(({ person }) => person)).toEqual(['bob']);
});

test('[FLR8] booking again changes what was booked and keeps the place; the desk may order the list', () => {
  const meeting = prepared();
  for (const who of [alice, bob, carol]) meeting.do(who, 'floor.book', {});
  meeting.do(alice, 'floor.book', { topic: '电梯' });
  const order = () => meeting.state.floor.bookings.map(({ person }) => person);
  expect(order()).toEqual(['alice', 'bob', 'carol']);
  expect(meeting.try(alice, 'floor.book', { topic: '电梯' })).toBe('already');
  meeting.do(clark, 'floor.orderBookings', { order: ['carol', 'alice'] });
  expect(order()).toEqual(['carol', 'alice', 'bob']);
  expect(meeting.try(alice, 'floor.orderBookings', { order: [] })).toBe('forbidden');
});

test('[FLR7] whoever was called as booked is not booked again, and lowering one’s hand gives the booking up', () => {
  const meeting = bookedMeeting();
  meeting.do(mona, 'agenda.start', { stage: 'speeches' });
  meeting.do(mona, 'floor.next', {});
  expect(meeting.try(mona, 'floor.book', { person: 'carol' })).toBe('conflict');
  expect(meeting.try(mona, 'floor.unbook', { person: 'carol' })).toBe('conflict');
  meeting.do(alice, 'floor.withdraw', {});
  expect(queue(meeting)).toEqual(['bob']);
  expect(meeting.try(alice, 'floor.withdraw', {})).toBe('not_found');
});

/** Hands from three sites: alice and bob and carol in the hall, dan on site, erin by phone. */
function sitesMeeting(): Meeting {
  const meeting = underWay();
  here(meeting, dan, 'onsite');
  here(meeting, erin, 'mobile');
  meeting.do(mona, 'agenda.start', { stage: 'speeches' });
  for (const who of [alice, bob, carol, dan, erin]) meeting.wait(1).do(who, 'floor.raise', {});
  return meeting;
}

test('[FLR9] sites take turns as the quota says, and whoever overtook by it has that reason', () => {
  const meeting = sitesMeeting();
  meeting.do(mona, 'floor.quota', { site: 'hall', turns: 2 });
  meeting.do(mona, 'floor.quota', { site: 'onsite', turns: 1 });
  meeting.do(mona, 'floor.quota', { site: 'mobile', turns: 1 });
  expect(reasons(meeting)).toEqual([
    'alice first-time',
    'dan site-turn',
    'erin site-turn',
    'bob first-time',
    'carol first-time',
  ]);
});

test('[FLR9] turns that have been taken count: the order goes on where it was', () => {
  const meeting = sitesMeeting();
  meeting.do(mona, 'floor.quota', { site: 'hall', turns: 1 });
  meeting.do(mona, 'floor.next', {});
  expect(queue(meeting)).toEqual(['dan', 'erin', 'bob', 'carol']);
  // placed by hand wins over every turn
  meeting.do(mona, 'floor.reorder', { order: ['carol'] });
  expect(queue(meeting)).toEqual(['carol', 'dan', 'erin', 'bob']);
});

test('[FLR9] who is over the quota of their site or kind waits behind, and can be called all the same', () => {
  const meeting = sitesMeeting();
  meeting.do(mona, 'floor.quota', { site: 'hall', most: 2 });
  expect(reasons(meeting)).toEqual([
    'alice first-time',
    'bob first-time',
    'dan first-time',
    'erin first-time',
    'carol over-quota',
  ]);
  meeting.do(mona, 'floor.quota', { kind: 'speech', most: 1 });
  expect(reasons(meeting).filter((each) => each.endsWith('over-quota'))).toHaveLength(4);
  meeting.do(mona, 'floor.next', { person: 'carol' });
  expect(meeting.state.floor.speaking?.person).toBe('carol');
});

test('[FLR9] a quota is the stage’s own; it is lifted again, and nonsense is refused', () => {
  const meeting = sitesMeeting();
  meeting.do(mona, 'floor.quota', { site: 'hall', most: 1, turns: 2 });
  expect(meeting.state.agenda.stages[1]!.switches?.quota).toEqual({
    turns: { hall: 2 },
    byPlace: { hall: 1 },
  });
  meeting.do(mona, 'agenda.start', { stage: 'responses' });
  expect(reasons(meeting)).not.toContain('carol over-quota');
  meeting.do(mona, 'floor.quota', { stage: 'speeches', site: 'hall', most: null, turns: null });
  expect(meeting.state.agenda.stages[1]!.switches?.quota).toEqual({});
  expect(meeting.try(mona, 'floor.quota', { site: 'hall', kind: 'speech', most: 1 })).toBe(
    'invalid',
  );
  expect(meeting.try(mona, 'floor.quota', { most: 1 })).toBe('invalid');
  expect(meeting.try(mona, 'floor.quota', { kind: 'speech', turns: 1 })).toBe('invalid');
  expect(meeting.try(mona, 'floor.quota', { stage: 'lunch', site: 'hall', most: 1 })).toBe(
    'not_found',
  );
  expect(meeting.try(alice, 'floor.quota', { site: 'hall', most: 1 })).toBe('forbidden');
});

test('[FLR10] reordering leaves a trace: who moved whom, and when', () => {
  const meeting = underWay();
  for (const who of [alice, bob, carol]) meeting.wait(1).do(who, 'floor.raise', {});
  meeting.wait(1).do(mona, 'floor.reorder', { order: ['carol', 'alice', 'bob'] });
  const trace = () => queueOf(meeting.state).map(({ hand }) => [hand.person, hand.moved?.by]);
  expect(trace()).toEqual([
    ['carol', '言正清'],
    ['alice', undefined],
    ['bob', undefined],
  ]);
  expect(meeting.events.at(-1)!.data).toMatchObject({ moved: 'carol' });
  // downwards it is the one who went down
  meeting.do(mona, 'floor.reorder', { order: ['alice', 'bob', 'carol'] });
  expect(meeting.events.at(-1)!.data).toMatchObject({ moved: 'carol' });
  // a trace goes with the place that it explains
  meeting.do(mona, 'floor.reorder', { order: [] });
  expect(trace().map(([, by]) => by)).toEqual([undefined, undefined, undefined]);
});

test('[FLR10] someone booked is moved like anyone else', () => {
  const meeting = bookedMeeting();
  meeting.do(mona, 'agenda.start', { stage: 'speeches' });
  meeting.do(mona, 'floor.reorder', { order: ['bob', 'carol'] });
  expect(reasons(meeting)).toEqual(['bob placed', 'carol placed', 'alice booked']);
  expect(queueOf(meeting.state)[0]).toMatchObject({ booking: { moved: { by: '言正清' } } });
});
