import { plannedFrom, type PlannedStage } from '../../shared/consultation/stage.ts';
import { usualAgenda } from '../../shared/consultation/usual-agenda.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import { can } from '../../shared/policy/can.ts';
import { refuse, type Refused } from '../../shared/refusal.ts';
import type { AgendaTemplate, SaveAgendaTemplate } from '../../shared/wire/rest.ts';
import type { Database } from '../database/open.ts';

/** The one that is always there; it is nobody's to change. */
export const USUAL = 'usual';
const usual: AgendaTemplate = {
  id: USUAL,
  name: '标准议程（120 分钟）',
  stages: [...usualAgenda],
  builtIn: true,
};

export interface AgendaTemplates {
  /** The usual one first, then by name. */
  list(actor: Actor): Promise<AgendaTemplate[] | Refused>;
  /** A new one, or with its id the same anew. A name is given once. */
  save(wanted: SaveAgendaTemplate, actor: Actor): Promise<AgendaTemplate | Refused>;
  remove(id: string, actor: Actor): Promise<{ readonly ok: true } | Refused>;
  /** The stages of a template; without one, the usual. */
  stagesOf(id?: string): Promise<readonly PlannedStage[] | undefined>;
}

interface Parts {
  readonly database: Pick<Database, 'sql' | 'commit'>;
  readonly newId: (prefix: string) => string;
  readonly now: () => number;
}

export function createAgendaTemplates({ database, newId, now }: Parts): AgendaTemplates {
  const rows = () => database.sql.selectFrom('agenda_template').select(['id', 'name', 'stages']);
  const templateFrom = (row: { id: string; name: string; stages: string }): AgendaTemplate => ({
    id: row.id,
    name: row.name,
    stages: JSON.parse(row.stages) as AgendaTemplate['stages'],
    builtIn: false,
  });

  return {
    async list(actor) {
      if (!can(actor, 'agendaTemplate.read')) return refuse('forbidden');
      const saved = await rows().orderBy('name').orderBy('id').execute();
      return [usual, ...saved.map(templateFrom)];
    },
    async save({ id = newId('at'), name, stages }, actor) {
      if (!can(actor, 'agendaTemplate.save')) return refuse('forbidden');
      const named = name.trim();
      if (named === '' || named === usual.name) return refuse('invalid', 'name');
      if (id === USUAL) return refuse('forbidden');
      const planned = plannedFrom(stages);
      if (new Set(planned.map((stage) => stage.id)).size < planned.length)
        return refuse('invalid', 'stages');
      const saved = { name: named, stages: JSON.stringify(planned) };
      const by = { saved_by: actor.person, saved_at: now() };
      return database.commit(async (trx) => {
        const taken = await trx
          .selectFrom('agenda_template')
          .select('id')
          .where('name', '=', named)
          .executeTakeFirst();
        if (taken && taken.id !== id) return refuse('already', 'name');
        await trx
          .insertInto('agenda_template')
          .values({ id, ...saved, ...by })
          .onConflict((conflict) => conflict.column('id').doUpdateSet({ ...saved, ...by }))
          .execute();
        return templateFrom({ id, ...saved });
      });
    },
    async remove(id, actor) {
      if (!can(actor, 'agendaTemplate.delete')) return refuse('forbidden');
      if (id === USUAL) return refuse('forbidden');
      return database.commit(async (trx) => {
        const gone = await trx
          .deleteFrom('agenda_template')
          .where('id', '=', id)
          .returning('id')
          .executeTakeFirst();
        return gone ? { ok: true as const } : refuse('not_found');
      });
    },
    async stagesOf(id = USUAL) {
      if (id === USUAL) return usualAgenda;
      const row = await rows().where('id', '=', id).executeTakeFirst();
      return row && plannedFrom(templateFrom(row).stages);
    },
  };
}
