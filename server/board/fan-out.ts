/** A frame of this turn, and who wrote it: the writer has it already. */
export interface TickFrame<Writer> {
  readonly frame: Buffer;
  readonly writer: Writer | undefined;
}

/** A connection, as it is told of the board. */
export interface Recipient {
  readonly listening: boolean;
  /** The state it has been sent, when it can't be sent more at present. */
  readonly behind: Uint8Array | undefined;
  /** More waits to be sent than a connection that reads would leave. */
  readonly isFull: boolean;
  /** How many frames of this board it has been told. */
  told: number;
  write(frames: Buffer): void;
  fallBehind(stateVector: Uint8Array): void;
}

export interface FanOutParts {
  /** How long what readers are told may wait for more. */
  readonly readersMs: number;
  /** Of the board as of now. */
  readonly stateVector: () => Uint8Array;
}

/** Who has not written for so long is a reader again. */
const EDITING_MS = 60_000;

/**
 * Tells everyone of what was admitted. Writing to a socket costs more than all else that is done for an update, so
 * those who only read are told of several turns in one write.
 *
 * 1. Editors, who wrote within the last minute, are told of a turn at once, without their own words.
 * 2. Readers are told at once after a pause of `readersMs`, and otherwise so long after a turn, together with what came
 *    since: the same bytes to each.
 * 3. Each is told every frame once and in order. Frames are numbered; those not yet told to readers are kept.
 */
export class FanOut<Someone extends Recipient> {
  readonly #parts: FanOutParts;
  readonly #readers = new Set<Someone>();
  readonly #wroteAtByEditor = new Map<Someone, number>();
  /** Frames that readers have not been told, and how many came before them. */
  #waiting: TickFrame<Someone>[] = [];
  #before = 0;
  #timer: NodeJS.Timeout | undefined;
  #toldAt = -Infinity;

  constructor(parts: FanOutParts) {
    this.#parts = parts;
  }

  enter(someone: Someone): void {
    this.#readers.add(someone);
  }

  leave(someone: Someone): void {
    this.#readers.delete(someone);
    this.#wroteAtByEditor.delete(someone);
  }

  /** It has just been sent the whole board. */
  isUpToDate(someone: Someone): void {
    someone.told = this.#before + this.#waiting.length;
  }

  tell(turn: readonly TickFrame<Someone>[]): void {
    const now = performance.now();
    for (const { writer } of turn) if (writer) this.#noteWriter(writer, now);
    const before = this.#before + this.#waiting.length;
    this.#waiting.push(...turn);
    const whole = new WholeTurn(turn);
    for (const editor of this.#wroteAtByEditor.keys()) {
      if (editor.told === before) this.#write(editor, whole.without(editor));
      else this.#tellOne(editor);
    }
    const { readersMs } = this.#parts;
    if (this.#timer) return;
    if (now - this.#toldAt >= readersMs) this.#tellReaders();
    else this.#timer = setTimeout(() => this.#tellReaders(), readersMs);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #noteWriter(writer: Someone, now: number): void {
    const isHere = this.#readers.delete(writer) || this.#wroteAtByEditor.has(writer);
    if (isHere) this.#wroteAtByEditor.set(writer, now);
  }

  #tellReaders(): void {
    this.#timer = undefined;
    const now = (this.#toldAt = performance.now());
    const all = joined(this.#waiting);
    for (const reader of this.#readers) {
      if (reader.told === this.#before) this.#write(reader, all);
      else this.#tellOne(reader);
    }
    this.#before += this.#waiting.length;
    this.#waiting = [];
    for (const [editor, wroteAt] of this.#wroteAtByEditor) {
      if (now - wroteAt < EDITING_MS) continue;
      this.#wroteAtByEditor.delete(editor);
      this.#readers.add(editor);
    }
  }

  /** What it has not been told and did not write. */
  #tellOne(someone: Someone): void {
    const since = this.#waiting.slice(Math.max(0, someone.told - this.#before));
    const others = since.filter(({ writer }) => writer !== someone);
    this.#write(someone, others.length > 0 ? joined(others) : undefined);
  }

  #write(someone: Someone, frames: Buffer | undefined): void {
    if (!someone.listening || someone.behind) return;
    this.isUpToDate(someone);
    if (!frames) return;
    someone.write(frames);
    if (someone.isFull) someone.fallBehind(this.#parts.stateVector());
  }
}

/** A turn in one piece. What a writer is told is cut out of it, so that nothing is gone through frame by frame for each. */
class WholeTurn<Someone> {
  readonly #all: Buffer;
  /** Where a writer's own frames begin and end. */
  readonly #ownByWriter = new Map<Someone, number[]>();

  constructor(turn: readonly TickFrame<Someone>[]) {
    this.#all = joined(turn);
    let at = 0;
    for (const { frame, writer } of turn) {
      const [from, to] = [at, (at += frame.length)];
      if (!writer) continue;
      const own = this.#ownByWriter.get(writer);
      if (!own) this.#ownByWriter.set(writer, [from, to]);
      else if (own.at(-1) === from) own[own.length - 1] = to;
      else own.push(from, to);
    }
  }

  without(someone: Someone): Buffer | undefined {
    const own = this.#ownByWriter.get(someone);
    if (!own) return this.#all;
    const edges = [0, ...own, this.#all.length];
    const others: Buffer[] = [];
    for (let edge = 0; edge < edges.length; edge += 2) {
      const between = this.#all.subarray(edges[edge], edges[edge + 1]);
      if (between.length > 0) others.push(between);
    }
    return others.length > 1 ? Buffer.concat(others) : others[0];
  }
}

function joined(frames: readonly TickFrame<unknown>[]): Buffer {
  const [only] = frames;
  return frames.length === 1 && only ? only.frame : Buffer.concat(frames.map(({ frame }) => frame));
}
