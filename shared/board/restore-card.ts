import * as Y from 'yjs';
import { spansOf, type Authorship, type Copy, type Span } from './authorship.ts';
import { cardBody, cardsOf, cardText } from './schema.ts';

/** A character and where it was first written. */
interface Letter {
  readonly letter: string;
  readonly of: Copy['of'];
}

/**
 * Makes a card what it was in a past document: a deleted one comes back with all that it held; of one that is there
 * only the text is made what it was, by the least that has to go and come, so that carets and what others are writing
 * in it stay where they are. Answers what was brought back, for its writers to keep it; none when nothing changed.
 * Call inside a transaction.
 */
export function restoreCard(
  doc: Y.Doc,
  past: Y.Doc,
  id: string,
  authorship: Pick<Authorship, 'originsOf'>,
): readonly Copy[] {
  const earlier = cardBody(past, id);
  if (!earlier) return [];
  const body = cardBody(doc, id) ?? bringBack(doc, past, id);
  const lettersOf = (text: Y.Text) => spansOf(text).flatMap((span) => letters(span, authorship));
  const copies = rewrite(body, lettersOf(body), lettersOf(earlier));
  if (cardText(doc, id) !== cardText(past, id)) throw new Error('not the text that it was');
  return copies;
}

/** The card as it was, but for its words. */
function bringBack(doc: Y.Doc, past: Y.Doc, id: string): Y.Text {
  const card = new Y.Map<unknown>();
  const body = new Y.Text();
  const earlier = cardBody(past, id);
  cardsOf(past)
    .get(id)
    ?.forEach((value: unknown, key) => {
      const copied = value instanceof Y.AbstractType ? value.clone() : value;
      card.set(key, value === earlier ? body : copied);
    });
  (cardsOf(doc) as Y.Map<unknown>).set(id, card);
  return body;
}

const letters = (span: Span, authorship: Pick<Authorship, 'originsOf'>): Letter[] =>
  authorship.originsOf(span).map((of, n) => ({ of, letter: span.text.charAt(n) }));

function rewrite(body: Y.Text, there: readonly Letter[], wanted: readonly Letter[]): Copy[] {
  const textOf = (all: readonly Letter[]) => all.map(({ letter }) => letter).join('');
  if (textOf(there) === textOf(wanted)) return [];
  const kept = inCommon(there, wanted);
  const stays = new Set(kept.map(([index]) => index));
  for (let end = there.length; end > 0;) {
    let start = end;
    while (start > 0 && !stays.has(start - 1)) start -= 1;
    if (start < end) body.delete(start, end - start);
    end = start - 1;
  }
  const comes = new Set(kept.map(([, index]) => index));
  const copies: Copy[] = [];
  for (let start = 0; start < wanted.length; start += 1) {
    let end = start;
    while (end < wanted.length && !comes.has(end)) end += 1;
    if (end > start) copies.push(...insert(body, start, wanted.slice(start, end)));
    start = end;
  }
  return copies;
}

function insert(body: Y.Text, at: number, words: readonly Letter[]): Copy[] {
  const { doc } = body;
  if (!doc) throw new Error('a text of no document');
  const client = doc.clientID;
  const clock = Y.getState(doc.store, client);
  body.insert(at, words.map(({ letter }) => letter).join(''));
  const copies: Copy[] = [];
  words.forEach(({ of }, n) => {
    const last = copies[copies.length - 1];
    const follows = last?.of.client === of.client && last.of.clock + last.length === of.clock;
    if (follows) copies[copies.length - 1] = { ...last, length: last.length + 1 };
    else copies.push({ client, clock: clock + n, length: 1, of });
  });
  return copies;
}

/** What both hold, in an order that both have: pairs of an index here and there, as many as can be. */
function inCommon(
  there: readonly Letter[],
  wanted: readonly Letter[],
): (readonly [number, number])[] {
  const key = ({ of }: Letter) => `${of.client}/${of.clock}`;
  const placeByKey = new Map(wanted.map((letter, index) => [key(letter), index]));
  const pairs = there.flatMap((letter, index) => {
    const place = placeByKey.get(key(letter));
    return place === undefined ? [] : [[index, place] as const];
  });
  // the longest increasing run: `ends[n]` is the pair with the lowest place that ends one of n + 1
  const ends: number[] = [];
  const before: (number | undefined)[] = [];
  pairs.forEach(([, place], index) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((pairs[ends[middle] ?? 0]?.[1] ?? 0) < place) low = middle + 1;
      else high = middle;
    }
    before[index] = ends[low - 1];
    ends[low] = index;
  });
  const common: (readonly [number, number])[] = [];
  for (let at = ends[ends.length - 1]; at !== undefined; at = before[at]) {
    const pair = pairs[at];
    if (pair) common.unshift(pair);
  }
  return common;
}
