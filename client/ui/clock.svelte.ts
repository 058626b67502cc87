const TICK_MS = 250;

/** Server time on this device: its own clock, and what it was measured to be off by. */
class ServerClock {
  /** Milliseconds since 1970; ticks four times a second. */
  now = $state(Date.now());
  #offset = 0;

  constructor() {
    setInterval(() => this.#tick(), TICK_MS);
  }

  /** Read at this moment, for what must be exact. */
  exact(): number {
    return Date.now() + this.#offset;
  }

  /** `offset` in milliseconds: server time minus this device's. */
  set(offset: number): void {
    this.#offset = offset;
    this.#tick();
  }

  #tick(): void {
    this.now = this.exact();
  }
}

export const clock = new ServerClock();
