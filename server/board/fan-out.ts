import type { Connection } from './connection.ts';

/** A frame of this tick, and who wrote it: the writer has it already. */
export interface TickFrame {
  readonly frame: Buffer;
  readonly writer: Connection | undefined;
}

/**
 * Tells everyone of a tick. Those who wrote nothing in it get the same bytes in one write; a writer gets what the
 * others wrote.
 */
export function fanOut(
  connections: Iterable<Connection>,
  tick: readonly TickFrame[],
  stateVector: () => Uint8Array,
): void {
  const writers = new Set(tick.map(({ writer }) => writer));
  let everything: Buffer | undefined;
  let vector: Uint8Array | undefined;
  for (const connection of connections) {
    if (!connection.listening || connection.behind) continue;
    if (writers.has(connection)) {
      const others = tick.filter(({ writer }) => writer !== connection);
      if (others.length > 0) connection.write(Buffer.concat(others.map(({ frame }) => frame)));
    } else {
      everything ??= joined(tick);
      connection.write(everything);
    }
    if (connection.isFull) connection.fallBehind((vector ??= stateVector()));
  }
}

function joined(tick: readonly TickFrame[]): Buffer {
  const [only] = tick;
  return tick.length === 1 && only ? only.frame : Buffer.concat(tick.map(({ frame }) => frame));
}
