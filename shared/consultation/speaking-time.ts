import { entryOf } from './entry.ts';
import { elapsed } from './clock.ts';
import type { Speech } from './speech.ts';
import type { ConsultationState } from './state.ts';

/** What someone, a unit or a place has had of the floor. */
export interface TimeUsed {
  readonly key: string;
  readonly speeches: number;
  /** Milliseconds. */
  readonly used: number;
}

export type TimeBy = 'person' | 'unit' | 'site';

/** Time used so far, the most first, the speech that runs and the one held for it included. */
export function speakingTime(
  { floor, roster }: Pick<ConsultationState, 'floor' | 'roster'>,
  by: TimeBy,
  now: number,
): TimeUsed[] {
  const usedByKey = new Map<string, TimeUsed>();
  const { spoken, held, speaking } = floor;
  for (const speech of [...spoken, ...(held ? [held] : []), ...(speaking ? [speaking] : [])]) {
    const key = keyOf(roster, speech, by);
    const before = usedByKey.get(key) ?? { key, speeches: 0, used: 0 };
    usedByKey.set(key, {
      key,
      speeches: before.speeches + 1,
      used: before.used + elapsed(speech.clock, now),
    });
  }
  return [...usedByKey.values()].sort((a, b) => b.used - a.used || (a.key < b.key ? -1 : 1));
}

/** As of the speech, where that was recorded; else as the roster says now. Empty: not known. */
function keyOf(roster: ConsultationState['roster'], speech: Speech, by: TimeBy): string {
  if (by === 'person') return speech.person;
  return speech[by] ?? entryOf(roster, speech.person)?.[by] ?? '';
}
