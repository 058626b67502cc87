import type { Allowance } from './parts.ts';

interface Bucket {
  tokens: number;
  at: number;
}

/** Who has how much left: `burst` at once, refilled by `perSecond`. Keeps only those who lately took something. */
export class TokenBuckets {
  readonly #bucketsByKey = new Map<string, Bucket>();
  readonly #allowance: Allowance;
  readonly #now: () => number;

  constructor(allowance: Allowance, now: () => number) {
    this.#allowance = allowance;
    this.#now = now;
  }

  /** Takes one; false when there is none. */
  take(key: string): boolean {
    const bucket = this.#refilled(key);
    this.#bucketsByKey.set(key, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  /** Forgets those who have everything again. */
  sweep(): void {
    for (const key of this.#bucketsByKey.keys()) {
      if (this.#refilled(key).tokens >= this.#allowance.burst) this.#bucketsByKey.delete(key);
    }
  }

  forget(key: string): void {
    this.#bucketsByKey.delete(key);
  }

  get size(): number {
    return this.#bucketsByKey.size;
  }

  #refilled(key: string): Bucket {
    const at = this.#now();
    const { burst, perSecond } = this.#allowance;
    const known = this.#bucketsByKey.get(key) ?? { tokens: burst, at };
    const earned = (Math.max(0, at - known.at) / 1_000) * perSecond;
    return { tokens: Math.min(burst, known.tokens + earned), at };
  }
}
