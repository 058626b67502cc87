import { timingSafeEqual } from 'node:crypto';
import type { Created, Form } from '../../shared/consultation/lifecycle.ts';
import type { PlannedStage } from '../../shared/consultation/stage.ts';
import { normalizeCode } from '../../shared/ids.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import { can } from '../../shared/policy/can.ts';
import type { OfficeRole } from '../../shared/policy/roles.ts';
import { isRefused, refuse, type Refused } from '../../shared/refusal.ts';
import type {
  CreateConsultation,
  CreatedConsultation,
  ListedConsultation,
} from '../../shared/wire/rest.ts';
import type { Database } from '../database/open.ts';
import {
  allConsultations,
  consultationByCode,
  consultationsNamed,
  consultationsOfPerson,
  doorsOf,
} from './consultation-store.ts';

/** What creating needs of the record. */
export interface CreatingRecord {
  create(
    created: Created,
    actor: Actor,
    commandId: string,
  ): Promise<{ readonly ok: true; readonly seq: number } | Refused>;
}

export interface ConsultationsParts {
  readonly sql: Database['sql'];
  readonly record: CreatingRecord;
  /** Makes the new consultation ready to be used: its board and its agenda. */
  readonly furnish: (id: string, form: Form, stages: readonly PlannedStage[]) => Promise<void>;
  /** The stages of an agenda template; without one, the usual. */
  readonly stagesOf: (template?: string) => Promise<readonly PlannedStage[] | undefined>;
  readonly newId: (prefix: string) => string;
  readonly newCode: () => string;
  readonly now: () => number;
}

/** Whose list is asked for. */
export interface Holder {
  readonly kind: 'person' | 'guest';
  readonly person: string;
  readonly office?: readonly OfficeRole[];
  readonly visits?: readonly string[];
}

export interface Consultations {
  create(
    wanted: CreateConsultation,
    actor: Actor,
    id?: string,
  ): Promise<CreatedConsultation | Refused>;
  /** Those that someone has a part in. */
  of(holder: Holder): Promise<ListedConsultation[]>;
  /** Those that someone may see in a list: for the office's officer, all. */
  visibleTo(holder: Holder): Promise<ListedConsultation[]>;
  byCode(typed: string): Promise<{ id: string; title: string } | undefined>;
  doors(id: string): Promise<{ code: string; screenKey: string } | undefined>;
  isScreenKey(id: string, key: string): Promise<boolean>;
}

const onlyHall: Form = { hall: true, onsite: false, mobile: false, groups: false };

export function createConsultations(parts: ConsultationsParts): Consultations {
  const { sql, record, furnish, stagesOf, newId, newCode, now } = parts;

  async function freshCode(): Promise<string> {
    for (;;) {
      const code = newCode();
      if (!(await consultationByCode(sql, code))) return code;
    }
  }

  const of = (holder: Holder): Promise<ListedConsultation[]> =>
    holder.kind === 'person'
      ? consultationsOfPerson(sql, holder.person)
      : consultationsNamed(sql, holder.visits ?? [], 'public');

  return {
    async create(wanted, actor, id = newId('c')) {
      if (!can(actor, 'consultation.create')) return refuse('forbidden');
      const form = wanted.form ?? onlyHall;
      const stages = await stagesOf(wanted.agenda);
      if (!stages) return refuse('not_found', 'agenda');
      const created = await record.create(
        {
          id,
          title: wanted.title.trim(),
          host: wanted.host?.trim() ?? '',
          form,
          code: await freshCode(),
          startsAt: wanted.startsAt ?? now(),
          sample: wanted.sample ?? false,
        },
        actor,
        `create-${id}`,
      );
      if (isRefused(created)) return created;
      await furnish(id, form, stages);
      const doors = await doorsOf(sql, id);
      if (!doors) throw new Error(`the consultation ${id} is in the record and not in the list`);
      return { id, ...doors };
    },
    of,
    async visibleTo(holder) {
      if (!holder.office?.includes('officer')) return of(holder);
      const own = new Map((await of(holder)).map((listed) => [listed.id, listed]));
      return (await allConsultations(sql, 'officer')).map((listed) => own.get(listed.id) ?? listed);
    },
    async byCode(typed) {
      const code = normalizeCode(typed);
      return code === undefined ? undefined : consultationByCode(sql, code);
    },
    doors: (id) => doorsOf(sql, id),
    async isScreenKey(id, key) {
      const doors = await doorsOf(sql, id);
      if (!doors) return false;
      const [given, right] = [Buffer.from(key), Buffer.from(doors.screenKey)];
      return given.length === right.length && timingSafeEqual(given, right);
    },
  };
}
