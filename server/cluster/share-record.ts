import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Bus } from './bus.ts';

/** What is shared of the record: that there is more of it. */
export interface SharedRecord {
  onAppended(
    listener: (id: string, events: readonly { readonly seq: number }[]) => void,
  ): () => void;
  refresh(id: string, seq?: number): Promise<void>;
}

export interface SharingParts {
  readonly bus: Bus;
  readonly record: SharedRecord;
  /** Consultations that someone follows from this node. */
  readonly watched: () => readonly string[];
  readonly log: { warn(details: object, message: string): void };
  /** Milliseconds between two looks at SQL while the bus is down; five times that while it is up. */
  readonly lookMs?: number;
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
export function shareRecord({
  bus,
  record,
  watched,
  log,
  lookMs = 1_000,
}: SharingParts): () => void {
  /** Last sequence known here, of every consultation that something was appended to. */
  const seqById = new Map<string, number>();
  const seqHeardById = new Map<string, number>();
  const refreshingById = new Map<string, Promise<void>>();

  function tell(consultation: string, seq: number): void {
    bus.publish('record', JSON.stringify({ consultation, seq }));
  }

  function refresh(id: string, seq?: number): void {
    if (seq === undefined && refreshingById.has(id)) return;
    const refreshing = record
      .refresh(id, seq)
      .catch((fault: unknown) =>
        log.warn({ err: fault, consultation: id }, 'news could not be read'),
      )
      .finally(() => {
        if (refreshingById.get(id) === refreshing) refreshingById.delete(id);
      });
    refreshingById.set(id, refreshing);
  }

  const stopAppended = record.onAppended((id, events) => {
    const seq = events[events.length - 1]?.seq ?? 0;
    seqById.set(id, seq);
    // what another node told of it needs no telling back
    if (seq > (seqHeardById.get(id) ?? 0)) tell(id, seq);
  });
  const stopHints = bus.subscribe('record', (bytes) => {
    const hint = parseHint(bytes);
    if (!hint) return;
    const { consultation, seq } = hint;
    if (seq > (seqHeardById.get(consultation) ?? 0)) seqHeardById.set(consultation, seq);
    refresh(consultation, seq);
  });
  const stopGaps = bus.onGap(() => {
    for (const [id, seq] of seqById) tell(id, seq);
    for (const id of new Set([...seqById.keys(), ...watched()])) refresh(id);
  });
  let looks = 0;
  const looking = setInterval(() => {
    looks += 1;
    if (bus.isUp() && looks % LOOKS_PER_POLL !== 0) return;
    for (const id of watched()) refresh(id);
  }, lookMs);

  return () => {
    clearInterval(looking);
    stopAppended();
    stopHints();
    stopGaps();
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
