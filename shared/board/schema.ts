import { generateKeyBetween } from 'fractional-indexing';
import { digest } from 'lib0/hash/sha256';
import { toHexString } from 'lib0/buffer';
import { encodeUtf8 } from 'lib0/string';
import * as Y from 'yjs';
import type { CardPicture, Picture } from '../pictures.ts';

/**
 * The board's document: typed reads and edits. Nothing else names its keys.
 *
 *   lanes: Y.Map<laneId, Y.Map { title, order, kind, site?, group? }>
 *   cards: Y.Map<cardId, Y.Map { lane, order, author, onBehalfOf?, kind, body: Y.Text, createdAt, into?, origin?, files? }>
 *   files: Y.Map<pictureId, 'at/width×height/person'>, which only the server changes
 *
 * Order keys are fractional indexes, so that a move is one assignment and never doubles a card. People are ids; names
 * come from the roster. A card's author is set when it is made and never changes.
 */
export type LaneKind = 'common' | 'site' | 'group' | 'public';
export type CardKind = 'opinion' | 'question' | 'note';

export interface Lane {
  readonly id: string;
  readonly title: string;
  readonly order: string;
  readonly kind: LaneKind;
  readonly site?: string;
  /** The record's group whose lane it is; the server's word. */
  readonly group?: string;
}

/** A card without its text: what a list needs. */
export interface CardHead {
  readonly id: string;
  readonly lane: string;
  readonly order: string;
  readonly author: string;
  readonly onBehalfOf?: string;
  readonly kind: CardKind;
  readonly createdAt: number;
  /** 并案: the card that it says it is merged into; `merging.ts` says what comes of that. */
  readonly into?: string;
  /** The record's group from whose lane it was collected; the server's word. */
  readonly origin?: string;
}

export const boardLimits = { cards: 5_000, lanes: 60, cardChars: 4_000, titleChars: 60 } as const;

type YLane = Y.Map<string>;
type YFiles = Y.Map<string>;
type YCard = Y.Map<string | number | Y.Text | YFiles>;

export const lanesOf = (doc: Y.Doc): Y.Map<YLane> => doc.getMap('lanes');
export const cardsOf = (doc: Y.Doc): Y.Map<YCard> => doc.getMap('cards');

export function readLane(doc: Y.Doc, id: string): Lane | undefined {
  const lane = lanesOf(doc).get(id);
  if (!(lane instanceof Y.Map)) return undefined;
  const site = lane.get('site');
  const group = lane.get('group');
  return {
    id,
    title: text(lane.get('title')),
    order: text(lane.get('order')),
    kind: (lane.get('kind') ?? 'common') as LaneKind,
    ...(site === undefined ? {} : { site }),
    ...(group === undefined ? {} : { group }),
  };
}

export const readLanes = (doc: Y.Doc): Lane[] =>
  [...lanesOf(doc).keys()]
    .map((id) => readLane(doc, id))
    .filter((lane) => lane !== undefined)
    .sort(byOrder);

export function readCard(doc: Y.Doc, id: string): CardHead | undefined {
  const card = cardsOf(doc).get(id);
  if (!(card instanceof Y.Map)) return undefined;
  const onBehalfOf = card.get('onBehalfOf');
  const into = card.get('into');
  const origin = card.get('origin');
  return {
    id,
    lane: text(card.get('lane')),
    order: text(card.get('order')),
    author: text(card.get('author')),
    kind: (card.get('kind') ?? 'opinion') as CardKind,
    createdAt: Number(card.get('createdAt') ?? 0),
    ...(typeof onBehalfOf === 'string' ? { onBehalfOf } : {}),
    ...(typeof into === 'string' ? { into } : {}),
    ...(typeof origin === 'string' ? { origin } : {}),
  };
}

/** The card's own text, to bind an editor to; `undefined` when there is no such card. */
export function cardBody(doc: Y.Doc, id: string): Y.Text | undefined {
  const card = cardsOf(doc).get(id);
  const body = card instanceof Y.Map ? card.get('body') : undefined;
  return body instanceof Y.Text ? body : undefined;
}

// eslint-disable-next-line @typescript-eslint/no-base-to-string -- Y.Text's toString is its text
export const cardText = (doc: Y.Doc, id: string): string => cardBody(doc, id)?.toString() ?? '';

const filesOf = (doc: Y.Doc, card: string): YFiles | undefined => {
  const files = cardsOf(doc).get(card)?.get('files');
  return files instanceof Y.Map ? files : undefined;
};

/** The pictures on a card, first come first. */
export function cardPictures(doc: Y.Doc, card: string): CardPicture[] {
  const filed = [...(filesOf(doc, card)?.entries() ?? [])].flatMap(([id, note]) => {
    const [, at, width, height, by] = /^(\d+)\/(\d+)×(\d+)(?:\/(.+))?$/.exec(note) ?? [];
    const size = { width: Number(width), height: Number(height) };
    return at === undefined ? [] : [{ at, picture: { id, ...size, ...(by && { by }) } }];
  });
  return filed
    .sort((a, b) => Number(a.at) - Number(b.at) || (a.picture.id < b.picture.id ? -1 : 1))
    .map(({ picture }) => picture);
}

