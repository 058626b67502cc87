import { expect, test } from 'vitest';
import { bottomActions } from '../../client/room/main-action.ts';
import { Scene } from './room-scene.ts';

const kinds = (scene: Scene, person: string) =>
  bottomActions(scene.state, scene.me(person), scene.can(person)).map(({ kind }) => kind);

const room = () =>
  new Scene()
    .person('chair', 'moderator')
    .person('li', 'member')
    .person('wang', 'member')
    .person('bureau', 'department', '住建局')
    .person('guest', 'observer')
    .opened();

test('a member raises a hand first where one speaks, and writes first where one listens', () => {
  expect(kinds(room().stage('speeches'), 'li')).toEqual(['raise', 'write']);
  expect(kinds(room().stage('briefing'), 'li')).toEqual(['write', 'raise']);
});

test('whoever waits is told their place, and whoever speaks sees only that first', () => {
  const scene = room().stage('speeches').raised('wang').raised('li');
  const [first] = bottomActions(scene.state, scene.me('li'), scene.can('li'));
  expect(first).toMatchObject({ kind: 'waiting', place: 2 });
  expect(kinds(scene.called('li'), 'li')).toEqual(['speaking', 'write']);
});

test('a department’s main button is what its unit owes, and its hand when it owes nothing', () => {
  const scene = room().stage('speeches').tabled(1, 'li');
  expect(kinds(scene, 'bureau')).toEqual(['raise', 'write']);
  expect(kinds(scene.assigned(1, '住建局'), 'bureau')).toEqual(['respond', 'raise']);
  expect(kinds(scene.published(1, '住建局'), 'bureau')).toEqual(['raise', 'write']);
});

test('an observer has nothing to press; the moderator has the way to the desk', () => {
  const scene = room().stage('speeches');
  expect(kinds(scene, 'guest')).toEqual([]);
  expect(kinds(scene, 'chair')).toEqual(['desk', 'write']);
});

test('after the end a department can still answer, and nobody raises a hand', () => {
  const scene = room().tabled(1, 'li').assigned(1, '住建局');
  scene.happened({ type: 'consultation.ended', data: {} });
  expect(kinds(scene, 'bureau')).toEqual(['respond']);
  expect(kinds(scene, 'li')).toEqual([]);
});

test('before the meeting one prepares drafts, and raises no hand', () => {
  const scene = new Scene().person('li', 'member').person('guest', 'observer');
  expect(kinds(scene, 'li')).toEqual(['write']);
  expect(kinds(scene, 'guest')).toEqual([]);
});
