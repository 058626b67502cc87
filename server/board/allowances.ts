import type { Allowance } from './parts.ts';

interface Purse {
  left: number;
  at: number;
}

/** What each has left of something that comes back with time. Forgets those who have all of it. */
export class Allowances {
  readonly #purseByKey = new Map<string, Purse>();
  readonly #allowance: Allowance;
  readonly #now: () => number;

  constructor(allowance: Allowance, now: () => number) {
    this.#allowance = allowance;
    this.#now = now;
  }

  /** Takes `amount`, unless less than that is left. */
  take(key: string, amount = 1): boolean {
    const left = this.#leftOf(key);
    const enough = left >= amount;
    this.#purseByKey.set(key, { left: enough ? left - amount : left, at: this.#now() });
    return enough;
  }

  sweep(): void {
    for (const key of this.#purseByKey.keys()) {
      if (this.#leftOf(key) >= this.#allowance.burst) this.#purseByKey.delete(key);
    }
  }

  #leftOf(key: string): number {
    const { burst, perSecond } = this.#allowance;
    const purse = this.#purseByKey.get(key);
    if (!purse) return burst;
    const seconds = Math.max(0, this.#now() - purse.at) / 1_000;
    return Math.min(burst, purse.left + seconds * perSecond);
  }
}
