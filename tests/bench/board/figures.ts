/** The value that half of the others do not exceed; of an even number, the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) return NaN;
  if (sorted.length % 2 === 1) return sorted[Math.floor(middle)] ?? NaN;
  return ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

const STEP_MS = 0.1;
const STEPS = 200_000;

/** How long things took, in tenths of a millisecond; a million of them cost no more than one. */
export class Durations {
  readonly #counts = new Uint32Array(STEPS);
  #total = 0;

  add(ms: number): void {
    const step = Math.min(STEPS - 1, Math.max(0, Math.floor(ms / STEP_MS)));
    this.#counts[step] = (this.#counts[step] ?? 0) + 1;
    this.#total += 1;
  }

  get total(): number {
    return this.#total;
  }

  /** Milliseconds that a share of them did not exceed; `NaN` when there are none. */
  quantile(share: number): number {
    if (this.#total === 0) return NaN;
    const wanted = Math.max(1, Math.ceil(this.#total * share));
    let counted = 0;
    for (let step = 0; step < STEPS; step += 1) {
      counted += this.#counts[step] ?? 0;
      if (counted >= wanted) return (step + 1) * STEP_MS;
    }
    return STEPS * STEP_MS;
  }
}
