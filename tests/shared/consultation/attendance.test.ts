import { expect, test } from 'vitest';
import { audienceOf } from '../../../shared/consultation/audience.ts';
import { inOrder, punctualityOf, unitsOf } from '../../../shared/consultation/attendance.ts';
import { alice, bob, clark, dan, guest, mona, otto, prepared, underWay } from './meeting.ts';

test('[ATT1] one checks oneself in, or the desk does; nobody else does', () => {
  const meeting = underWay();
  meeting.do(alice, 'attendance.checkIn', { site: 'mobile' });
  meeting.do(clark, 'attendance.checkIn', { person: 'bob', site: 'hall' });
  expect(meeting.state.roster['alice']).toMatchObject({
    site: 'mobile',
    attendance: { state: 'present', by: 'alice' },
  });
  expect(meeting.state.roster['bob']!.attendance).toMatchObject({ by: 'clark' });
  expect(meeting.try(alice, 'attendance.checkIn', { person: 'dan', site: 'hall' })).toBe(
    'forbidden',
  );
  expect(meeting.try(alice, 'attendance.checkIn', { site: 'mobile' })).toBe('already');
  expect(meeting.try(guest, 'attendance.checkIn', { site: 'hall' })).toBe('forbidden');
  expect(meeting.try(clark, 'attendance.checkIn', { person: 'x', site: 'hall' })).toBe('not_found');
});

test('[ATT1] whoever moves or leaves was there, and leaving lowers the hand', () => {
  const meeting = underWay();
  expect(meeting.try(alice, 'attendance.leave', {})).toBe('conflict');
  meeting.do(alice, 'attendance.checkIn', { site: 'mobile' });
  meeting.do(alice, 'attendance.move', { site: 'hall' });
  expect(meeting.try(alice, 'attendance.move', { site: 'hall' })).toBe('already');
  meeting.do(alice, 'floor.raise', {});
  meeting.do(alice, 'attendance.leave', {});
  expect(meeting.state.floor.hands).toEqual([]);
  expect(meeting.state.roster['alice']!.attendance.state).toBe('left');
});

test('[ATT2] someone sits in for a person, under the desk’s eyes', () => {
  const meeting = underWay();
  const substitute = { person: 'dan', name: '代会人', title: '副局长' };
  expect(meeting.try(dan, 'attendance.substitute', substitute)).toBe('forbidden');
  meeting.do(mona, 'attendance.substitute', substitute);
  expect(meeting.state.roster['dan']).toMatchObject({ name: '代会人', unit: '区市场监管局' });
});

test('[ATT2] whoever comes after all takes their place back; the sign-in sheet knows for whom one sat in', () => {
  const meeting = underWay();
  meeting.do(mona, 'attendance.substitute', { person: 'dan', name: '代会人', title: '科长' });
  meeting.do(mona, 'attendance.substitute', { person: 'dan', name: '又一人', title: '科员' });
  expect(meeting.state.roster['dan']!.insteadOf).toEqual({ name: dan.name, title: '' });
  expect(meeting.try(dan, 'attendance.restore', { person: 'dan' })).toBe('forbidden');
  meeting.do(clark, 'attendance.restore', { person: 'dan' });
  expect(meeting.state.roster['dan']).toMatchObject({ name: dan.name, title: '' });
  expect(meeting.state.roster['dan']).not.toHaveProperty('insteadOf');
  expect(meeting.try(clark, 'attendance.restore', { person: 'dan' })).toBe('already');
});

test('[ATT4] one is excused by oneself or by the desk, and why is told to staff alone', () => {
  const meeting = prepared();
  meeting.do(alice, 'attendance.excuse', { reason: ' 住院 ' });
  expect(meeting.state.roster['alice']).toMatchObject({
    attendance: { state: 'excused' },
    excuse: '住院',
  });
  const told = meeting.events.slice(-2).map((event) => [event.type, audienceOf(event).to]);
  expect(told).toEqual([
    ['attendance.excused', 'room'],
    ['attendance.explained', 'staff'],
  ]);
  meeting.do(clark, 'attendance.excuse', { person: 'bob' });
  expect(meeting.try(bob, 'attendance.excuse', {})).toBe('already');
  expect(meeting.try(alice, 'attendance.excuse', { person: 'dan' })).toBe('forbidden');
  meeting.do(mona, 'consultation.open', {});
  meeting.do(alice, 'attendance.checkIn', { site: 'mobile' });
  expect(meeting.state.roster['alice']).not.toHaveProperty('excuse');
  expect(meeting.try(alice, 'attendance.excuse', {})).toBe('conflict');
});

test('[ATT5] who came late is late wherever they moved; who came back did not leave early', () => {
  const meeting = prepared();
  meeting.do(alice, 'attendance.checkIn', { site: 'hall' });
  meeting.do(mona, 'consultation.open', {});
  meeting.wait(6);
  meeting.do(bob, 'attendance.checkIn', { site: 'hall' });
  meeting.wait(10);
  meeting.do(bob, 'attendance.move', { site: 'mobile' });
  meeting.do(alice, 'attendance.leave', {});
  const note = (person: string) =>
    punctualityOf(meeting.state.roster[person]!, meeting.state.lifecycle);
  expect([note('alice'), note('bob'), note('dan')]).toEqual([['left-early'], ['late'], []]);
  meeting.do(alice, 'attendance.checkIn', { site: 'hall' });
  expect(note('alice')).toEqual([]);
  meeting.wait(30).do(mona, 'consultation.end', {});
  meeting.do(bob, 'attendance.leave', {});
  expect(note('bob')).toEqual(['late']);
  const minutes = meeting.state.roster['bob']!.visits.map(({ site, from, to }) => [
    site,
    ((to ?? 0) - from) / 60_000,
  ]);
  expect(minutes).toEqual([
    ['hall', 10],
    ['mobile', 30],
  ]);
});

test('[ATT3] the roster is the desk’s: it adds, changes and removes, and an order given by hand stays', () => {
  const meeting = prepared();
  const participant = { name: '新人', role: 'member' as const };
  expect(meeting.try(alice, 'participant.add', { person: 'new', participant })).toBe('forbidden');
  expect(meeting.try(mona, 'participant.add', { person: 'alice', participant })).toBe('already');
  meeting.do(mona, 'participant.add', { person: 'new', participant });
  expect(inOrder(meeting.state.roster).at(-1)!.id).toBe('new');
  const first = { ...participant, sortKey: -1 };
  meeting.do(clark, 'participant.change', { person: 'new', participant: first });
  meeting.do(clark, 'participant.change', { person: 'new', participant });
  expect(inOrder(meeting.state.roster)[0]!.id).toBe('new');
  meeting.do(mona, 'participant.remove', { person: 'new' });
  expect(meeting.state.roster).not.toHaveProperty('new');
  expect(meeting.try(bob, 'participant.remove', { person: 'alice' })).toBe('forbidden');
});

test('[OPN3] the units that can be assigned are those of the departments on the roster, each once', () => {
  const meeting = prepared();
  const participant = { name: '再一人', role: 'department' as const, unit: dan.unit! };
  meeting.do(mona, 'participant.add', { person: 'dan2', participant });
  expect(unitsOf(meeting.state.roster)).toEqual(['区市场监管局', '区人社局']);
  expect(otto.unit && unitsOf(meeting.state.roster).includes(otto.unit)).toBe(false);
});
