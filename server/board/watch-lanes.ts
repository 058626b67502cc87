import type * as Y from 'yjs';
import { cardsOf, lanesOf } from '../../shared/board/schema.ts';

type Type = Y.AbstractType<unknown>;

/** Tells when lanes came or went, and when a card came into a lane that is not there. */
export function watchLanes(doc: Y.Doc, onUnsettled: () => void): void {
  const cards = cardsOf(doc);
  const lanes = lanesOf(doc);
  const isStray = (id: string): boolean => {
    const lane = cards.get(id)?.get('lane');
    return typeof lane === 'string' && !lanes.has(lane);
  };
  // asked for every update: a keystroke changes one text, which is passed over
  const unsettles = (type: Type, keys: ReadonlySet<string | null>): boolean => {
    if (type === (lanes as Type)) return true;
    if (type === (cards as Type)) return [...keys].some((key) => key !== null && isStray(key));
    const item = type._item;
    return keys.has('lane') && item?.parent === (cards as Type) && isStray(item.parentSub ?? '');
  };
  doc.on('afterTransaction', ({ changed }: Y.Transaction) => {
    for (const [type, keys] of changed)
      if (unsettles(type as Type, keys)) {
        onUnsettled();
        return;
      }
  });
}
