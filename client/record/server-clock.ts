const SAMPLES = 5;

/**
 * How far the server's clock is ahead of this device's, in milliseconds. Of several askings the quickest counts: the
 * answer was made somewhere within the time that it took, so its error is at most half of that.
 */
export async function measureOffset(
  ask: () => Promise<number>,
  now: () => number = Date.now,
): Promise<number> {
  let best = { took: Infinity, offset: 0 };
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const sent = now();
    const server = await ask();
    const took = now() - sent;
    if (took < best.took) best = { took, offset: server - (sent + took / 2) };
  }
  return best.offset;
}
