import type * as Y from 'yjs';

/**
 * Hears of own edits, each as an update; returns how to stop. While anyone listens for updates, Yjs writes one for
 * every change, others' too: so one listens only while an own edit is made, and what others write costs nothing more.
 */
export function onOwnUpdate(
  doc: Y.Doc,
  tell: (update: Uint8Array, transaction: Y.Transaction) => void,
): () => void {
  const updated = (
    update: Uint8Array,
    _origin: unknown,
    _doc: Y.Doc,
    transaction: Y.Transaction,
  ) => {
    if (transaction.local) tell(update, transaction);
  };
  const begins = ({ local }: Y.Transaction) => {
    if (local) doc.on('update', updated);
  };
  const ended = () => doc.off('update', updated);
  doc.on('beforeTransaction', begins);
  doc.on('afterAllTransactions', ended);
  return () => {
    ended();
    doc.off('beforeTransaction', begins);
    doc.off('afterAllTransactions', ended);
  };
}
