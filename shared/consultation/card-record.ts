import type { RecordStep } from '../wire/board-past.ts';
import type { RecordedConsultationEvent } from './index.ts';

/** What the record tells of the opinion that a card became, of the events that a reader may hear. */
export function recordOfCard(
  events: readonly RecordedConsultationEvent[],
  card: string,
): RecordStep[] {
  let opinion: string | undefined;
  return events.flatMap(({ type, data, actor: { person, name }, at }): RecordStep[] => {
    const by = { person, name, at };
    const isIts =
      type === 'opinion.tabled' &&
      [data, ...(data.merged ?? [])].some((part) => part.card === card);
    if (isIts) {
      opinion = data.id;
      return [{ kind: 'tabled', ...by, text: data.text }];
    }
    if (type === 'opinion.revised' && data.opinion === opinion) {
      const { text, reason } = data;
      return [{ kind: 'revised', ...by, text, ...(reason === undefined ? {} : { reason }) }];
    }
    if (type === 'opinion.withdrawn' && data.opinion === opinion)
      return [{ kind: 'withdrawn', ...by, ...(data.reason ? { reason: data.reason } : {}) }];
    return [];
  });
}
