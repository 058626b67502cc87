import { randomBytes } from 'node:crypto';
import type {
  ConsultationState,
  RecordedConsultationEvent,
} from '../../shared/consultation/index.ts';
import type { Role } from '../../shared/policy/roles.ts';
import type { ListedConsultation } from '../../shared/wire/rest.ts';
import type { Trx } from '../database/group-commit.ts';
import type { Database } from '../database/open.ts';

type Sql = Database['sql'];

/** Keeps the lists in step with the record, in the transaction of the events. */
export async function projectConsultation(
  trx: Trx,
  id: string,
  events: readonly RecordedConsultationEvent[],
  { lifecycle }: ConsultationState,
): Promise<void> {
  for (const event of events) {
    switch (event.type) {
      case 'consultation.created':
        await insertConsultation(trx, event.data, event.at);
        break;
      case 'consultation.opened':
      case 'consultation.paused':
      case 'consultation.resumed':
      case 'consultation.ended':
      case 'consultation.archived':
        await trx
          .updateTable('consultation')
          .set({ phase: lifecycle.phase })
          .where('id', '=', id)
          .execute();
        break;
      case 'participant.added':
      case 'participant.changed':
        await putParticipation(trx, event.data.id, id, event.data.role);
        break;
      case 'participant.removed':
        await trx
          .deleteFrom('participation')
          .where('person', '=', event.data.person)
          .where('consultation', '=', id)
          .execute();
        break;
      default:
    }
  }
}

const insertConsultation = (
  trx: Trx,
  created: Extract<RecordedConsultationEvent, { type: 'consultation.created' }>['data'],
  at: number,
) =>
  trx
    .insertInto('consultation')
    .values({
      id: created.id,
      code: created.code,
      // not in the record: it can be changed without rewriting anything, and no reader of events sees it
      screen_key: randomBytes(18).toString('base64url'),
      title: created.title,
      host: created.host,
      phase: 'prepared',
      starts_at: created.startsAt,
      sample: created.sample ? 1 : 0,
      created_at: at,
    })
    .execute();

const putParticipation = (trx: Trx, person: string, consultation: string, role: string) =>
  trx
    .insertInto('participation')
    .values({ person, consultation, role })
    .onConflict((conflict) => conflict.columns(['person', 'consultation']).doUpdateSet({ role }))
    .execute();

const listedColumns = [
  'consultation.id',
  'consultation.title',
  'consultation.phase',
  'consultation.host',
  'consultation.starts_at',
  'consultation.sample',
] as const;

interface ListedRow {
  readonly id: string;
  readonly title: string;
  readonly phase: string;
  readonly host: string;
  readonly starts_at: number;
  readonly sample: number;
}

const listedFrom = (row: ListedRow, role: Role): ListedConsultation => ({
  id: row.id,
  title: row.title,
  role,
  phase: row.phase,
  host: row.host,
  startsAt: row.starts_at,
  sample: row.sample === 1,
});

export async function consultationsOfPerson(
  sql: Sql,
  person: string,
): Promise<ListedConsultation[]> {
  const rows = await sql
    .selectFrom('participation')
    .innerJoin('consultation', 'consultation.id', 'participation.consultation')
    .select([...listedColumns, 'participation.role'])
    .where('participation.person', '=', person)
    .orderBy('consultation.starts_at', 'desc')
    .orderBy('consultation.id')
    .execute();
  return rows.map((row) => listedFrom(row, row.role as Role));
}

export async function allConsultations(sql: Sql, role: Role): Promise<ListedConsultation[]> {
  const rows = await sql
    .selectFrom('consultation')
    .select(listedColumns)
    .orderBy('starts_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map((row) => listedFrom(row, role));
}

export async function consultationsNamed(
  sql: Sql,
  ids: readonly string[],
  role: Role,
): Promise<ListedConsultation[]> {
  if (ids.length === 0) return [];
  const rows = await sql
    .selectFrom('consultation')
    .select(listedColumns)
    .where('id', 'in', ids)
    .orderBy('starts_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map((row) => listedFrom(row, role));
}

export const consultationByCode = (
  sql: Sql,
  code: string,
): Promise<{ id: string; title: string } | undefined> =>
  sql
    .selectFrom('consultation')
    .select(['id', 'title'])
    .where('code', '=', code)
    .executeTakeFirst();

export async function doorsOf(
  sql: Sql,
  id: string,
): Promise<{ code: string; screenKey: string } | undefined> {
  return sql
    .selectFrom('consultation')
    .select(['code', 'screen_key as screenKey'])
    .where('id', '=', id)
    .executeTakeFirst();
}
