const TICK_MS = 250;

/** Server time on this device: its own clock, and what it was measured to be off by. */
class ServerClock {
  /** Milliseconds that the server is ahead. */
  #offset = 0;
  #now = $state(Date.now());
  #ticks = false;

  /** Milliseconds since 1970; ticks four times a second from the first time that somebody shows it. */
  get now(): number {
    if (!this.#ticks) {
      this.#ticks = true;
      // runs as long as the page: a page that shows a clock shows one to the end
      setInterval(() => this.#tick(), TICK_MS);
    }
    return this.#now;
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
    this.#now = this.exact();
  }
}

export const clock = new ServerClock();
