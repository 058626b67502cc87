/** One own edit that the server has not said to be on disk. */
interface Unsaved {
  readonly cards: readonly string[];
  /** Number of the frame that carried it on this connection; absent while it waits for one. */
  frame?: number;
}

/**
 * Own edits on their way to the server's disk.
 *
 * 1. Frames that carry content (sync step 2 and updates) are counted from 1 on each connection, as the server counts
 *    what it receives; `saved {n}` covers the first n.
 * 2. An edit waits until a frame carries it. Step 2 carries all that wait, an update the edit just made.
 * 3. A cut makes everything wait again: the next connection's step 2 carries whatever the server lacks.
 */
export class UnsavedEdits {
  #edits: Unsaved[] = [];
  #frames = 0;

  get count(): number {
    return this.#edits.length;
  }

  /** The cards that the unsaved edits touched. */
  cards(): Set<string> {
    return new Set(this.#edits.flatMap(({ cards }) => cards));
  }

  edited(cards: Iterable<string>): void {
    this.#edits.push({ cards: [...cards] });
  }

  frameSent(): void {
    this.#frames += 1;
    for (let i = this.#edits.length - 1; i >= 0; i -= 1) {
      const edit = this.#edits[i];
      if (!edit || edit.frame !== undefined) break;
      edit.frame = this.#frames;
    }
  }

  /** Returns how many edits have just become safe. */
  saved(frames: number): number {
    const before = this.#edits.length;
    this.#edits = this.#edits.filter(({ frame }) => frame === undefined || frame > frames);
    return before - this.#edits.length;
  }

  /** The document that they were made in is gone. */
  clear(): void {
    this.#edits = [];
    this.#frames = 0;
  }

  connectionLost(): void {
    this.#frames = 0;
    for (const edit of this.#edits) delete edit.frame;
  }

  /** What an earlier visit left behind: so many edits of these cards. */
  adopted(count: number, cards: readonly string[]): void {
    for (let i = 0; i < count; i += 1) this.#edits.push({ cards });
  }
}
