import * as Y from 'yjs';
import { isGroupLane } from '../../shared/board/group-lanes.ts';
import {
  boardLimits,
  cardsOf,
  cardText,
  isOrder,
  lanesOf,
  MAX_ORDER_CHARS,
} from '../../shared/board/schema.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import { can, type Subject } from '../../shared/policy/can.ts';
import type { ResetReason } from '../../shared/wire/board-frames.ts';

/** A card as it was before the change that is judged. */
export interface KnownCard {
  readonly map: Y.AbstractType<unknown>;
  readonly owners: readonly string[];
}

export interface Circumstances {
  readonly actor: Actor;
  readonly tabled: (card: string) => boolean;
  /** By id; what is not here did not exist. */
  readonly cardsBefore: ReadonlyMap<string, KnownCard>;
}

type Type = Y.AbstractType<unknown>;
type Place =
  | { readonly in: 'cards' | 'lanes' }
  | { readonly in: 'card' | 'body' | 'lane'; readonly id: string }
  | undefined;

const cardKeys = new Set([
  'lane',
  'order',
  'author',
  'onBehalfOf',
  'kind',
  'body',
  'createdAt',
  'into',
]);
const movableKeys = new Set(['lane', 'order']);
const cardKinds = new Set(['opinion', 'question', 'note']);
const laneKeys = new Set(['title', 'order', 'kind', 'site']);
/** A group's lane is the server's to make: its kind and its key `group` come from nobody else. */
const laneKinds = new Set(['common', 'site', 'public']);
const MAX_ID_CHARS = 100;

/** Why a change must not be; `undefined` when it may. Asked while its transaction is still open to inspection. */
export function whyRefused(
  transaction: Y.Transaction,
  circumstances: Circumstances,
): ResetReason | undefined {
  const { doc } = transaction;
  for (const [type, keys] of transaction.changed) {
    const reason = refusalAt(doc, placeOf(doc, type as Type), keys, circumstances);
    if (reason !== undefined) return reason;
  }
  return everyNewItemFits(transaction) ? undefined : 'schema';
}

function refusalAt(
  doc: Y.Doc,
  place: Place,
  keys: ReadonlySet<string | null>,
  circumstances: Circumstances,
): ResetReason | undefined {
  if (!place || (place.in !== 'body' && keys.has(null))) return 'schema';
  const { actor, tabled, cardsBefore } = circumstances;
  switch (place.in) {
    case 'cards':
      return first([...keys] as string[], (id) => refusalOfCard(doc, id, circumstances));
    case 'lanes':
      if (!can(actor, 'lane.edit')) return 'forbidden';
      return lanesOf(doc).size > boardLimits.lanes
        ? 'schema'
        : first([...keys] as string[], (id) => refusalOfLane(doc, id));
    case 'lane':
      return can(actor, 'lane.edit') ? refusalOfLane(doc, place.id) : 'forbidden';
    case 'card':
      return (
        first([...keys] as string[], (key) => refusalOfKey(place.id, key, circumstances)) ??
        cardFits(doc, place.id)
      );
    case 'body':
      if (tabled(place.id)) return 'tabled';
      if (!can(actor, 'card.edit', subjectOf(place.id, cardsBefore, tabled))) return 'forbidden';
      return cardFits(doc, place.id);
  }
}

/** What of a card changes after it was made: where it lies, and what it is merged into. */
function refusalOfKey(
  id: string,
  key: string,
  { actor, tabled, cardsBefore }: Circumstances,
): ResetReason | undefined {
  const subject = subjectOf(id, cardsBefore, tabled);
  if (movableKeys.has(key)) return can(actor, 'card.move', subject) ? undefined : 'forbidden';
  if (key !== 'into') return 'schema';
  if (tabled(id)) return 'tabled';
  return can(actor, 'card.merge', subject) ? undefined : 'forbidden';
}

/** A card that came, went, or was put in another's place. */
function refusalOfCard(
  doc: Y.Doc,
  id: string,
  { actor, tabled, cardsBefore }: Circumstances,
): ResetReason | undefined {
  const before = cardsBefore.get(id);
  const after = cardsOf(doc).get(id);
  if (before && before.map === after) return undefined; // a rival of the same id that lost
  if (before) {
    if (tabled(id)) return 'tabled';
    if (!can(actor, 'card.delete', subjectOf(id, cardsBefore, tabled))) return 'forbidden';
  }
  if (!after) return undefined;
  const misfit = cardFits(doc, id);
  if (misfit !== undefined) return misfit;
  if (!can(actor, 'card.create') || after.get('author') !== actor.person) return 'forbidden';
  if (after.has('onBehalfOf') && !can(actor, 'card.createFor')) return 'forbidden';
  return cardsBefore.size >= boardLimits.cards && !before ? 'schema' : undefined;
}

