import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Bus } from './bus.ts';

export interface SharingParts {
  readonly bus: Bus;
  /** Reads what is newer in SQL than what this node knows, if `seq` is. */
  readonly refresh: (consultation: string, seq?: number) => Promise<void>;
  /** Consultations that someone follows from this node. */
  readonly watched: () => Iterable<string>;
  readonly onFault: (fault: unknown) => void;
  /** Milliseconds between two looks at SQL while the bus is down; five times that while it is up. */
  readonly lookMs?: number;
}

export interface SharedRecord {
  /** This node appended, and has come to this sequence. */
  announce(consultation: string, seq: number): void;
  close(): void;
}

const HintSchema = Type.Object({
  consultation: Type.String({ maxLength: 64 }),
  seq: Type.Integer({ minimum: 1 }),
});
const hintSchema = Compile(HintSchema);
const LOOKS_PER_POLL = 5;

/**
 * Keeps this node's record up with what other nodes append.
 *
 * 1. A hint says only that a consultation has come to a sequence: what happened is read from SQL, in order.
 * 2. Hints may be lost, this node's or another's. Whoever's bus returns tells again what was appended here and reads
 *    again what is known here; and what anyone follows is looked at now and then in any case, more often while the bus
 *    is down.
 */
export function shareRecord(parts: SharingParts): SharedRecord {
  const { bus, watched, onFault, lookMs = 1_000 } = parts;
  const announcedById = new Map<string, number>();
  const readingById = new Map<string, Promise<void>>();

  function tell(consultation: string, seq: number): void {
    bus.publish('record', JSON.stringify({ consultation, seq }));
  }

  function read(id: string, seq?: number): void {
    // a look without an occasion waits for none, but need not be doubled
    if (seq === undefined && readingById.has(id)) return;
    const reading = parts
      .refresh(id, seq)
      .catch(onFault)
      .finally(() => {
        if (readingById.get(id) === reading) readingById.delete(id);
      });
    readingById.set(id, reading);
  }

  const stopHints = bus.subscribe('record', (bytes) => {
    const hint = parseHint(bytes);
    if (hint) read(hint.consultation, hint.seq);
  });
  const stopGaps = bus.onGap(() => {
    for (const [id, seq] of announcedById) tell(id, seq);
    for (const id of new Set([...announcedById.keys(), ...watched()])) read(id);
  });
  let looks = 0;
  const looking = setInterval(() => {
    looks += 1;
    if (bus.isUp() && looks % LOOKS_PER_POLL !== 0) return;
    for (const id of watched()) read(id);
  }, lookMs);

  return {
    announce(id, seq) {
      if (seq <= (announcedById.get(id) ?? 0)) return;
      announcedById.set(id, seq);
      tell(id, seq);
    },
    close() {
      clearInterval(looking);
      stopHints();
      stopGaps();
    },
  };
}

function parseHint(bytes: Uint8Array): { consultation: string; seq: number } | undefined {
  try {
    const hint: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return hintSchema.Check(hint) ? hint : undefined;
  } catch {
    return undefined;
  }
}
