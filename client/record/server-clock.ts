import { monotonic, type Reading } from '../ui/clock.svelte.ts';

const SAMPLES = 5;

/**
 * How far the server's clock is ahead of this device's monotonic one. Of several askings the quickest counts: the
 * answer was made somewhere within the time that it took, so its error is at most half of that.
 */
export async function readServerClock(
  ask: () => Promise<number>,
  now: () => number = monotonic,
): Promise<Reading> {
  let best: Reading = { ahead: 0, error: Infinity };
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const sent = now();
    const server = await ask();
    const error = (now() - sent) / 2;
    if (error < best.error) best = { ahead: server - (sent + error), error };
  }
  return best;
}
