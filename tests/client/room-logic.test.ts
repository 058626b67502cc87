import { describe, expect, test } from 'vitest';
import { currentRow, drift, stageRows } from '../../client/room/agenda-times.ts';
import { announcementsBetween } from '../../client/room/announcements.ts';
import { duePreview } from '../../client/room/due-preview.ts';
import {
  answeredOpinions,
  stageOf,
  unansweredByUnit,
  unitFigures,
} from '../../client/room/opinions.ts';
import { orderAfterDrop, orderAfterMove, queueRows } from '../../client/room/queue.ts';
import { needsCheckIn, rosterBySite, type RosterView } from '../../client/room/roster.ts';
import { assistedBy, awaitingUnit } from '../../client/room/unit-work.ts';
import { MINUTE, Scene } from './room-scene.ts';

const room = () =>
  new Scene()
    .person('li', 'member')
    .person('wang', 'representative', '', 'mobile')
    .person('zhao', 'member', '', 'onsite')
    .person('bureau', 'department', '住建局')
    .person('traffic', 'department', '交通局')
    .opened();

describe('the queue', () => {
  test('shows for everyone the place, the site and why they wait there', () => {
    const scene = room().raised('li').called('li').raised('wang').raised('li').raised('zhao');
    scene.happened({ type: 'floor.advanced', data: {} });
    expect(
      queueRows(scene.state).map(({ person, place, reason, site }) => [
        person,
        place,
        reason,
        site,
      ]),
    ).toEqual([
      ['wang', 1, 'first-time', 'mobile'],
      ['zhao', 2, 'first-time', 'onsite'],
      ['li', 3, 'by-time', 'hall'],
    ]);
  });

  test('moving someone up places only as many as it takes', () => {
    const { state } = room().raised('li').raised('wang').raised('zhao');
    expect(orderAfterMove(state, 'wang', -1)).toEqual(['wang', 'li']);
    expect(orderAfterMove(state, 'zhao', 1)).toBeUndefined();
    expect(orderAfterDrop(state, 'zhao', 'li')).toEqual(['zhao', 'li', 'wang']);
  });

  test('those placed before keep their places when someone else is moved', () => {
    const scene = room().raised('li').raised('wang').raised('zhao');
    scene.happened({ type: 'floor.reordered', data: { order: ['zhao', 'li', 'wang'] } });
    expect(orderAfterMove(scene.state, 'li', -1)).toEqual(['li', 'zhao', 'wang']);
  });
});

describe('what awaits a unit', () => {
  test('goes from answering to confirming to replying, and then is done', () => {
    const scene = room().tabled(1, 'li').assigned(1, '住建局');
    const kinds = () => awaitingUnit(scene.state, scene.me('bureau')).map(({ kind }) => kind);
    expect(kinds()).toEqual(['answer']);
    scene.recorded(1, '住建局');
    expect(kinds()).toEqual(['confirm']);
    scene.happened({ type: 'response.confirmed', data: { response: 'r1', unit: '住建局' } });
    expect(kinds()).toEqual(['publish']);
    scene.published(1, '住建局');
    expect(kinds()).toEqual([]);
    scene.happened({
      type: 'response.questioned',
      data: { response: 'r1', text: '何时？', name: 'li' },
    });
    expect(kinds()).toEqual(['reply']);
    scene.happened({ type: 'response.answered', data: { response: 'r1', text: '六月' } });
    expect(kinds()).toEqual([]);
  });

  test('is nothing for another unit, and nothing for a member', () => {
    const scene = room().tabled(1, 'li').assigned(1, '住建局');
    expect(awaitingUnit(scene.state, scene.me('traffic'))).toEqual([]);
    expect(awaitingUnit(scene.state, scene.me('li'))).toEqual([]);
  });
});

