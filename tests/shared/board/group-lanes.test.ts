import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { groupLane, settleGroupLanes } from '../../../shared/board/group-lanes.ts';
import { mergeCard, mergeOf } from '../../../shared/board/merging.ts';
import {
  addCard,
  addLane,
  byOrder,
  cardsOf,
  cardText,
  lanesOf,
  moveCard,
  readCard,
  readLanes,
} from '../../../shared/board/schema.ts';
import { stopped } from '../../../shared/consultation/clock.ts';
import type { Group } from '../../../shared/consultation/groups.ts';

const group = (id: string, title: string): Group => ({
  id,
  title,
  members: ['alice'],
  formedBy: 'mona',
  formedAt: 1,
  clock: stopped,
});
const collected = (one: Group): Group => ({ ...one, collected: { by: 'mona', at: 2 } });
const first = group('c1.1', '第一组');
const second = group('c1.2', '第二组');

function boardWith(...lanes: Parameters<typeof addLane>[1][]): Y.Doc {
  const doc = new Y.Doc();
  for (const lane of lanes) addLane(doc, lane);
  return doc;
}
const hall = { id: 'hall', title: '会场意见', kind: 'site' } as const;
const common = { id: 'all', title: '大家的意见', kind: 'common' } as const;
const write = (doc: Y.Doc, id: string, lane: string) =>
  addCard(doc, { id, lane, author: 'alice', text: `${id}的文字`, createdAt: 1 });
const cardsIn = (doc: Y.Doc, lane: string) =>
  [...cardsOf(doc).keys()]
    .map((id) => readCard(doc, id)!)
    .filter((card) => card.lane === lane)
    .sort(byOrder)
    .map(({ id }) => id);
const titles = (doc: Y.Doc) => readLanes(doc).map(({ title }) => title);

/** Settling what is settled must write nothing: a node that looks again would otherwise never be done. */
function settledBytes(doc: Y.Doc, groups: readonly Group[]): void {
  settleGroupLanes(doc, groups);
  const before = Y.encodeStateAsUpdate(doc);
  settleGroupLanes(doc, groups);
  expect(Y.encodeStateAsUpdate(doc)).toEqual(before);
}

test('[GRP4] each group that is apart has one lane, named after it, however often it is looked at', () => {
  const doc = boardWith(hall);
  settledBytes(doc, [first, second]);
  expect(titles(doc)).toEqual(['会场意见', '第一组', '第二组']);
  expect(readLanes(doc)[1]).toMatchObject({ kind: 'group', group: 'c1.1' });
});

describe('[GRP5] what is collected', () => {
  test('lies at the end of the common lane, in its order, with its texts and its origin', () => {
    const doc = boardWith(hall, common);
    write(doc, 'x', 'all');
    settleGroupLanes(doc, [first, second]);
    for (const id of ['a', 'b', 'c']) write(doc, id, groupLane('c1.1'));
    write(doc, 'd', groupLane('c1.2'));
    write(doc, 'e', 'hall');
    moveCard(doc, 'c', groupLane('c1.1'), readCard(doc, 'a')!.order, readCard(doc, 'b')!.order);
    mergeCard(doc, 'a', 'b');
    const merged = mergeOf(doc, 'b', () => false);

    settledBytes(doc, [first, second].map(collected));
    expect(cardsIn(doc, 'all')).toEqual(['x', 'a', 'c', 'b', 'd']);
    expect(cardsIn(doc, 'hall')).toEqual(['e']);
    expect(['x', 'a', 'c', 'b', 'd'].map((id) => readCard(doc, id)!.origin)).toEqual([
      undefined,
      'c1.1',
      'c1.1',
      'c1.1',
      'c1.2',
    ]);
    expect(cardText(doc, 'c')).toBe('c的文字');
    expect(merged.merged).toHaveLength(1);
    expect(mergeOf(doc, 'b', () => false)).toEqual(merged);
    expect(titles(doc)).toEqual(['会场意见', '大家的意见']);
  });

  test('comes to a lane before all others where there is no common one; none is made for nothing', () => {
    const doc = boardWith(hall);
    settledBytes(doc, [collected(first)]);
    expect(titles(doc)).toEqual(['会场意见']);
    write(doc, 'a', groupLane('c1.1'));
    settledBytes(doc, [collected(first)]);
    expect(titles(doc)).toEqual(['集中意见', '会场意见']);
    write(doc, 'b', groupLane('c1.2'));
    settledBytes(doc, [first, second].map(collected));
    expect(cardsIn(doc, 'lane-common')).toEqual(['a', 'b']);
  });

  test('one group alone leaves the other in its lane', () => {
    const doc = boardWith(hall);
    settleGroupLanes(doc, [first, second]);
    write(doc, 'a', groupLane('c1.1'));
    write(doc, 'b', groupLane('c1.2'));
    settledBytes(doc, [collected(first), second]);
    expect(cardsIn(doc, groupLane('c1.2'))).toEqual(['b']);
    expect([...lanesOf(doc).keys()]).not.toContain(groupLane('c1.1'));
  });

  test('[GRP6] a card that comes into the lane after it has gone follows, with its origin', () => {
    const doc = boardWith(hall);
    settleGroupLanes(doc, [first]);
    write(doc, 'a', groupLane('c1.1'));
    const offline = new Y.Doc();
    Y.applyUpdate(offline, Y.encodeStateAsUpdate(doc));
    write(offline, 'late', groupLane('c1.1'));
    settleGroupLanes(doc, [collected(first)]);
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(offline));
    expect(readCard(doc, 'late')!.lane).toBe(groupLane('c1.1'));
    settledBytes(doc, [collected(first)]);
    expect(cardsIn(doc, 'lane-common')).toEqual(['a', 'late']);
    expect(readCard(doc, 'late')!.origin).toBe('c1.1');
  });
});
