import { createSubscriber } from 'svelte/reactivity';

const TICK_MS = 250;

/** Server time on this device: its own clock, and what it was measured to be off by. */
class ServerClock {
  /** Milliseconds that the server is ahead. */
  #offset = $state.raw(0);
  readonly #follow = createSubscriber((tick) => {
    const timer = setInterval(tick, TICK_MS);
    return () => clearInterval(timer);
  });

  /** Milliseconds since 1970; ticks four times a second for whoever shows it, and costs nothing while nobody does. */
  get now(): number {
    this.#follow();
    return this.exact();
  }

  /** Read at this moment, for what must be exact. */
  exact(): number {
    return Date.now() + this.#offset;
  }

  /** `offset` in milliseconds: server time minus this device's. */
  set(offset: number): void {
    this.#offset = offset;
  }
}

export const clock = new ServerClock();
