import { expect, test } from 'vitest';
import { elapsed } from '../../../shared/consultation/clock.ts';
import { queueOf } from '../../../shared/consultation/queue.ts';
import { speakingTime } from '../../../shared/consultation/speaking-time.ts';
import { remaining, speechState, warningBefore } from '../../../shared/consultation/speech.ts';
import { visibleTo } from '../../../shared/consultation/reading.ts';
import { evolve } from '../../../shared/consultation/index.ts';
import { initialState } from '../../../shared/consultation/state.ts';
import type { Actor } from '../../../shared/log/envelope.ts';
import {
  alice,
  bob,
  carol,
  clark,
  dan,
  guest,
  hallScreen,
  mona,
  other,
  underWay,
  type Meeting,
} from './meeting.ts';

const MINUTE = 60_000;
const second: Actor = { person: 'clara', role: 'moderator', name: '副主持' };
const queue = (meeting: Meeting) => queueOf(meeting.state).map(({ hand }) => hand.person);
const spoken = (meeting: Meeting) =>
  meeting.state.floor.spoken.map(({ person, clock }) => [person, clock.spent / MINUTE]);

function speaking(who: Actor = alice, ...waiting: Actor[]): Meeting {
  const meeting = underWay();
  meeting.do(mona, 'agenda.start', { stage: 'speeches' });
  for (const each of [who, ...waiting]) meeting.wait(1).do(each, 'floor.raise', {});
  meeting.do(mona, 'floor.next', {});
  return meeting;
}

test('[FLR11] two moderators who name the same person call one; the second hears that it is done', () => {
  const meeting = speaking(alice, bob, carol);
  meeting.do(mona, 'floor.next', { person: 'bob' });
  expect(meeting.try(second, 'floor.next', { person: 'bob' })).toBe('already');
  meeting.wait(1).do(mona, 'floor.next', { person: 'carol' });
  expect(meeting.try(second, 'floor.next', { person: 'bob' })).toBe('not_found');
  expect(meeting.state.floor.speaking?.person).toBe('carol');
});

test('[FLR11] without a name, another’s press within two seconds is the same press; one’s own is not', () => {
  const meeting = speaking(alice, bob, carol);
  meeting.wait(1).do(mona, 'floor.next', {});
  expect(meeting.try(second, 'floor.next', {})).toBe('already');
  meeting.wait(1 / 20).do(second, 'floor.next', {});
  expect(meeting.state.floor.speaking?.person).toBe('carol');
  meeting.do(second, 'floor.back', {});
  // what was undone is no press any more
  meeting.do(mona, 'floor.next', {});
  expect(meeting.state.floor.speaking?.person).toBe('carol');
});

test('[FLR12] someone heard is called back with one command; nobody else is called out of the queue', () => {
  const meeting = speaking(alice, bob);
  meeting.wait(2).do(mona, 'floor.next', {});
  expect(meeting.try(mona, 'floor.next', { person: 'alice' })).toBe('not_found');
  meeting.wait(1).do(mona, 'floor.next', { person: 'alice', again: true });
  expect(meeting.state.floor.speaking).toMatchObject({ person: 'alice', limit: 6 * MINUTE });
  expect(meeting.try(mona, 'floor.next', { person: 'carol', again: true })).toBe('not_found');
  meeting.do(mona, 'participant.remove', { person: 'bob' });
  expect(meeting.try(mona, 'floor.next', { person: 'bob', again: true })).toBe('not_found');
});

test('[FLR13] an interposed question holds the speech; one command goes back to it, and both times count', () => {
  const meeting = speaking(alice, bob);
  meeting.wait(2).do(mona, 'floor.interpose', { person: 'carol' });
  expect(meeting.state.floor.speaking).toMatchObject({
    person: 'carol',
    kind: 'question',
    limit: MINUTE,
  });
  expect(meeting.state.screen.view).toMatchObject({ speaker: { name: '路长明', limit: MINUTE } });
  meeting.wait(1).do(mona, 'floor.continue', {});
  const { floor, screen } = meeting.state;
  expect(floor.speaking?.person).toBe('alice');
  expect(remaining(floor.speaking!, meeting.now)).toBe(4 * MINUTE);
  expect(screen.view).toMatchObject({ speaker: { name: '钱益彰' } });
  expect(spoken(meeting)).toEqual([['carol', 1]]);
  meeting.wait(1).do(mona, 'floor.next', {});
  expect(spoken(meeting)).toEqual([
    ['carol', 1],
    ['alice', 3],
  ]);
});

test('[FLR13] nested once: the question may be answered, nothing else comes between, and 下一位 ends all of it', () => {
  const meeting = speaking(alice, bob);
  meeting.do(mona, 'floor.interpose', { person: 'carol' });
  expect(meeting.try(mona, 'floor.interpose', { person: 'bob' })).toBe('conflict');
  expect(meeting.try(mona, 'floor.interpose', { person: 'alice' })).toBe('already');
  meeting.wait(1).do(mona, 'floor.interpose', { person: 'dan', kind: 'reply' });
  expect(meeting.try(mona, 'floor.interpose', { person: 'bob', kind: 'reply' })).toBe('conflict');
  meeting.wait(1).do(mona, 'floor.next', {});
  expect(meeting.state.floor.speaking?.person).toBe('bob');
  expect(meeting.state.floor.held).toBeUndefined();
  expect(spoken(meeting)).toEqual([
    ['carol', 1],
    ['dan', 1],
    ['alice', 0],
  ]);
});