describe('opinions', () => {
  test('[OPN7] one that is merged waits for nobody by itself, and has come as far as its main one', () => {
    const scene = room()
      .tabled(1, 'li')
      .tabled(2, 'wang')
      .assigned(1, '交通局')
      .assigned(2, '住建局');
    const merged = { opinion: 'o2', into: 'o1', published: false };
    scene.happened({ type: 'opinion.merged', data: merged });
    const second = () => stageOf(scene.state, scene.state.opinions.o2!);
    const waiting = () =>
      unansweredByUnit(scene.state).map(({ unit, opinions }) => [unit, opinions.length]);
    expect([waiting(), awaitingUnit(scene.state, scene.me('bureau'))]).toEqual([
      [['交通局', 1]],
      [],
    ]);
    scene.recorded(1, '交通局').published(1, '交通局');
    expect([second(), waiting()]).toEqual(['answered', []]);
    expect(answeredOpinions(scene.state).map(({ opinion }) => opinion.no)).toEqual([1]);
    scene.happened({ type: 'opinion.split', data: { opinion: 'o2', published: false } });
    expect([second(), waiting()]).toEqual(['assigned', [['住建局', 1]]]);
  });

  test('an opinion that is only recorded does not count as answered', () => {
    const scene = room().tabled(1, 'li').assigned(1, '住建局').recorded(1, '住建局');
    const first = () => stageOf(scene.state, scene.state.opinions.o1!);
    expect(first()).toBe('assigned');
    scene.published(1, '住建局');
    expect(first()).toBe('answered');
  });

  test('the desk sees what nobody answers: unassigned first, then unit by unit', () => {
    const scene = room().tabled(1, 'li').tabled(2, 'li').tabled(3, 'zhao');
    scene.assigned(1, '交通局').assigned(3, '住建局').published(3, '住建局');
    const groups = unansweredByUnit(scene.state).map(({ unit, opinions }) => [
      unit,
      opinions.map((o) => o.no),
    ]);
    expect(groups).toEqual([
      [undefined, [2]],
      ['交通局', [1]],
    ]);
    expect(unitFigures(scene.state)).toEqual([
      { unit: '住建局', assigned: 1, answered: 1, commitments: 1, medianTime: 0 },
      { unit: '交通局', assigned: 1, answered: 0, commitments: 0 },
    ]);
  });

  test('the time to the first answer counts from being given the opinion', () => {
    const scene = room().tabled(1, 'li').tabled(2, 'li').tabled(3, 'li');
    scene.later(MINUTE).assigned(1, '住建局').assigned(2, '住建局').assigned(3, '住建局');
    scene
      .later(2 * MINUTE)
      .published(1, '住建局')
      .later(6 * MINUTE)
      .published(2, '住建局');
    expect(unitFigures(scene.state)[0]).toMatchObject({ answered: 2, medianTime: 5 * MINUTE });
  });

  test('[OPN10] what a unit handed back waits for the desk, and is no task of the unit meanwhile', () => {
    const scene = room().tabled(1, 'li').assigned(1, '住建局');
    expect(awaitingUnit(scene.state, scene.me('bureau'))).toHaveLength(1);
    const before = scene.state;
    scene.happened({
      type: 'opinion.handedBack',
      data: { opinion: 'o1', unit: '住建局', reason: '属街道' },
    });
    expect(awaitingUnit(scene.state, scene.me('bureau'))).toEqual([]);
    expect(unansweredByUnit(scene.state).map(({ unit }) => unit)).toEqual([undefined]);
    expect(announcementsBetween(before, scene.state, 'chair')).toEqual([
      { kind: 'handed-back', no: 1, unit: '住建局' },
    ]);
    expect(announcementsBetween(before, scene.state, 'bureau')).toEqual([]);
  });

  test('a department hears at once what it is given, and sees what it assists with', () => {
    const scene = room().tabled(1, 'li');
    const before = scene.state;
    scene.happened({
      type: 'opinion.assigned',
      data: { opinion: 'o1', lead: '住建局', assist: ['交通局'] },
    });
    const heard = (person: string) => announcementsBetween(before, scene.state, person);
    expect(heard('bureau')).toEqual([{ kind: 'assigned', no: 1, opinion: 'o1' }]);
    expect([heard('traffic'), heard('li')]).toEqual([[], []]);
    const assists = (person: string) => assistedBy(scene.state, scene.me(person)).length;
    expect([assists('bureau'), assists('traffic')]).toEqual([0, 1]);
    scene.published(1, '住建局');
    expect(assists('traffic')).toBe(0);
  });

  test('responses stand by opinion, the newest first', () => {
    const scene = room()
      .tabled(1, 'li')
      .tabled(2, 'li')
      .assigned(1, '住建局')
      .assigned(2, '交通局');
    scene.published(2, '交通局').later(MINUTE).published(1, '住建局');
    expect(answeredOpinions(scene.state).map(({ opinion }) => opinion.no)).toEqual([1, 2]);
  });
});

