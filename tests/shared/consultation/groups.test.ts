import { describe, expect, test } from 'vitest';
import {
  apartIn,
  groupOf,
  groupTimeLeft,
  inOrderFormed,
} from '../../../shared/consultation/groups.ts';
import { evolve, initialState } from '../../../shared/consultation/index.ts';
import { snapshotFor } from '../../../shared/consultation/reading.ts';
import { alice, bob, carol, clark, dan, guest, mona, otto, prepared, underWay } from './meeting.ts';

const two = [
  { title: '第一组', members: ['alice', 'bob'] },
  { title: '第二组', members: ['carol', 'dan'] },
];

function apart(minutes?: number) {
  const meeting = underWay();
  const id = meeting.do(mona, 'group.form', { groups: two, ...(minutes && { minutes }) });
  return { meeting, first: `${id}.1`, second: `${id}.2` };
}

const titleOf = (meeting: ReturnType<typeof underWay>, person: string) =>
  groupOf(meeting.state.groups, person)?.title;

describe('forming', () => {
  test('[GRP1] the desk forms groups; who is named is in theirs, the others in none', () => {
    const { meeting } = apart();
    expect(['alice', 'bob', 'carol', 'dan', 'erin'].map((who) => titleOf(meeting, who))).toEqual([
      '第一组',
      '第一组',
      '第二组',
      '第二组',
      undefined,
    ]);
    expect(apartIn(meeting.state.groups).map(({ formedBy }) => formedBy)).toEqual(['mona', 'mona']);
    expect(underWay().do(clark, 'group.form', { groups: two })).toBeTruthy();
  });

  test('[GRP1] nobody else forms, moves, extends or collects', () => {
    const { meeting, first } = apart(10);
    for (const who of [alice, dan, otto, guest]) {
      expect(meeting.try(who, 'group.form', { groups: two })).toBe('forbidden');
      expect(meeting.try(who, 'group.move', { person: who.person, group: first })).toBe(
        'forbidden',
      );
      expect(meeting.try(who, 'group.extend', { minutes: 5 })).toBe('forbidden');
      expect(meeting.try(who, 'group.collect', {})).toBe('forbidden');
    }
  });

  const misfits: [string, { title: string; members: string[] }[], string][] = [
    ['someone twice in one', [{ title: '甲', members: ['alice', 'alice'] }], 'conflict'],
    [
      'someone in two',
      [
        { title: '甲', members: ['alice'] },
        { title: '乙', members: ['alice'] },
      ],
      'conflict',
    ],
    [
      'two of one name',
      [
        { title: '甲', members: ['alice'] },
        { title: '甲 ', members: ['bob'] },
      ],
      'invalid',
    ],
    ['an observer', [{ title: '甲', members: ['otto'] }], 'invalid'],
    ['a stranger', [{ title: '甲', members: ['nobody'] }], 'not_found'],
    ['a name that every object has', [{ title: '甲', members: ['constructor'] }], 'not_found'],
  ];
  test.each(misfits)('[GRP1] not with %s', (_name, groups, code) => {
    const meeting = underWay();
    expect(meeting.try(mona, 'group.form', { groups })).toBe(code);
    expect(meeting.state.groups).toEqual({});
  });

  test('[GRP1] a person is in one group at most: whoever is apart already is refused in another', () => {
    const { meeting } = apart();
    const third = [{ title: '第三组', members: ['erin', 'alice'] }];
    expect(meeting.try(mona, 'group.form', { groups: third })).toBe('conflict');
    meeting.do(mona, 'group.form', { groups: [{ title: '第三组', members: ['erin'] }] });
    expect(titleOf(meeting, 'erin')).toBe('第三组');
    expect(
      meeting.try(mona, 'group.form', { groups: [{ title: '第三组', members: ['clark'] }] }),
    ).toBe('invalid');
  });

  test('[GRP1] only while the consultation is open', () => {
    expect(prepared().try(mona, 'group.form', { groups: two })).toBe('not_open');
    const meeting = underWay();
    meeting.do(mona, 'consultation.pause', {});
    expect(meeting.try(mona, 'group.form', { groups: two })).toBe('not_open');
  });
});

