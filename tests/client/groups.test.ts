import { describe, expect, test } from 'vitest';
import { orderLanes } from '../../client/board/lane-order.ts';
import { originOf } from '../../client/board/origin.ts';
import { LaneView } from '../../client/board/views.svelte.ts';
import { GroupPlan } from '../../client/desk/group-plan.svelte.ts';
import { announcementsBetween } from '../../client/room/announcements.ts';
import { justCollected, leftOf } from '../../client/room/apart.ts';
import { apartIn } from '../../shared/consultation/groups.ts';
import { MINUTE, Scene } from './room-scene.ts';

const room = () =>
  new Scene()
    .person('chair', 'moderator')
    .person('li', 'member')
    .person('wang', 'representative', '', 'mobile')
    .person('zhao', 'member', '', 'onsite')
    .person('bureau', 'department', '住建局')
    .person('guan', 'observer')
    .opened();

const present = (scene: Scene, ...people: string[]) => {
  for (const person of people) {
    const { site = 'hall' } = scene.state.roster[person]!;
    scene.happened({ type: 'attendance.checkedIn', data: { person, site } });
  }
  return scene;
};

const apart = (minutes = 10) =>
  room().happened({
    type: 'group.formed',
    data: {
      groups: [
        { id: 'g1', title: '第一组', members: ['li', 'wang'] },
        { id: 'g2', title: '第二组', members: ['zhao'] },
      ],
      minutes,
    },
  });
const together = (scene: Scene, ...groups: string[]) =>
  scene.happened({ type: 'group.collected', data: { groups } });

describe('the plan of groups', () => {
  const words = { numbered: (no: number) => `${no}组`, ofSite: (site: string) => `${site}组` };
  const planOf = (scene: Scene) => new GroupPlan(() => scene.state.roster, words);

  test('[GRP1] evenly: those who are there and speak, sizes one apart at most; the desk is left out', () => {
    const plan = planOf(present(room(), 'chair', 'li', 'wang', 'zhao'));
    plan.evenly(2);
    expect(plan.formed).toEqual([
      { title: '1组', members: ['li', 'zhao'] },
      { title: '2组', members: ['wang'] },
    ]);
    expect(plan.membersOf(undefined).map(({ id }) => id)).toEqual(['chair', 'bureau']);
    expect(plan.lack).toBeUndefined();
  });

  test('[GRP1] by site: a group for each place where somebody is', () => {
    const plan = planOf(present(room(), 'li', 'zhao', 'bureau'));
    plan.bySite();
    expect(plan.formed).toEqual([
      { title: 'hall组', members: ['li', 'bureau'] },
      { title: 'onsite组', members: ['zhao'] },
    ]);
  });

  test('[GRP1] by hand: people are put, groups added, renamed and dropped; what is missing is said', () => {
    const plan = planOf(present(room(), 'li', 'wang'));
    expect(plan.lack).toBe('groups');
    plan.evenly(2);
    plan.add();
    expect(plan.lack).toBe('people');
    const [first, second, third] = plan.groups;
    plan.put('chair', third!.key);
    plan.put('li', undefined);
    expect(plan.lack).toBe('people');
    plan.drop(first!.key);
    expect(plan.lack).toBeUndefined();
    second!.title = ' 3组';
    expect(plan.lack).toBe('titles');
    second!.title = '甲组';
    expect(plan.formed).toEqual([
      { title: '甲组', members: ['wang'] },
      { title: '3组', members: ['chair'] },
    ]);
    plan.drop(second!.key);
    expect(plan.membersOf(undefined).map(({ id }) => id)).toContain('wang');
  });
});

test('[GRP4] one’s own group’s lane is first and the other groups’ last; who is in none sees the groups first', () => {
  const lane = (id: string, group?: string) => {
    const view = new LaneView(id);
    if (group !== undefined) Object.assign(view, { kind: 'group', group });
    return view;
  };
  const lanes = [lane('hall'), lane('public'), lane('a', 'g1'), lane('b', 'g2')];
  const order = (group?: string) => orderLanes(lanes, group).map(({ id }) => id);
  expect(order('g2')).toEqual(['b', 'hall', 'public', 'a']);
  expect(order()).toEqual(['a', 'b', 'hall', 'public']);
});

test('[GRP6] a card says where it comes from, also before the server has put it in its place', () => {
  const { groups } = together(apart(), 'g1').state;
  const of = (lane: string, origin?: string) =>
    originOf({ lane, ...(origin !== undefined && { origin }) }, groups)?.title;
  expect(of('hall', 'g1')).toBe('第一组');
  expect(of('group-g1')).toBe('第一组');
  // still apart: it lies in the group's own lane
  expect(of('group-g2')).toBeUndefined();
  expect([of('hall'), of('hall', 'nobody'), of('group-x')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

describe('who can’t see the room', () => {
  const news = (before: Scene['state'], after: Scene['state'], me: string) =>
    announcementsBetween(before, after, me);

  test('[GRP1] is told the own group, a change of it, and that all are together again', () => {
    const scene = room();
    const before = scene.state;
    const parted = apart();
    expect(news(before, parted.state, 'li')).toEqual([{ kind: 'apart', group: '第一组' }]);
    expect(news(before, parted.state, 'guan')).toEqual([{ kind: 'groups', count: 2 }]);
    const then = parted.state;
    parted.happened({ type: 'group.moved', data: { person: 'li', group: 'g2' } });
    expect(news(then, parted.state, 'li')).toEqual([{ kind: 'apart', group: '第二组' }]);
    expect(news(then, parted.state, 'wang')).toEqual([]);
    const last = together(parted, 'g1').state;
    expect(news(then, last, 'wang')).toEqual([]);
    expect(news(last, together(parted, 'g2').state, 'wang')).toEqual([{ kind: 'together' }]);
  });
});

test('[GRP2] the banner counts down to the first group’s time, and says for a minute that all are together', () => {
  const scene = apart();
  scene.happened({ type: 'group.extended', data: { groups: ['g1'], minutes: 5 } });
  scene.later(4 * MINUTE);
  expect(leftOf(apartIn(scene.state.groups), scene.now)).toBe(6 * MINUTE);
  expect(leftOf([], scene.now)).toBeUndefined();
  expect(justCollected(scene.state.groups, scene.now)).toBe(false);
  together(scene, 'g1');
  expect(justCollected(scene.state.groups, scene.now)).toBe(false);
  together(scene.later(MINUTE), 'g2');
  expect(justCollected(scene.state.groups, scene.now + 59_000)).toBe(true);
  expect(justCollected(scene.state.groups, scene.now + 60_000)).toBe(false);
  expect(justCollected({}, scene.now)).toBe(false);
});
