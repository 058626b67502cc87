import {
  evolve,
  initialState,
  type ConsultationState,
  type RecordedConsultationEvent,
} from '../../shared/consultation/index.ts';
import type { LogStore } from './store.ts';

/** A consultation in memory: every event, and what they come to. */
export interface LiveConsultation {
  readonly id: string;
  readonly state: ConsultationState;
  readonly events: readonly RecordedConsultationEvent[];
}

export type AppendListener = (
  id: string,
  events: readonly RecordedConsultationEvent[],
  state: ConsultationState,
) => void;

export const streamOf = (id: string): string => `consultation/${id}`;

/**
 * What this node knows of the record, as it is on disk.
 *
 * 1. Knowledge only grows, event by event without a gap: what is known already is passed over, so appending here and
 *    reading what others appended may overlap in any order.
 * 2. Listeners hear each event that comes after a consultation was opened, in order and once.
 */
export interface LiveConsultations {
  known(id: string): LiveConsultation | undefined;
  /** The consultation, read from the store if need be; `undefined` when there is none of that id. */
  open(id: string): Promise<LiveConsultation | undefined>;
  /** Reads what is newer than memory. */
  load(id: string): Promise<LiveConsultation | undefined>;
  /** Takes in events that are on disk now, the first of which follows on what is known or is known itself. */
  take(id: string, events: readonly RecordedConsultationEvent[]): LiveConsultation | undefined;
  onAppended(listener: AppendListener): () => void;
}

export function liveConsultations(store: Pick<LogStore, 'read'>): LiveConsultations {
  const openById = new Map<string, LiveConsultation>();
  const loadingById = new Map<string, Promise<LiveConsultation | undefined>>();
  const listeners = new Set<AppendListener>();

  function take(
    id: string,
    events: readonly RecordedConsultationEvent[],
  ): LiveConsultation | undefined {
    const known = openById.get(id);
    const fresh = events.filter(({ seq }) => seq > (known?.state.seq ?? 0));
    if (fresh.length === 0) return known;
    const state = fresh.reduce(evolve, known?.state ?? initialState);
    const live = { id, state, events: [...(known?.events ?? []), ...fresh] };
    openById.set(id, live);
    // whoever opens a consultation reads its past; listeners hear what comes after
    if (known) for (const listener of listeners) listener(id, fresh, state);
    return live;
  }

  async function load(id: string): Promise<LiveConsultation | undefined> {
    const events = await store.read(streamOf(id), openById.get(id)?.state.seq ?? 0);
    return take(id, events as RecordedConsultationEvent[]);
  }

  return {
    known: (id) => openById.get(id),
    take,
    load,
    open(id) {
      const known = openById.get(id);
      if (known) return Promise.resolve(known);
      const loading = loadingById.get(id) ?? load(id).finally(() => loadingById.delete(id));
      loadingById.set(id, loading);
      return loading;
    },
    onAppended(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