/** Those on several cards, none twice, as the record names them. */
export const picturesOn = (doc: Y.Doc, cards: readonly string[]): Picture[] => {
  const pictures = cards.flatMap((card) => cardPictures(doc, card));
  return pictures
    .filter(({ id }, index) => pictures.findIndex((each) => each.id === id) === index)
    .map(({ id, width, height }) => ({ id, width, height }));
};

/** For the server alone: the gate takes no pictures from anyone. */
export function putPicture(
  doc: Y.Doc,
  card: string,
  { id, width, height, by }: CardPicture,
  at: number,
): void {
  const map = cardsOf(doc).get(card);
  if (!map) return;
  const files: YFiles = filesOf(doc, card) ?? new Y.Map();
  if (!map.has('files')) map.set('files', files);
  files.set(id, `${at}/${width}×${height}${by === undefined ? '' : `/${by}`}`);
}

export const takePicture = (doc: Y.Doc, card: string, id: string): void =>
  filesOf(doc, card)?.delete(id);

/** Order of lanes, and of cards in a lane; ids break ties alike everywhere. */
export const byOrder = (
  a: { order: string; id: string },
  b: { order: string; id: string },
): number => (a.order < b.order ? -1 : a.order > b.order ? 1 : a.id < b.id ? -1 : 1);

/** Order keys grow by a character with every few cards put into the same gap. */
export const MAX_ORDER_CHARS = 1_000;

/** A key that sorts between two neighbours; `undefined` stands for an end. Two equal neighbours sort by id: take the end. */
export function orderBetween(before: string | undefined, after: string | undefined): string {
  const open = before !== undefined && after !== undefined && before >= after;
  const key = generateKeyBetween(before ?? null, open ? null : (after ?? null));
  // a key as long as may be has no longer one after it: equal keys sort by id, so the lane stays open to everyone
  return key.length > MAX_ORDER_CHARS ? (before ?? after ?? key) : key;
}

/** Can neighbours be put beside it? One that can't be reckoned with would keep everyone out of its lane. */
export function isOrder(key: string): boolean {
  if (!/^[A-Za-z][0-9A-Za-z]*$/.test(key)) return false;
  try {
    generateKeyBetween(key, null);
    return true;
  } catch {
    return false;
  }
}

export interface NewCard {
  readonly id: string;
  readonly lane: string;
  readonly author: string;
  readonly onBehalfOf?: string;
  readonly kind?: CardKind;
  readonly text?: string;
  readonly createdAt: number;
}

/** Adds a card at the end of its lane. Call inside a transaction with the caller's origin. */
export function addCard(
  doc: Y.Doc,
  { id, lane, author, onBehalfOf, kind, text: words, createdAt }: NewCard,
): void {
  const card: YCard = new Y.Map();
  const body = new Y.Text();
  if (words) body.insert(0, wholeText(words));
  const values = {
    lane,
    order: orderBetween(lastOrder(doc, lane), undefined),
    author,
    kind: kind ?? 'opinion',
    createdAt,
  };
  for (const [key, value] of Object.entries(values)) card.set(key, value);
  if (onBehalfOf !== undefined) card.set('onBehalfOf', onBehalfOf);
  card.set('body', body);
  cardsOf(doc).set(id, card);
}

/** Adds a lane, after all others unless its order says otherwise. */
export function addLane(
  doc: Y.Doc,
  { id, title, kind, site, group }: Omit<Lane, 'order'>,
  order = orderBetween(readLanes(doc).pop()?.order, undefined),
): void {
  const lane: YLane = new Y.Map();
  lane.set('title', title);
  lane.set('order', order);
  lane.set('kind', kind);
  if (site !== undefined) lane.set('site', site);
  if (group !== undefined) lane.set('group', group);
  lanesOf(doc).set(id, lane);
}

/** Moves a card between two neighbours of a lane; `undefined` neighbours mean the lane's ends. */
export function moveCard(
  doc: Y.Doc,
  id: string,
  lane: string,
  before?: string,
  after?: string,
): void {
  const card = cardsOf(doc).get(id);
  if (!card) return;
  if (card.get('lane') !== lane) card.set('lane', lane);
  card.set('order', orderBetween(before, after));
}

export const removeCard = (doc: Y.Doc, id: string): void => cardsOf(doc).delete(id);

/** The key of a lane's last card. */
export function lastOrder(doc: Y.Doc, lane: string): string | undefined {
  let last: string | undefined;
  for (const card of cardsOf(doc).values()) {
    if (card.get('lane') !== lane) continue;
    const order = text(card.get('order'));
    if (last === undefined || order > last) last = order;
  }
  return last;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * Half a character beyond the basic plane, or the mark that stands for what could not be read. Yjs puts the mark where
 * an edit parts such a character, and a copy that meets the same edits in another grouping may then order them
 * otherwise: so no card holds either.
 */
const parted = /[\ud800-\udfff\ufffd]/gu;

/** The same words without what no card can hold. */
export const wholeText = (words: string): string => words.replace(parted, '');

/** Hex SHA-256 of a text in UTF-8, computed in plain JavaScript: `crypto.subtle` is missing on plain HTTP. */
export const textHash = (words: string): string => toHexString(digest(encodeUtf8(words)));