test('[FLR13] interposing and going on are undone like 下一位, and a clock that stood still stands still after it', () => {
  const meeting = speaking(alice, bob);
  meeting.wait(1).do(mona, 'floor.interpose', { person: 'bob' });
  expect(queue(meeting)).toEqual([]);
  meeting.wait(1).do(mona, 'floor.back', {});
  expect(queue(meeting)).toEqual(['bob']);
  expect(elapsed(meeting.state.floor.speaking!.clock, meeting.now)).toBe(2 * MINUTE);

  meeting.do(mona, 'floor.pause', {});
  meeting.do(mona, 'floor.interpose', { person: 'bob' });
  meeting.do(mona, 'floor.continue', {});
  meeting.wait(3);
  expect(elapsed(meeting.state.floor.speaking!.clock, meeting.now)).toBe(2 * MINUTE);
  meeting.do(mona, 'floor.back', {});
  expect(meeting.state.floor).toMatchObject({
    speaking: { person: 'bob' },
    held: { person: 'alice' },
  });
  expect(meeting.try(mona, 'floor.back', {})).toBe('nothing_to_undo');
});

test('[FLR13] the pause of the meeting holds what is interposed, and leaves the held speech held', () => {
  const meeting = speaking(alice);
  meeting.wait(1).do(mona, 'floor.interpose', { person: 'bob' });
  meeting.do(mona, 'consultation.pause', {});
  expect(meeting.try(mona, 'floor.continue', {})).toBe('not_open');
  meeting.wait(9).do(mona, 'consultation.resume', {});
  meeting.wait(1).do(mona, 'floor.continue', {});
  expect(spoken(meeting)).toEqual([['bob', 1]]);
  expect(elapsed(meeting.state.floor.speaking!.clock, meeting.now)).toBe(MINUTE);
  expect(meeting.try(mona, 'floor.continue', {})).toBe('conflict');
});

test('[FLR14] who is removed while speaking is done, and it counts; nobody is called in their stead', () => {
  for (const go of [
    (meeting: Meeting) => meeting.do(mona, 'participant.remove', { person: 'alice' }),
    (meeting: Meeting) => meeting.do(clark, 'attendance.leave', { person: 'alice' }),
  ]) {
    const meeting = underWay();
    meeting.do(alice, 'attendance.checkIn', { site: 'hall' });
    for (const each of [alice, bob]) meeting.wait(1).do(each, 'floor.raise', {});
    meeting.do(mona, 'floor.next', {});
    meeting.wait(2);
    go(meeting);
    expect(meeting.state.floor.speaking).toBeUndefined();
    expect(spoken(meeting)).toEqual([['alice', 2]]);
    expect(queue(meeting)).toEqual(['bob']);
    expect(meeting.state.screen.view).toEqual({ kind: 'speaker' });
    meeting.wait(5);
    expect(spoken(meeting)).toEqual([['alice', 2]]);
  }
});

test('[FLR14] when the one who interposed is removed, the speech comes back with its clock standing still', () => {
  const meeting = speaking(alice);
  meeting.wait(1).do(mona, 'floor.interpose', { person: 'bob' });
  meeting.wait(1).do(mona, 'participant.remove', { person: 'bob' });
  meeting.wait(5);
  const { floor, screen } = meeting.state;
  expect(floor.held).toBeUndefined();
  expect(floor.speaking?.person).toBe('alice');
  expect(elapsed(floor.speaking!.clock, meeting.now)).toBe(MINUTE);
  expect(screen.view).toMatchObject({ speaker: { name: '钱益彰', clock: { spent: MINUTE } } });
  meeting.do(mona, 'floor.interpose', { person: 'carol' });
  meeting.do(mona, 'participant.remove', { person: 'alice' });
  expect(meeting.state.floor).toMatchObject({ speaking: { person: 'carol' } });
  expect(meeting.state.floor.held).toBeUndefined();
});

test('[FLR6] someone who waits is removed while another speaks: clock, screen and undo stay', () => {
  const meeting = speaking(alice, bob, carol);
  meeting.wait(1).do(mona, 'floor.next', {});
  const before = meeting.state;
  meeting.do(mona, 'participant.remove', { person: 'carol' });
  expect(meeting.state.floor.speaking).toEqual(before.floor.speaking);
  expect(meeting.state.screen).toEqual(before.screen);
  meeting.do(mona, 'floor.back', {});
  expect(meeting.state.floor.speaking?.person).toBe('alice');
});

