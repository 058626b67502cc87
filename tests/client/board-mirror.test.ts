import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { BoardMirror, PUBLIC_LANE } from '../../client/board/mirror.ts';
import type { CardView, LaneView } from '../../client/board/views.svelte.ts';
import { mergeCard, splitCard } from '../../shared/board/merging.ts';
import { userOf } from '../../shared/board/presence.ts';
import {
  addCard,
  addLane,
  cardBody,
  moveCard,
  readCard,
  removeCard,
} from '../../shared/board/schema.ts';
import { watch } from './board-watch.svelte.ts';
import { Scene } from './room-scene.ts';

/** Two people's documents that hear of each other at once, and the first one's board. */
function twoDocs() {
  const mine = new Y.Doc();
  const theirs = new Y.Doc();
  mine.on(
    'update',
    (update: Uint8Array, origin) => origin !== theirs && Y.applyUpdate(theirs, update, mine),
  );
  theirs.on(
    'update',
    (update: Uint8Array, origin) => origin !== mine && Y.applyUpdate(mine, update, theirs),
  );
  addLane(theirs, { id: 'common', title: '意见', kind: 'common' });
  addLane(theirs, { id: 'hall', title: '会场', kind: 'site', site: 'hall' });
  for (const id of ['a', 'b', 'c'])
    addCard(theirs, { id, lane: 'common', author: 'chen', text: id, createdAt: 1 });
  const mirror = new BoardMirror();
  const unfollow = mirror.follow(mine);
  return { mine, theirs, mirror, unfollow };
}

const lane = (mirror: BoardMirror, id: string): LaneView =>
  mirror.lanes.find((each) => each.id === id)!;
const idsOf = (mirror: BoardMirror, id: string) => [...lane(mirror, id).cardIds];

/** What a component that draws this view reads of it. */
const drawing = (view: CardView | LaneView): unknown =>
  'cardIds' in view
    ? [view.title, view.kind, view.cardIds]
    : [view.head, view.text, view.stage, view.opinion, view.support, view.writers];

