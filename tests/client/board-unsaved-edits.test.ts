import { describe, expect, test } from 'vitest';
import { UnsavedEdits } from '../../client/connection/unsaved-edits.ts';

describe('own edits on their way to the disk', () => {
  test('[BRD7] an edit is unsaved until the server has saved the frame that carried it', () => {
    const unsaved = new UnsavedEdits();
    unsaved.frameSent(); // step 2 of the handshake, nothing in it
    for (const card of ['a', 'b']) {
      unsaved.edited([card]);
      unsaved.frameSent();
    }
    unsaved.saved(1);
    expect(unsaved.count).toBe(2);
    unsaved.saved(2);
    expect([unsaved.count, [...unsaved.cards()]]).toEqual([1, ['b']]);
    unsaved.saved(3);
    expect(unsaved.count).toBe(0);
  });

  test('[BRD7] after a cut every unconfirmed edit waits again, and the next step 2 carries them all', () => {
    const unsaved = new UnsavedEdits();
    unsaved.frameSent();
    unsaved.edited(['a']);
    unsaved.frameSent();
    unsaved.connectionLost();
    unsaved.edited(['b']);
    unsaved.saved(0);
    expect(unsaved.count).toBe(2);
    unsaved.frameSent();
    unsaved.saved(1);
    expect(unsaved.count).toBe(0);
  });

  test('[CLI2] what an earlier visit left waits like one’s own', () => {
    const unsaved = new UnsavedEdits();
    unsaved.adopted(3, ['a']);
    expect([unsaved.count, [...unsaved.cards()]]).toEqual([3, ['a']]);
    unsaved.frameSent();
    unsaved.saved(1);
    expect(unsaved.count).toBe(0);
  });

  test('an edit made after a frame left is not covered by it', () => {
    const unsaved = new UnsavedEdits();
    unsaved.edited(['a']);
    unsaved.frameSent();
    unsaved.edited(['b']);
    unsaved.saved(1);
    expect([...unsaved.cards()]).toEqual(['b']);
  });
});
