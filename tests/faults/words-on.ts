import type * as Y from 'yjs';
import { cardsOf, cardText } from '../../shared/board/schema.ts';

/** Every card with its text, in one order whoever reads: the same characters in another order are not the same. */
export const wordsOn = (doc: Y.Doc): string =>
  JSON.stringify([...cardsOf(doc).keys()].sort().map((id) => [id, cardText(doc, id)]));
