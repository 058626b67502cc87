import type * as Y from 'yjs';
import { cardsOf, cardText, readCard, textHash, type CardHead } from './schema.ts';

/**
 * 并案 among drafts. A card says which card it goes `into`, and nothing else: what is written on it, its lane and its
 * place stay its own, so that taking it out again restores all of it. Merges made at the same time may form chains and
 * circles; they are not forbidden but read, alike everywhere:
 *
 * 1. A card follows its `into` to the end of the chain; the card there is its root, and carries it.
 * 2. In a circle the smallest id is the root.
 * 3. An `into` that leads from or to a tabled card, or to none, says nothing.
 */
export type Pointers = ReadonlyMap<string, string>;

/** The root of every card that points to another; roots themselves are not in it. Each pointer is followed once. */
export function rootsOf(intoByCard: Pointers): Map<string, string> {
  const rootByCard = new Map<string, string>();
  for (const start of intoByCard.keys()) {
    const path: string[] = [];
    const placeInPath = new Map<string, number>();
    let at = start;
    let root: string | undefined;
    while (root === undefined) {
      const circle = placeInPath.get(at);
      if (circle !== undefined) root = path.slice(circle).reduce((a, b) => (a < b ? a : b));
      else if (rootByCard.has(at)) root = rootByCard.get(at);
      else {
        const next = intoByCard.get(at);
        if (next === undefined) root = at;
        else {
          placeInPath.set(at, path.length);
          path.push(at);
          at = next;
        }
      }
    }
    for (const card of path) rootByCard.set(card, root);
  }
  for (const [card, root] of rootByCard) if (card === root) rootByCard.delete(card);
  return rootByCard;
}

/** What counts of what the cards say. `stands`: there is such a card, and it is not tabled. */
export function pointersAmong(
  heads: Iterable<Pick<CardHead, 'id' | 'into'>>,
  stands: (card: string) => boolean,
): Map<string, string> {
  const intoByCard = new Map<string, string>();
  for (const { id, into } of heads) {
    if (into !== undefined && into !== id && stands(id) && stands(into)) intoByCard.set(id, into);
  }
  return intoByCard;
}

/** Merged cards in the order in which they were begun; ids break ties alike everywhere. */
export const byAge = (
  a: Pick<CardHead, 'id' | 'createdAt'>,
  b: Pick<CardHead, 'id' | 'createdAt'>,
): number => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);

/** A card merged into another, as far as tabling needs it. */
export type MergedCard = Pick<CardHead, 'author' | 'onBehalfOf'> & {
  readonly card: string;
  readonly text: string;
};

/** Which card carries this one (absent: it stands for itself), and what it carries itself, in order. */
export function mergeOf(
  doc: Y.Doc,
  card: string,
  isTabled: (card: string) => boolean,
): { readonly root?: string; readonly merged: readonly MergedCard[] } {
  const cards = cardsOf(doc);
  const pointing: CardHead[] = [];
  for (const [id, map] of cards) {
    const head = map.has('into') ? readCard(doc, id) : undefined;
    if (head) pointing.push(head);
  }
  const stands = (id: string) => cards.has(id) && !isTabled(id);
  const rootByCard = rootsOf(pointersAmong(pointing, stands));
  const root = rootByCard.get(card);
  const merged = pointing
    .filter(({ id }) => rootByCard.get(id) === card)
    .sort(byAge)
    .map(({ id, author, onBehalfOf }) => ({
      card: id,
      text: cardText(doc, id),
      author,
      ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
    }));
  return root === undefined ? { merged } : { root, merged };
}

/** Merges a card into another; call inside a transaction with the caller's origin. */
export function mergeCard(doc: Y.Doc, id: string, into: string): void {
  cardsOf(doc).get(id)?.set('into', into);
}

/** 拆出: the card stands for itself again, where and as it was. */
export function splitCard(doc: Y.Doc, id: string): void {
  cardsOf(doc).get(id)?.delete('into');
}

/** Of all that a person looked at before tabling: the card's own text, and those merged into it. */
export const lookedHash = (
  text: string,
  merged: readonly Pick<MergedCard, 'card' | 'text'>[],
): string =>
  merged.length === 0
    ? textHash(text)
    : textHash(JSON.stringify([text, ...merged.map((each) => [each.card, each.text])]));
