import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { findMarks, MARK_LENGTH, markOf, MAX_STROKES } from './marks.ts';

function marksIn(bytes: Uint8Array, from = 0, to = bytes.length): [number, number][] {
  const found: [number, number][] = [];
  findMarks(bytes, from, to, (writer, stroke) => found.push([writer, stroke]));
  return found;
}

test('a mark is eight letters, and is found among other bytes', () => {
  const mark = markOf({ writer: 35 * 36, stroke: 46_655 });
  expect(mark).toHaveLength(MARK_LENGTH);
  expect(marksIn(Buffer.from(`~~意见${mark};~00`))).toEqual([[35 * 36, 46_655]]);
});

test('marks that stand side by side are found, those beyond the place are not', () => {
  const two = Buffer.from(markOf({ writer: 1, stroke: 2 }) + markOf({ writer: 3, stroke: 4 }));
  expect(marksIn(two)).toEqual([
    [1, 2],
    [3, 4],
  ]);
  expect(marksIn(two, 1)).toEqual([[3, 4]]);
  expect(marksIn(two, 0, two.length - 1)).toEqual([[1, 2]]);
});

test('a mark is found in an update of Yjs, and in several that were merged', () => {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  for (const stroke of [7, 8]) doc.getText('body').insert(0, markOf({ writer: 5, stroke }));
  expect(updates.map((update) => marksIn(update))).toEqual([[[5, 7]], [[5, 8]]]);
  expect(marksIn(Y.mergeUpdates(updates)).sort()).toEqual([
    [5, 7],
    [5, 8],
  ]);
});

test('what does not fit into a mark is an error, not another mark', () => {
  expect(() => markOf({ writer: 0, stroke: MAX_STROKES })).toThrow(RangeError);
});
