// What a board must be whatever was sent to it, told without the server's own rules.
import * as Y from 'yjs';
import { boardLimits, cardsOf, lanesOf, orderBetween } from '../../shared/board/schema.ts';

/** What is wrong with a board; empty when nothing is. */
export function faultsOf(doc: Y.Doc): string[] {
  const faults: string[] = [];
  const roots = [...doc.share.keys()].filter((name) => name !== 'cards' && name !== 'lanes');
  if (roots.length > 0) faults.push(`roots ${roots.join()}`);
  if (doc.store.pendingStructs || doc.store.pendingDs) faults.push('something is pending');
  if (doc.subdocs.size > 0) faults.push('documents within');
  if (cardsOf(doc).size > boardLimits.cards) faults.push('too many cards');
  if (lanesOf(doc).size > boardLimits.lanes) faults.push('too many lanes');
  for (const [id, card] of cardsOf(doc)) faults.push(...faultsOfCard(id, card));
  for (const [id, lane] of lanesOf(doc)) faults.push(...faultsOfLane(id, lane));
  return faults;
}

const isWord = (value: unknown, most: number) =>
  typeof value === 'string' && value.length > 0 && value.length <= most;

function faultsOfCard(id: string, card: unknown): string[] {
  if (!(card instanceof Y.Map)) return [`card ${id} is none`];
  const known = ['lane', 'order', 'author', 'onBehalfOf', 'kind', 'body', 'createdAt', 'into'];
  const body: unknown = card.get('body');
  const checks: [string, boolean][] = [
    ['keys', [...card.keys()].every((key) => known.includes(key))],
    ['id', id.length <= 100],
    ['lane', isWord(card.get('lane'), 100)],
    ['order', hasRoomBeside(card.get('order'))],
    ['author', isWord(card.get('author'), 100)],
    ['onBehalfOf', !card.has('onBehalfOf') || isWord(card.get('onBehalfOf'), 100)],
    ['into', !card.has('into') || (isWord(card.get('into'), 100) && card.get('into') !== id)],
    ['kind', ['opinion', 'question', 'note'].includes(card.get('kind') as string)],
    ['createdAt', Number.isFinite(card.get('createdAt'))],
    ['body', body instanceof Y.Text && isPlainText(body) && body.length <= boardLimits.cardChars],
  ];
  return checks.flatMap(([what, fine]) => (fine ? [] : [`card ${id}: ${what}`]));
}

/** Whoever adds at the end reckons with the last key. */
function hasRoomBeside(order: unknown): boolean {
  try {
    return isWord(order, 1_000) && orderBetween(order as string, undefined) !== '';
  } catch {
    return false;
  }
}

const isPlainText = (body: Y.Text): boolean =>
  (body.toDelta() as { insert?: unknown; attributes?: unknown }[]).every(
    ({ insert, attributes }) => typeof insert === 'string' && attributes === undefined,
  );

function faultsOfLane(id: string, lane: unknown): string[] {
  if (!(lane instanceof Y.Map)) return [`lane ${id} is none`];
  const known = ['title', 'order', 'kind', 'site'];
  const fine =
    [...lane.keys()].every((key) => known.includes(key)) &&
    isWord(lane.get('title'), boardLimits.titleChars) &&
    hasRoomBeside(lane.get('order')) &&
    ['common', 'site', 'public'].includes(lane.get('kind') as string);
  return fine ? [] : [`lane ${id}`];
}

/** The document as bytes: equal, if and only if nothing was written or deleted. */
export const bytesOf = (doc: Y.Doc): string =>
  Buffer.from(Y.encodeStateAsUpdate(doc)).toString('base64');
