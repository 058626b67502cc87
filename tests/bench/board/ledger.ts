import { Durations } from './figures.ts';
import { keyOf } from './marks.ts';

/**
 * What was typed when, and who has received it: each mark is owed once to each receiver but its writer. A mark that
 * comes twice is counted once.
 */
export class Ledger {
  readonly #typedAt: Float64Array;
  readonly #strokes: number;
  readonly #writers: number;
  /** Marks typed before this are received, but not measured. */
  #since = 0;
  #owed = 0;
  #received = 0;
  #measured = 0;
  readonly #now: () => number;
  readonly #pages: Uint8Array[] = [];
  editors = new Durations();
  readers = new Durations();

  constructor(writers: number, strokes: number, now: () => number = () => performance.now()) {
    this.#writers = writers;
    this.#strokes = strokes;
    this.#typedAt = new Float64Array(writers * strokes);
    this.#now = now;
  }

  /** From now on it is measured. */
  begin(): void {
    this.#since = this.#now();
    this.#measured = 0;
    this.editors = new Durations();
    this.readers = new Durations();
  }

  typed(writer: number, stroke: number, receivers: number): void {
    this.#typedAt[writer * this.#strokes + stroke] = this.#now();
    this.#owed += receivers;
  }

  /** A receiver's page; `writer` when it is one itself. */
  page(writer?: number): Found {
    const seen = new Uint8Array(this.#writers * this.#strokes);
    this.#pages.push(seen);
    return (by, stroke) => {
      const at = by * this.#strokes + stroke;
      if (by === writer || by >= this.#writers || stroke >= this.#strokes || seen[at]) return;
      const typedAt = this.#typedAt[at] ?? 0;
      if (typedAt === 0) return;
      seen[at] = 1;
      this.#received += 1;
      if (typedAt < this.#since) return;
      this.#measured += 1;
      (writer === undefined ? this.readers : this.editors).add(this.#now() - typedAt);
    };
  }

  /** Deliveries of what was typed since `begin`. */
  get measured(): number {
    return this.#measured;
  }

  get missing(): number {
    return this.#owed - this.#received;
  }

  /** Received of what was owed, since the very beginning. */
  get delivery(): number {
    return this.#owed === 0 ? 1 : this.#received / this.#owed;
  }

  /** Keys of the marks that somebody has received from another. */
  receivedByAnyone(): Set<number> {
    const keys = new Set<number>();
    for (const seen of this.#pages) {
      for (const [at, received] of seen.entries())
        if (received) keys.add(keyOf(Math.floor(at / this.#strokes), at % this.#strokes));
    }
    return keys;
  }
}

export type Found = (writer: number, stroke: number) => void;
