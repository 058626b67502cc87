import type * as Y from 'yjs';
import { cardsOf } from '../../shared/board/schema.ts';

/** Tells of cards that are gone from a document, whoever removed them. */
export function watchRemovals(doc: Y.Doc, onRemoved: (cards: readonly string[]) => void): void {
  cardsOf(doc).observe(({ changes }) => {
    const gone = [...changes.keys].flatMap(([card, { action }]) =>
      action === 'delete' ? [card] : [],
    );
    if (gone.length > 0) onRemoved(gone);
  });
}
