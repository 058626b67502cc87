import { layFirstLanes } from '../shared/board/first-lanes.ts';
import type { Form } from '../shared/consultation/lifecycle.ts';
import type { PlannedStage } from '../shared/consultation/stage.ts';
import type { Actor } from '../shared/log/envelope.ts';
import type { Boards } from './board/boards.ts';
import type { ConsultationRecord } from './log/record.ts';

const system: Actor = { person: 'system', role: 'system', name: '系统' };

/** A new consultation can be used at once: its board has lanes, its agenda the stages given. Safe to repeat. */
export async function furnish(
  { record, boards }: { record: Pick<ConsultationRecord, 'handle'>; boards: Pick<Boards, 'edit'> },
  id: string,
  form: Form,
  stages: readonly PlannedStage[],
): Promise<void> {
  await boards.edit(id, system, (doc) => layFirstLanes(doc, form));
  const command = { commandId: `agenda-${id}`, type: 'agenda.set', data: { stages } };
  await record.handle(id, command, system);
}