test('[FLR15] time is counted for each person, unit and site, as of who spoke then', () => {
  const meeting = underWay();
  meeting.do(alice, 'attendance.checkIn', { site: 'onsite' });
  for (const each of [alice, dan]) meeting.wait(1).do(each, 'floor.raise', {});
  meeting.do(mona, 'floor.next', {});
  meeting.wait(3).do(mona, 'floor.interpose', { person: 'bob' });
  meeting.wait(1).do(mona, 'floor.continue', {});
  meeting.do(mona, 'floor.next', {});
  // she moves and is taken off the list: what she said was said where she said it
  meeting.do(alice, 'attendance.move', { site: 'mobile' });
  meeting.do(mona, 'participant.remove', { person: 'alice' });
  meeting.wait(2);
  const used = (by: 'person' | 'unit' | 'site') =>
    speakingTime(meeting.state, by, meeting.now).map(
      ({ key, speeches, used }) => `${key} ${speeches} ${used / MINUTE}`,
    );
  expect(used('person')).toEqual(['alice 1 3', 'dan 1 2', 'bob 1 1']);
  expect(used('unit')).toEqual(['工商联界 1 3', '区市场监管局 1 2', '经济界 1 1']);
  expect(used('site')).toEqual(['hall 2 3', 'onsite 1 3']);
});

test('[FLR16] a speech is warned a minute before its end, a short one in its last quarter', () => {
  const speech = { limit: 6 * MINUTE, clock: { spent: 0, since: 0 } };
  expect(speechState(speech, 5 * MINUTE - 1)).toBe('running');
  expect(speechState(speech, 5 * MINUTE)).toBe('soon');
  expect(speechState(speech, 6 * MINUTE)).toBe('over');
  expect([warningBefore(2 * MINUTE), warningBefore(MINUTE)]).toEqual([MINUTE, 15_000]);
});

function opened(): Meeting {
  const meeting = underWay();
  meeting.do(mona, 'agenda.start', { stage: 'speeches' });
  meeting.do(mona, 'floor.allow', { guests: true });
  return meeting;
}
const seenBy = (meeting: Meeting, reader: Actor) =>
  visibleTo(meeting.events, reader).reduce(evolve, initialState);

test('[FLR17] a citizen asks to speak only where the moderator lets them, in this stage alone', () => {
  const meeting = underWay();
  meeting.do(mona, 'agenda.start', { stage: 'speeches' });
  expect(meeting.try(guest, 'floor.raise', {})).toBe('forbidden');
  expect(meeting.try(alice, 'floor.allow', { guests: true })).toBe('forbidden');
  meeting.do(mona, 'floor.allow', { guests: true });
  expect(meeting.try(guest, 'floor.raise', { person: 'alice' })).toBe('forbidden');
  meeting.do(guest, 'floor.raise', { name: '周建国' });
  expect(meeting.try(guest, 'floor.raise', {})).toBe('already');
  meeting.do(mona, 'agenda.start', { stage: 'responses' });
  expect(meeting.try(other, 'floor.raise', {})).toBe('forbidden');
});

test('[FLR17] the room sees a masked name; neither the screen nor another citizen sees any, and the log holds none', () => {
  const meeting = opened();
  meeting.do(guest, 'floor.raise', { name: '周建国' });
  expect(seenBy(meeting, alice).floor.hands).toMatchObject([{ guest: { name: '周**' } }]);
  meeting.do(mona, 'floor.next', {});
  expect(meeting.state.floor.speaking).toMatchObject({ name: '周**', site: 'qr' });
  expect(seenBy(meeting, hallScreen).screen.view).toMatchObject({
    speaker: { guest: true, name: '' },
  });
  expect(JSON.stringify(visibleTo(meeting.events, other))).not.toContain('周');
  const logged = meeting.events.map(({ personal: _sideTable, ...event }) => event);
  expect(JSON.stringify(logged)).not.toMatch(/周/);
});

test('[FLR17] a citizen hears of their own turn, and of nobody else’s', () => {
  const meeting = opened();
  const own = () => seenBy(meeting, guest).floor;
  meeting.do(guest, 'floor.raise', {});
  meeting.wait(1).do(alice, 'floor.raise', {});
  expect(own()).toMatchObject({ guests: { g_1: 'waiting' }, hands: [] });
  meeting.do(mona, 'floor.next', {});
  expect(own().guests).toEqual({ g_1: 'called' });
  meeting.do(mona, 'floor.back', {});
  expect(own().guests).toEqual({ g_1: 'waiting' });
  meeting.do(mona, 'floor.next', {});
  meeting.do(mona, 'floor.next', {});
  expect(own()).toMatchObject({ guests: {}, spoken: [] });
  meeting.do(guest, 'floor.raise', {});
  meeting.do(guest, 'floor.withdraw', {});
  expect(own().guests).toEqual({});
  expect(seenBy(meeting, other).floor.guests).toEqual({});
});

test('[FLR17] a hall full of phones does not bury the queue', () => {
  const meeting = opened();
  for (let each = 0; each < 20; each += 1)
    meeting.do({ ...guest, person: `g_x${each}` }, 'floor.raise', {});
  expect(meeting.try(guest, 'floor.raise', {})).toBe('too_many');
});
