// What stands on a board and what is typed on it, made with real documents before anything is measured.
import * as Y from 'yjs';
import { addCard, cardBody } from '../../../shared/board/schema.ts';
import { markOf } from './marks.ts';

const LANE = 'lane';
const CHARS = '关于老旧小区加装电梯的几点建议请有关部门研究并答复居民反映的停车难问题';
const CARDS_PER_UPDATE = 100;

export const cardId = (index: number): string => `card-${index}`;

const words = (length: number, from: number): string =>
  Array.from({ length }, (_, at) => CHARS[(from + at) % CHARS.length]).join('');

/** Updates of a document, one a transaction. */
function updatesOf(doc: Y.Doc, work: () => void): Uint8Array[] {
  const updates: Uint8Array[] = [];
  const note = (update: Uint8Array) => void updates.push(update);
  doc.on('update', note);
  work();
  doc.off('update', note);
  return updates;
}

/** A board of so many cards, in updates of a hundred cards. */
export function plantedBoard(author: string, cards: number, charsEach = 60): Uint8Array[] {
  const doc = new Y.Doc();
  return updatesOf(doc, () => {
    for (let start = 0; start < cards; start += CARDS_PER_UPDATE) {
      doc.transact(() => {
        const end = Math.min(cards, start + CARDS_PER_UPDATE);
        for (let index = start; index < end; index += 1) {
          const text = words(charsEach, index);
          const head = { id: cardId(index), lane: LANE, author, createdAt: 1_700_000_000_000 };
          addCard(doc, { ...head, text });
        }
      });
    }
  });
}

export const CHARS_PER_EDIT = 6;

/** Cards of one author written in small edits, one update each: the first makes the card, the others add to it. */
export function grownCards(author: string, from: number, cards: number, editsEach: number) {
  const doc = new Y.Doc();
  return updatesOf(doc, () => {
    for (let index = from; index < from + cards; index += 1) {
      const head = { id: cardId(index), lane: LANE, author, createdAt: 1_700_000_000_000 };
      doc.transact(() => addCard(doc, { ...head, text: words(CHARS_PER_EDIT, index) }));
      for (let edit = 1; edit < editsEach; edit += 1) {
        const body = cardBody(doc, cardId(index));
        doc.transact(() => body?.insert(body.length, words(CHARS_PER_EDIT, index + edit)));
      }
    }
  });
}

/** A card has room for so many marks, beside what stands in it. */
const MARKS_PER_CARD = 400;
export const cardsFor = (writers: number, strokes: number): number =>
  writers * Math.ceil(strokes / MARKS_PER_CARD);

/**
 * What each writer will type, stroke by stroke: a mark at the end of a card that is the writer's alone for the time
 * being, under the writer's own client id.
 */
export function strokesOf(
  planted: readonly Uint8Array[],
  writers: number,
  strokes: number,
): Uint8Array[][] {
  const doc = new Y.Doc();
  for (const update of planted) Y.applyUpdate(doc, update);
  return Array.from({ length: writers }, (_, writer) => {
    doc.clientID = new Y.Doc().clientID;
    return updatesOf(doc, () => {
      for (let stroke = 0; stroke < strokes; stroke += 1) {
        const card = writer + writers * Math.floor(stroke / MARKS_PER_CARD);
        const body = cardBody(doc, cardId(card));
        if (!body) throw new Error(`no card ${card} to write in`);
        doc.transact(() => body.insert(body.length, markOf({ writer, stroke })));
      }
    });
  });
}
