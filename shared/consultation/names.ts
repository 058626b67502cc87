import type { RecordedConsultationEvent } from './index.ts';

/** How these people were last called on the roster: those too who are no longer on it. */
export function lastNamesOf(
  events: readonly RecordedConsultationEvent[],
  people: Iterable<string>,
): Record<string, string> {
  const wanted = new Set(people);
  const names: Record<string, string> = {};
  for (const { type, data } of events) {
    if (type !== 'participant.added' && type !== 'participant.changed') continue;
    if (wanted.has(data.id)) names[data.id] = data.name;
  }
  return names;
}
