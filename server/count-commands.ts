import { isRefused } from '../shared/refusal.ts';
import type { Metrics } from './http/metrics.ts';
import type { ConsultationRecord } from './log/record.ts';

/** The record as it was, with figures, and with a word to whoever must hear of what this node appended. */
export function countCommands(
  record: ConsultationRecord,
  metrics: Metrics,
  onAppended: (consultation: string, seq: number) => void,
): ConsultationRecord {
  const commands = metrics.counter('commands_total', 'Commands by result');
  const events = metrics.counter('events_total', 'Events taken up by this node');
  record.onAppended((_id, appended) => events.add({}, appended.length));
  const counted = async (
    id: string,
    handling: ReturnType<ConsultationRecord['handle']>,
  ): ReturnType<ConsultationRecord['handle']> => {
    const handled = await handling;
    commands.add({ result: isRefused(handled) ? handled.refused.code : 'ok' });
    if (!isRefused(handled)) onAppended(id, handled.seq);
    return handled;
  };
  return {
    ...record,
    create: (created, ...rest) => counted(created.id, record.create(created, ...rest)),
    handle: (id, ...rest) => counted(id, record.handle(id, ...rest)),
  };
}
