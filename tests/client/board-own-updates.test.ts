import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { onOwnUpdate } from '../../client/connection/own-updates.ts';

const text = (doc: Y.Doc) => doc.getText('t');

/** A document, what is heard of it, and how often Yjs wrote an update. */
function listening() {
  const doc = new Y.Doc();
  const heard: Uint8Array[] = [];
  const stop = onOwnUpdate(doc, (update) => heard.push(update));
  return { doc, heard, stop };
}

test('own edits are heard as updates that make another copy the same', () => {
  const { doc, heard, stop } = listening();
  text(doc).insert(0, '一');
  doc.transact(() => text(doc).insert(1, '二'), 'undo');
  const copy = new Y.Doc();
  for (const update of heard) Y.applyUpdate(copy, update);
  expect([heard.length, text(copy).toJSON()]).toEqual([2, '一二']);
  stop();
  text(doc).insert(0, '三');
  expect(heard).toHaveLength(2);
});

test('[CLI23] what others write is not written as an update anew', () => {
  const { doc, heard } = listening();
  const other = new Y.Doc();
  text(other).insert(0, '别人');
  let listeners = 0;
  doc.on('afterTransactionCleanup', () => (listeners += doc._observers.has('update') ? 1 : 0));
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
  expect([text(doc).toJSON(), heard.length, listeners]).toEqual(['别人', 0, 0]);
  text(doc).insert(0, '我');
  expect([heard.length, listeners, doc._observers.has('update')]).toEqual([1, 1, false]);
});

test('an own edit made while another’s is taken is heard as well', () => {
  const { doc, heard } = listening();
  const other = new Y.Doc();
  text(other).insert(0, '别人');
  let answered = false;
  text(doc).observe(() => {
    if (!answered) doc.transact(() => text(doc).insert(0, '答'));
    answered = true;
  });
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
  for (const update of heard) Y.applyUpdate(other, update);
  expect(text(other).toJSON()).toBe(text(doc).toJSON());
});
