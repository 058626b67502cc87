/** So long at most may work go on before what else waits is let in, in milliseconds. */
const TURN_MS = 8;

/** Long work in short turns: `await breath()` between its pieces lets the server breathe. */
export function breather(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < TURN_MS) return;
    await new Promise((resolve) => setImmediate(resolve));
    since = performance.now();
  };
}