describe('while apart', () => {
  test('[GRP1] a person is moved from one group to another, into one, and out of all', () => {
    const { meeting, first, second } = apart();
    meeting.do(mona, 'group.move', { person: 'bob', group: second });
    expect([titleOf(meeting, 'alice'), titleOf(meeting, 'bob')]).toEqual(['第一组', '第二组']);
    meeting.do(mona, 'group.move', { person: 'erin', group: first });
    expect(titleOf(meeting, 'erin')).toBe('第一组');
    meeting.do(mona, 'group.move', { person: 'bob' });
    expect(titleOf(meeting, 'bob')).toBeUndefined();
    expect(meeting.try(mona, 'group.move', { person: 'bob' })).toBe('already');
    expect(meeting.try(mona, 'group.move', { person: 'erin', group: first })).toBe('already');
    expect(meeting.try(mona, 'group.move', { person: 'otto', group: first })).toBe('invalid');
    expect(meeting.try(mona, 'group.move', { person: 'bob', group: 'none' })).toBe('not_found');
    expect(meeting.try(mona, 'group.move', { person: 'none', group: first })).toBe('not_found');
  });

  test('[GRP1] whoever is taken off the roster is in no group', () => {
    const { meeting } = apart();
    meeting.do(mona, 'participant.remove', { person: 'alice' });
    expect(apartIn(meeting.state.groups)[0]!.members).toEqual(['bob']);
  });

  test('[GRP2] the time of a group runs down, is extended, and stands still while the meeting is paused', () => {
    const { meeting, first } = apart(10);
    const left = () => groupTimeLeft(meeting.state.groups[first]!, meeting.now)! / 60_000;
    meeting.wait(4);
    expect(left()).toBe(6);
    meeting.do(mona, 'consultation.pause', {});
    meeting.wait(30);
    expect(left()).toBe(6);
    meeting.do(mona, 'group.extend', { minutes: 5 });
    meeting.do(mona, 'consultation.resume', {});
    meeting.wait(1);
    expect(left()).toBe(10);
    meeting.wait(12);
    expect(left()).toBe(-2);
    expect(meeting.try(mona, 'group.extend', { minutes: -15 })).toBe('invalid');
  });

  test('[GRP2] groups without a time have none to extend; of several, only those named are extended', () => {
    const { meeting } = apart();
    expect(groupTimeLeft(apartIn(meeting.state.groups)[0]!, meeting.now)).toBeUndefined();
    expect(meeting.try(mona, 'group.extend', { minutes: 5 })).toBe('conflict');
    const timed = apart(10);
    timed.meeting.do(mona, 'group.extend', { minutes: 5, groups: [timed.second] });
    expect(inOrderFormed(timed.meeting.state.groups).map(({ minutes }) => minutes)).toEqual([
      10, 15,
    ]);
    expect(timed.meeting.try(mona, 'group.extend', { minutes: 5, groups: ['none'] })).toBe(
      'not_found',
    );
  });
});

describe('collecting', () => {
  test('[GRP3] all at once or one by one; nobody is in a group then, and it is done once', () => {
    const { meeting, first, second } = apart(10);
    meeting.wait(3).do(clark, 'group.collect', { groups: [first] });
    expect([titleOf(meeting, 'alice'), titleOf(meeting, 'carol')]).toEqual([undefined, '第二组']);
    expect(meeting.try(mona, 'group.collect', { groups: [first] })).toBe('already');
    expect(meeting.try(mona, 'group.collect', { groups: ['none'] })).toBe('not_found');
    expect(meeting.do(mona, 'group.collect', {})).toBeTruthy();
    expect(meeting.state.groups[first]!.collected).toEqual({ by: 'clark', at: meeting.now });
    expect(meeting.state.groups[second]!.collected?.by).toBe('mona');
    expect(meeting.try(mona, 'group.collect', {})).toBe('already');
    // what they were stays to be read, and the time that they took
    meeting.wait(5);
    expect(groupTimeLeft(meeting.state.groups[first]!, meeting.now)).toBe(7 * 60_000);
    expect(meeting.try(mona, 'group.move', { person: 'bob', group: first })).toBe('conflict');
  });

  test('[GRP3] whoever was collected may be in the next groups, of the same names', () => {
    const { meeting } = apart();
    meeting.do(mona, 'group.collect', {});
    const again = meeting.do(mona, 'group.form', { groups: two });
    expect(groupOf(meeting.state.groups, 'alice')?.id).toBe(`${again}.1`);
    expect(inOrderFormed(meeting.state.groups)).toHaveLength(4);
  });

  test('[GRP3] those who are apart when the meeting ends can still be collected', () => {
    const { meeting, first } = apart(10);
    meeting.wait(2).do(mona, 'consultation.end', {});
    meeting.wait(60);
    expect(groupTimeLeft(meeting.state.groups[first]!, meeting.now)).toBe(8 * 60_000);
    meeting.do(mona, 'group.collect', {});
    expect(apartIn(meeting.state.groups)).toEqual([]);
  });
});

test('[GRP1] the room hears of groups; citizens and screens do not', () => {
  const { meeting } = apart();
  const reader = (role: 'observer' | 'public' | 'screen', person: string) =>
    snapshotFor(meeting.events, { role, person }).groups;
  expect(Object.keys(reader('observer', 'otto'))).toHaveLength(2);
  expect(reader('public', 'g_1')).toEqual({});
  expect(reader('screen', 'screen')).toEqual({});
});

test('[LOG6] groups are the fold of their events', () => {
  const { meeting, second } = apart(10);
  meeting.wait(1).do(mona, 'group.move', { person: 'bob', group: second });
  meeting.do(mona, 'consultation.pause', {});
  meeting.do(mona, 'consultation.resume', {});
  meeting.do(mona, 'group.collect', {});
  const replayed = JSON.parse(JSON.stringify(meeting.events)) as typeof meeting.events;
  expect(replayed.reduce(evolve, initialState)).toEqual(meeting.state);
  expect([alice, bob, carol].map(({ person }) => titleOf(meeting, person))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
