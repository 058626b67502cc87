import type * as Y from 'yjs';
import { inOrderFormed, type Group, type Groups } from '../consultation/groups.ts';
import {
  addLane,
  byOrder,
  cardsOf,
  lanesOf,
  lastOrder,
  orderBetween,
  readCard,
  readLanes,
  wholeText,
  type CardHead,
} from './schema.ts';

const PREFIX = 'group-';
/** Where cards come together when the board has no common lane. */
const COMMON_LANE = { id: 'lane-common', title: '集中意见', kind: 'common' } as const;

/** The lane of a group: named after it, so that it is made once, whoever makes it. */
export const groupLane = (group: string): string => PREFIX + group;

/** Lanes of this name are the server's alone. */
export const isGroupLane = (lane: string): boolean => lane.startsWith(PREFIX);

/** The groups whose lanes a person's commands ask for: an edit is made in somebody's name. */
export function groupsByWhoAsked(groups: Groups): Map<string, Group[]> {
  const byPerson = new Map<string, Group[]>();
  for (const group of inOrderFormed(groups)) {
    const person = group.collected?.by ?? group.formedBy;
    byPerson.set(person, [...(byPerson.get(person) ?? []), group]);
  }
  return byPerson;
}

/**
 * Brings the board's lanes in accord with the record's groups: those who are apart have their lane; of those who were
 * collected the cards lie at the end of the common lane, in their order, with their origin, and their lane is gone.
 * Changes nothing where that is so: it may be done again at any time, by anyone.
 */
export function settleGroupLanes(doc: Y.Doc, groups: readonly Group[]): void {
  const cardsByLane = cardsInGroupLanes(doc);
  for (const { id, title, collected } of groups) {
    const lane = groupLane(id);
    const there = lanesOf(doc).has(lane);
    if (!collected) {
      if (!there) addLane(doc, { id: lane, title: wholeText(title), kind: 'group', group: id });
      continue;
    }
    collect(doc, cardsByLane.get(lane) ?? [], id);
    if (there) lanesOf(doc).delete(lane);
  }
}

function cardsInGroupLanes(doc: Y.Doc): Map<string, CardHead[]> {
  const byLane = new Map<string, CardHead[]>();
  for (const id of cardsOf(doc).keys()) {
    const card = readCard(doc, id);
    if (card && isGroupLane(card.lane))
      byLane.set(card.lane, [...(byLane.get(card.lane) ?? []), card]);
  }
  return byLane;
}

/** Written offline into a lane that has gone, a card comes here later than the others, and then lies after them. */
function collect(doc: Y.Doc, cards: readonly CardHead[], group: string): void {
  if (cards.length === 0) return;
  const common = commonLane(doc);
  let last = lastOrder(doc, common);
  for (const { id } of [...cards].sort(byOrder)) {
    const card = cardsOf(doc).get(id);
    last = orderBetween(last, undefined);
    card?.set('lane', common);
    card?.set('order', last);
    card?.set('origin', group);
  }
}

/** The first of its kind; where there is none, one is put before all others: what was collected is talked about next. */
function commonLane(doc: Y.Doc): string {
  const lanes = readLanes(doc);
  const known = lanes.find(({ id, kind }) => kind === 'common' || id === COMMON_LANE.id);
  if (known) return known.id;
  addLane(doc, COMMON_LANE, orderBetween(undefined, lanes[0]?.order));
  return COMMON_LANE.id;
}
