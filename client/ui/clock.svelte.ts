const TICK_MS = 250;
/** The device's two clocks part by more than this only when it slept, or was set. */
const JUMP_MS = 100;
/** How much a device's clock may run wrong, at worst: half a millisecond a second. */
const DRIFT = 0.0005;

/** What an asking found out: milliseconds that the server is ahead of the monotonic clock, give or take `error`. */
export interface Reading {
  readonly ahead: number;
  readonly error: number;
}

/** Never set, never wrong by the time zone; it may stand still while the device sleeps. */
export const monotonic = (): number => performance.now();

/**
 * Server time on this device.
 *
 * 1. It runs by the monotonic clock: setting the device's clock does not move it.
 * 2. When the device's clock leaps ahead of the monotonic one the device slept, most likely: then the time that passed is
 *    made up for at once, and whoever can ask the server is told to.
 * 3. A worse reading does not replace a better one, until the better is so old that it may have drifted further.
 * 4. Ticks fall on the same quarters of the server's seconds everywhere, so that screens in one hall change together.
 */
export class ServerClock {
  #ahead = Date.now() - monotonic();
  #error = Infinity;
  #readAt = 0;
  /** Device's clock minus the monotonic one, as last seen. */
  #skew = Date.now() - monotonic();
  #now = $state(Date.now());
  #ticks = false;
  #doubters: readonly (() => void)[] = [];

  /** Milliseconds since 1970; ticks four times a second from the first time that somebody shows it. */
  get now(): number {
    if (!this.#ticks) {
      this.#ticks = true;
      // runs as long as the page: a page that shows a clock shows one to the end
      this.#wait();
    }
    return this.#now;
  }

  /** Read at this moment, for what must be exact. */
  exact(): number {
    this.#look();
    return monotonic() + this.#ahead;
  }

  take(reading: Reading): void {
    this.#look();
    const age = monotonic() - this.#readAt;
    if (reading.error > this.#error + age * DRIFT) return;
    this.#ahead = reading.ahead;
    this.#error = reading.error;
    this.#readAt = monotonic();
    this.#skew = Date.now() - monotonic();
    this.#now = this.exact();
  }

  /** The server's time as it came with something else: serves until it has been asked. */
  guess(server: number): void {
    this.#look();
    if (this.#error < Infinity) return;
    this.#ahead = server - monotonic();
    this.#now = this.exact();
  }

  /** `ask` is called when the time is in doubt, until the returned function is called. */
  whenInDoubt(ask: () => void): () => void {
    this.#doubters = [...this.#doubters, ask];
    return () => {
      this.#doubters = this.#doubters.filter((each) => each !== ask);
    };
  }

  #look(): void {
    const skew = Date.now() - monotonic();
    const leap = skew - this.#skew;
    if (Math.abs(leap) <= JUMP_MS) return;
    this.#skew = skew;
    if (leap > 0) this.#ahead += leap;
    this.#error = Infinity;
    for (const ask of this.#doubters) ask();
  }

  #wait(): void {
    setTimeout(
      () => {
        this.#now = this.exact();
        this.#wait();
      },
      TICK_MS - (this.exact() % TICK_MS),
    );
  }
}

export const clock = new ServerClock();
