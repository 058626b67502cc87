import { expect, test } from 'vitest';
import { inOrder, unitsOf } from '../../../shared/consultation/attendance.ts';
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