const subjectOf = (
  id: string,
  cards: Circumstances['cardsBefore'],
  tabled: Circumstances['tabled'],
): Subject => ({ owners: cards.get(id)?.owners ?? [], tabled: tabled(id) });

function cardFits(doc: Y.Doc, id: string): ResetReason | undefined {
  const card = cardsOf(doc).get(id);
  const fits =
    card instanceof Y.Map &&
    id.length <= MAX_ID_CHARS &&
    isText(card.get('lane'), 1, MAX_ID_CHARS) &&
    isOrderKey(card.get('order')) &&
    isText(card.get('author'), 1, MAX_ID_CHARS) &&
    cardKinds.has(card.get('kind') as string) &&
    Number.isFinite(card.get('createdAt')) &&
    (!card.has('onBehalfOf') || isText(card.get('onBehalfOf'), 1, MAX_ID_CHARS)) &&
    (!card.has('into') || (isText(card.get('into'), 1, MAX_ID_CHARS) && card.get('into') !== id));
  const body = fits ? card.get('body') : undefined;
  if (!(body instanceof Y.Text) || body.length > boardLimits.cardChars) return 'schema';
  return isWhole(cardText(doc, id)) ? undefined : 'schema';
}

function refusalOfLane(doc: Y.Doc, id: string): ResetReason | undefined {
  if (isGroupLane(id)) return 'forbidden';
  const lane = lanesOf(doc).get(id);
  if (lane === undefined) return undefined; // it went
  const fits =
    lane instanceof Y.Map &&
    id.length <= MAX_ID_CHARS &&
    isText(lane.get('title'), 1, boardLimits.titleChars) &&
    isOrderKey(lane.get('order')) &&
    laneKinds.has(lane.get('kind') ?? '') &&
    (!lane.has('site') || isText(lane.get('site'), 1, MAX_ID_CHARS));
  return fits ? undefined : 'schema';
}

/** As `wholeText` leaves it. Asked for every keystroke, of the whole card: an edit can part what stands beside it. */
const isWhole = (words: string): boolean => words.isWellFormed() && !words.includes('\ufffd');

const isOrderKey = (value: unknown): boolean =>
  isText(value, 1, MAX_ORDER_CHARS) && isOrder(value as string);

const isText = (value: unknown, least: number, most: number): boolean =>
  typeof value === 'string' && value.length >= least && value.length <= most;

/** Every item that is new and not deleted at once is of the kind that its place holds. */
function everyNewItemFits({ doc, beforeState, afterState }: Y.Transaction): boolean {
  for (const [client, clock] of afterState) {
    const before = beforeState.get(client) ?? 0;
    const structs = doc.store.clients.get(client);
    if (clock === before || !structs) continue;
    for (let index = Y.findIndexSS(structs, before); index < structs.length; index += 1) {
      const struct = structs[index];
      if (struct instanceof Y.Item && !struct.deleted && !itemFits(doc, struct)) return false;
    }
  }
  return true;
}

function itemFits(doc: Y.Doc, { parent, parentSub, content }: Y.Item): boolean {
  const place = placeOf(doc, parent as Type);
  switch (place?.in) {
    case 'cards':
    case 'lanes':
      return isType(content, Y.Map);
    case 'card':
      if (parentSub === null || !cardKeys.has(parentSub)) return false;
      return parentSub === 'body' ? isType(content, Y.Text) : content instanceof Y.ContentAny;
    case 'lane':
      return parentSub !== null && laneKeys.has(parentSub) && content instanceof Y.ContentAny;
    case 'body':
      return parentSub === null && content instanceof Y.ContentString;
    case undefined:
      return false;
  }
}

const isType = (content: unknown, constructor: unknown): boolean =>
  content instanceof Y.ContentType && content.type.constructor === constructor;

function placeOf(doc: Y.Doc, type: Type): Place {
  const item = type._item;
  if (!item) {
    if (type === cardsOf(doc)) return { in: 'cards' };
    return type === lanesOf(doc) ? { in: 'lanes' } : undefined;
  }
  const { parent, parentSub: key } = item;
  if (key === null) return undefined;
  const above = parent as Type;
  if (above === cardsOf(doc)) return { in: 'card', id: key };
  if (above === lanesOf(doc)) return { in: 'lane', id: key };
  const card = above._item;
  const isBody = key === 'body' && card?.parent === cardsOf(doc);
  return isBody && card.parentSub !== null ? { in: 'body', id: card.parentSub } : undefined;
}

function first<T, R>(items: readonly T[], look: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = look(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