describe('the board as it is drawn', () => {
  test('lanes and cards come in their order, and a remote card appears at its place', () => {
    const { theirs, mirror } = twoDocs();
    expect(mirror.lanes.map(({ title }) => title)).toEqual(['意见', '会场']);
    expect(idsOf(mirror, 'common')).toEqual(['a', 'b', 'c']);
    addCard(theirs, { id: 'd', lane: 'common', author: 'li', createdAt: 2 });
    moveCard(theirs, 'd', 'common', readCard(theirs, 'a')?.order, readCard(theirs, 'b')?.order);
    expect(idsOf(mirror, 'common')).toEqual(['a', 'd', 'b', 'c']);
  });

  test('a keystroke redraws one card and nothing else', () => {
    const { theirs, mirror } = twoDocs();
    const views = [...mirror.cards.values(), ...mirror.lanes];
    const watches = views.map((view) => ({ id: view.id, watch: watch(() => drawing(view)) }));
    const lanes = watch(() => mirror.lanes);
    cardBody(theirs, 'b')!.insert(1, '！');
    expect(mirror.cards.get('b')?.text).toBe('b！');
    expect(watches.filter(({ watch: { changes } }) => changes > 0).map(({ id }) => id)).toEqual([
      'b',
    ]);
    expect(lanes.changes).toBe(0);
    for (const each of [lanes, ...watches.map(({ watch: inner }) => inner)]) each.stop();
  });

  test('[CLI23] on a board of a thousand cards a keystroke, and a caret, redraw one', () => {
    const { theirs, mirror } = twoDocs();
    theirs.transact(() => {
      for (let n = 3; n < 1_000; n += 1)
        addCard(theirs, { id: `n${n}`, lane: 'common', author: 'li', text: '意见', createdAt: n });
    });
    const views = [...mirror.cards.values(), ...mirror.lanes];
    expect(views).toHaveLength(1_002);
    const watches = views.map((view) => ({ id: view.id, watch: watch(() => drawing(view)) }));
    const redrawn = () =>
      watches.filter(({ watch: { changes } }) => changes > 0).map(({ id }) => id);
    cardBody(theirs, 'n200')!.insert(0, '改');
    expect(redrawn()).toEqual(['n200']);
    mirror.showWriters(new Map([['n300', [userOf({ id: 'li', name: '李' })]]]));
    expect(redrawn()).toEqual(['n200', 'n300']);
    mirror.showWriters(new Map());
    expect(mirror.cards.get('n300')!.writers).toEqual([]);
    for (const { watch: each } of watches) each.stop();
  });

  test('a move lists two lanes anew and leaves views and the rest as they are', () => {
    const { theirs, mirror } = twoDocs();
    const [viewB, lanes] = [mirror.cards.get('b'), mirror.lanes];
    moveCard(theirs, 'b', 'hall');
    expect([idsOf(mirror, 'common'), idsOf(mirror, 'hall')]).toEqual([['a', 'c'], ['b']]);
    expect(mirror.cards.get('b')).toBe(viewB);
    expect(mirror.lanes).toBe(lanes);
  });

  test('two moves of one card at the same time leave it in one place on both boards', () => {
    const { mine, theirs, mirror } = twoDocs();
    const offline = new Y.Doc();
    Y.applyUpdate(offline, Y.encodeStateAsUpdate(theirs));
    moveCard(offline, 'a', 'hall');
    moveCard(mine, 'a', 'common', readCard(mine, 'c')?.order);
    Y.applyUpdate(mine, Y.encodeStateAsUpdate(offline));
    const all = mirror.lanes.flatMap(({ cardIds }) => cardIds);
    expect(all.filter((id) => id === 'a')).toHaveLength(1);
    const other = new BoardMirror();
    other.follow(theirs);
    expect(other.lanes.map(({ cardIds }) => cardIds)).toEqual(
      mirror.lanes.map(({ cardIds }) => cardIds),
    );
  });

  test('a removed card goes, a hidden one is only out of sight', () => {
    const { theirs, mirror } = twoDocs();
    mirror.hide('a', true);
    expect(idsOf(mirror, 'common')).toEqual(['b', 'c']);
    mirror.hide('a', false);
    removeCard(theirs, 'c');
    expect(idsOf(mirror, 'common')).toEqual(['a', 'b']);
    expect(mirror.cards.has('c')).toBe(false);
  });

  test('a card of a lane that is gone is shown in the first lane', () => {
    const { theirs, mirror } = twoDocs();
    moveCard(theirs, 'a', 'hall');
    theirs.getMap('lanes').delete('hall');
    expect(idsOf(mirror, 'common')).toContain('a');
  });

  test('[BRD4] once tabled, a card shows the record’s text whatever the board says', () => {
    const { theirs, mirror } = twoDocs();
    addCard(theirs, { id: 'card1', lane: 'common', author: 'chen', text: '草稿', createdAt: 3 });
    const scene = new Scene()
      .person('chen', 'member')
      .person('hui', 'department', '住建局')
      .tabled(1, 'chen');
    mirror.lay(scene.state);
    const view = mirror.cards.get('card1')!;
    cardBody(theirs, 'card1')!.insert(0, '改了');
    expect([view.text, view.stage, view.subject.tabled]).toEqual(['第1条', 'tabled', true]);
    mirror.lay(scene.assigned(1, '住建局').state);
    expect(view.stage).toBe('assigned');
    mirror.lay(scene.recorded(1, '住建局').published(1, '住建局').state);
    expect(view.stage).toBe('answered');
  });

  test('an opinion that arrives before its card is laid on it when it comes', () => {
    const { theirs, mirror } = twoDocs();
    mirror.lay(new Scene().person('chen', 'member').tabled(1, 'chen').state);
    addCard(theirs, { id: 'card1', lane: 'common', author: 'chen', text: '草稿', createdAt: 3 });
    expect(mirror.cards.get('card1')?.stage).toBe('tabled');
  });

  test('opinions from the public have a lane of their own, by number', () => {
    const { mirror } = twoDocs();
    const scene = new Scene().person('chair', 'moderator');
    const opinion = { authors: [], source: 'public', text: '意见' } as const;
    for (const no of [2, 1])
      scene.happened({ type: 'opinion.tabled', data: { ...opinion, id: `p${no}`, no } });
    mirror.lay(scene.state);
    expect(mirror.lanes.map(({ id }) => id)).toEqual(['common', 'hall', PUBLIC_LANE]);
    expect(idsOf(mirror, PUBLIC_LANE)).toEqual(['opinion:p1', 'opinion:p2']);
  });

  test('support is told per card, and only when it changed', () => {
    const { theirs, mirror } = twoDocs();
    addCard(theirs, { id: 'card1', lane: 'common', author: 'chen', text: '草稿', createdAt: 3 });
    mirror.lay(new Scene().person('chen', 'member').tabled(1, 'chen').state);
    mirror.count({ o1: { members: 2, public: 5 } });
    const first = mirror.cards.get('card1')?.support;
    mirror.count({ o1: { members: 2, public: 5 } });
    expect(first).toEqual({ members: 2, public: 5 });
    expect(mirror.cards.get('card1')?.support).toBe(first);
    expect(mirror.cards.get('a')?.support).toBeUndefined();
  });

  test('[BRD20] a merged draft is drawn in its root; taken out, it lies where and as it was', () => {
    const { theirs, mirror } = twoDocs();
    const watched = [...mirror.cards.values()].map((view) => watch(() => [view.head, view.merged]));
    mergeCard(theirs, 'c', 'b');
    mergeCard(theirs, 'b', 'a');
    expect([idsOf(mirror, 'common'), mirror.cards.get('a')?.merged]).toEqual([['a'], ['b', 'c']]);
    const before = watched.map(({ changes }) => changes);
    cardBody(theirs, 'c')!.insert(1, '！');
    expect(watched.map(({ changes }) => changes)).toEqual(before);
    splitCard(theirs, 'b');
    expect([idsOf(mirror, 'common'), mirror.cards.get('a')?.merged]).toEqual([['a', 'b'], []]);
    expect(mirror.cards.get('b')?.merged).toEqual(['c']);
    for (const each of watched) each.stop();
  });

  test('[BRD20] a root that is removed, or about to be, leaves the others standing', () => {
    const { theirs, mirror } = twoDocs();
    mergeCard(theirs, 'b', 'a');
    mirror.hide('a', true);
    expect(idsOf(mirror, 'common')).toEqual(['b', 'c']);
    mirror.hide('a', false);
    expect(idsOf(mirror, 'common')).toEqual(['a', 'c']);
    removeCard(theirs, 'a');
    expect(idsOf(mirror, 'common')).toEqual(['b', 'c']);
  });

  test('whoever merges it, a card that is being written here stays under its writer’s hands', () => {
    const { theirs, mirror } = twoDocs();
    mirror.hold('b');
    mergeCard(theirs, 'b', 'a');
    expect(idsOf(mirror, 'common')).toEqual(['a', 'b', 'c']);
    mirror.hold(undefined);
    expect(idsOf(mirror, 'common')).toEqual(['a', 'c']);
  });

  test('[OPN6] [OPN9] the record says what is drawn in what, once it is tabled', () => {
    const { theirs, mirror } = twoDocs();
    const scene = new Scene().person('chen', 'member').tabled(2, 'chen');
    const credit = { person: 'chen', name: 'chen', unit: '', title: '' };
    scene.happened({
      type: 'opinion.tabled',
      data: {
        ...{ id: 'o1', no: 1, text: '主', authors: [credit], source: 'room', card: 'a' },
        merged: [{ card: 'c', text: '并入的原文', authors: [credit] }],
      },
    });
    const merged = { opinion: 'o1', into: 'o2', published: false };
    addCard(theirs, { id: 'card2', lane: 'hall', author: 'chen', text: '草稿', createdAt: 3 });
    cardBody(theirs, 'c')!.insert(0, '改了');
    mergeCard(theirs, 'b', 'a');
    mirror.lay(scene.state);
    expect(idsOf(mirror, 'common')).toEqual(['a', 'b']);
    expect(mirror.cards.get('a')?.merged).toEqual(['c']);
    expect([mirror.cards.get('c')?.text, mirror.cards.get('c')?.subject.tabled]).toEqual([
      '并入的原文',
      true,
    ]);
    mirror.lay(scene.happened({ type: 'opinion.merged', data: merged }).assigned(2, '局').state);
    expect([idsOf(mirror, 'common'), mirror.cards.get('card2')?.merged]).toEqual([
      ['b'],
      ['a', 'c'],
    ]);
    expect(mirror.cards.get('a')?.stage).toBe('assigned');
    const split = { opinion: 'o1', published: false };
    mirror.lay(scene.happened({ type: 'opinion.split', data: split }).state);
    expect([idsOf(mirror, 'common'), mirror.cards.get('a')?.stage]).toEqual([['a', 'b'], 'tabled']);
  });

  test('a fresh document takes over without emptying the board, and keeps views', () => {
    const { theirs, mirror, unfollow } = twoDocs();
    const viewA = mirror.cards.get('a');
    const afresh = new Y.Doc();
    unfollow();
    mirror.follow(afresh);
    expect(idsOf(mirror, 'common')).toEqual(['a', 'b', 'c']);
    removeCard(theirs, 'b');
    Y.applyUpdate(afresh, Y.encodeStateAsUpdate(theirs));
    expect(idsOf(mirror, 'common')).toEqual(['a', 'c']);
    expect(mirror.cards.get('a')).toBe(viewA);
  });
});