describe('times', () => {
  test('a due day is counted in working days over the National Day holidays', () => {
    expect(duePreview(Date.UTC(2026, 8, 30, 2), 1, 'working')).toEqual({
      day: '2026-10-08',
      provisional: false,
    });
    expect(duePreview(Date.UTC(2026, 8, 30, 2), 1, 'calendar')?.day).toBe('2026-10-01');
    expect(duePreview(Date.UTC(2026, 8, 30, 2), 1.5, 'working')).toBeUndefined();
  });

  test('a stage that runs over says by how much, and the meeting how far it is behind', () => {
    const scene = room()
      .stage('briefing', 10)
      .later(12 * MINUTE);
    expect(currentRow(scene.state.agenda, scene.now)?.left).toBe(-2 * MINUTE);
    expect(drift(stageRows(scene.state.agenda, scene.now))).toBe(2 * MINUTE);
  });
});

describe('the roster', () => {
  test('stands by site with who is connected, and can be searched', () => {
    const scene = room().happened({
      type: 'attendance.checkedIn',
      data: { person: 'li', site: 'hall' },
    });
    scene.happened({ type: 'attendance.checkedIn', data: { person: 'zhao', site: 'onsite' } });
    const groups = rosterBySite(scene.state, { connected: ['li'] });
    const dots = groups.flatMap(({ rows }) =>
      rows.map(({ participant, dot }) => [participant.id, dot]),
    );
    expect(dots).toContainEqual(['li', 'connected']);
    expect(dots).toContainEqual(['zhao', 'present']);
    expect(dots).toContainEqual(['wang', 'expected']);
    expect(groups.map(({ site, present }) => [site, present])).toEqual([
      ['hall', 1],
      ['onsite', 1],
      ['mobile', 0],
    ]);
    const found = rosterBySite(scene.state, { connected: [] }, ' 交通');
    expect(found.flatMap(({ rows }) => rows.map(({ participant }) => participant.id))).toEqual([
      'traffic',
    ]);
  });

  test('asks to check in only while the meeting is on and one is not there yet', () => {
    const scene = room();
    expect(needsCheckIn(scene.state, 'li', 0)).toBe(true);
    scene.happened({ type: 'attendance.checkedIn', data: { person: 'li', site: 'hall' } });
    expect(needsCheckIn(scene.state, 'li', 0)).toBe(false);
    scene.happened({ type: 'consultation.ended', data: {} });
    expect(needsCheckIn(scene.state, 'wang', 0)).toBe(false);
  });

  test('asks to check in from an hour before the meeting, not days ahead', () => {
    const { roster, lifecycle } = room().state;
    const startsAt = Date.parse('2026-11-24T06:00:00Z');
    const coming = { roster, lifecycle: { ...lifecycle, phase: 'prepared', startsAt } } as const;
    expect(needsCheckIn(coming, 'li', startsAt - 61 * 60_000)).toBe(false);
    expect(needsCheckIn(coming, 'li', startsAt - 59 * 60_000)).toBe(true);
  });

  test('shows whom the desk looks for: those who are missing, those who are excused', () => {
    const scene = room();
    scene.happened({ type: 'attendance.checkedIn', data: { person: 'li', site: 'hall' } });
    scene.happened({ type: 'attendance.excused', data: { person: 'wang' } });
    const ids = (view: RosterView) =>
      rosterBySite(scene.state, { connected: [] }, '', view).flatMap(({ rows }) =>
        rows.map(({ participant }) => participant.id),
      );
    expect(ids('present')).toEqual(['li']);
    expect(ids('excused')).toEqual(['wang']);
    expect(ids('missing')).not.toContain('wang');
    expect(ids('missing').length).toBe(ids('all').length - 2);
  });
});

test('stage, speaker and responses are announced as they happen, and nothing when one enters', () => {
  const scene = room().tabled(1, 'li').assigned(1, '住建局');
  const before = scene.state;
  scene.stage('speeches').raised('li').called('li').published(1, '住建局');
  expect(announcementsBetween(before, scene.state, 'li')).toEqual([
    { kind: 'stage', title: 'speeches', minutes: 10 },
    { kind: 'speaker', name: 'li名', unit: '', mine: true },
    { kind: 'response', no: 1, unit: '住建局' },
  ]);
  expect(announcementsBetween({ ...before, seq: 0 }, scene.state, 'li')).toEqual([]);
});
