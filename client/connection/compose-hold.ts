/** A composition of which nothing was heard for so long has lost its end event. */
const IDLE_LIMIT_MS = 15_000;
/** After its end event, the editor takes a moment to read the result from the page. */
const SETTLE_STEP_MS = 20;
const SETTLE_LIMIT_MS = 500;

/**
 * Lets frames from the server wait while an input method is composing: a change of the text under a composition breaks
 * it and leaves raw pinyin. A CRDT takes them later without loss.
 *
 * 1. Frames are handed on in the order they came, all at once, and none is dropped.
 * 2. A hold ends with the composition, on leaving the editor, or when nothing is heard of the composition for
 *    `idleLimit` milliseconds.
 */
export class ComposeHold<Frame> {
  readonly #deliver: (frames: readonly Frame[]) => void;
  readonly #idleLimit: number;
  #held: Frame[] | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(deliver: (frames: readonly Frame[]) => void, idleLimit = IDLE_LIMIT_MS) {
    this.#deliver = deliver;
    this.#idleLimit = idleLimit;
  }

  get holding(): boolean {
    return this.#held !== undefined;
  }

  /** Keeps the frame while composing; `false` means: take it now. */
  keeps(frame: Frame): boolean {
    this.#held?.push(frame);
    return this.#held !== undefined;
  }

  /** The composition began or went on. */
  heard(): void {
    this.#held ??= [];
    this.#after(this.#idleLimit, () => this.release());
  }

  /** The composition ended; `settling` says whether the editor still reads its result. */
  ended(settling: () => boolean): void {
    if (!this.#held) return;
    let waited = 0;
    const look = () => {
      if (waited >= SETTLE_LIMIT_MS || !settling()) return this.release();
      waited += SETTLE_STEP_MS;
      this.#after(SETTLE_STEP_MS, look);
    };
    this.#after(0, look);
  }

  release(): void {
    this.#after();
    const held = this.#held;
    this.#held = undefined;
    if (held && held.length > 0) this.#deliver(held);
  }

  /** Forgets what is held: its document is gone. */
  drop(): void {
    this.#after();
    this.#held = undefined;
  }

  #after(ms?: number, then?: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = then && setTimeout(then, ms);
  }
}

export interface Composing {
  readonly composing: boolean;
}

/** Ties a hold to an editor's element; returns how to untie it. */
export function holdWhileComposing<Frame>(
  hold: ComposeHold<Frame>,
  element: HTMLElement,
  editor: Composing,
): () => void {
  const heard = () => hold.heard();
  const ended = () => hold.ended(() => editor.composing);
  const left = () => hold.release();
  const listeners = [
    ['compositionstart', heard],
    ['compositionupdate', heard],
    ['compositionend', ended],
    ['blur', left],
  ] as const;
  for (const [type, listener] of listeners) element.addEventListener(type, listener);
  return () => {
    for (const [type, listener] of listeners) element.removeEventListener(type, listener);
    hold.release();
  };
}
