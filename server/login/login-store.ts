import type { OfficeRole } from '../../shared/policy/roles.ts';
import type { Trx } from '../database/group-commit.ts';
import type { Database } from '../database/open.ts';
import type { InvitationTable } from '../database/tables/login.ts';

type Sql = Database['sql'] | Trx;

export interface LoginRow {
  readonly login: string;
  readonly person: string;
  readonly name: string;
  readonly device: string;
  readonly seenAt: number;
}

export interface GuestRow {
  readonly id: string;
  readonly nickname: string | null;
}

/** A login that holds: neither it nor anything it rests on was revoked. */
export async function loginByHash(sql: Sql, tokenHash: string): Promise<LoginRow | undefined> {
  return sql
    .selectFrom('login')
    .innerJoin('person', 'person.id', 'login.person')
    .select([
      'login.id as login',
      'person.id as person',
      'person.name as name',
      'login.device as device',
      'login.seen_at as seenAt',
    ])
    .where('login.token_hash', '=', tokenHash)
    .where('login.revoked_at', 'is', null)
    .executeTakeFirst();
}

export async function officeRolesOf(sql: Sql, person: string): Promise<OfficeRole[]> {
  const rows = await sql
    .selectFrom('office_role')
    .select('role')
    .distinct()
    .where('person', '=', person)
    .orderBy('role')
    .execute();
  return rows.map(({ role }) => role as OfficeRole);
}

export const guestByHash = (sql: Sql, tokenHash: string): Promise<GuestRow | undefined> =>
  sql
    .selectFrom('guest')
    .select(['id', 'nickname'])
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst();

export async function visitsOf(sql: Sql, guest: string): Promise<string[]> {
  const rows = await sql
    .selectFrom('guest_visit')
    .select('consultation')
    .where('guest', '=', guest)
    .orderBy('at')
    .execute();
  return rows.map(({ consultation }) => consultation);
}

export const insertPerson = (sql: Sql, id: string, name: string, at: number) =>
  sql
    .insertInto('person')
    .values({ id, name, created_at: at })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();

export const insertOfficeRole = (sql: Sql, person: string, role: OfficeRole) =>
  sql
    .insertInto('office_role')
    .values({ person, role, scope: '' })
    .onConflict((conflict) => conflict.doNothing())
    .execute();

export async function hasOfficeRole(sql: Sql, role: OfficeRole): Promise<boolean> {
  const row = await sql
    .selectFrom('office_role')
    .select('person')
    .where('role', '=', role)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export const insertInvitation = (sql: Sql, invitation: InvitationTable) =>
  sql.insertInto('invitation').values(invitation).execute();

export const invitationByHash = (sql: Sql, tokenHash: string) =>
  sql
    .selectFrom('invitation')
    .innerJoin('person', 'person.id', 'invitation.person')
    .selectAll('invitation')
    .select('person.name as name')
    .where('token_hash', '=', tokenHash)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();

export async function hasInvitation(
  sql: Sql,
  person: string,
  consultation: string,
): Promise<boolean> {
  const row = await sql
    .selectFrom('invitation')
    .select('person')
    .where('person', '=', person)
    .where('consultation', '=', consultation)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Binds an invitation that nobody has used yet; false when someone was faster. */
export async function bindInvitation(trx: Trx, tokenHash: string, login: string): Promise<boolean> {
  const bound = await trx
    .updateTable('invitation')
    .set({ bound_login: login })
    .where('token_hash', '=', tokenHash)
    .where('reusable', '=', 0)
    .where('bound_login', 'is', null)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return Number(bound.numUpdatedRows) === 1;
}

/** A device that gave up its login gives back the invitations that were bound to it. */
export const releaseInvitations = (trx: Trx, login: string) =>
  trx
    .updateTable('invitation')
    .set({ bound_login: null })
    .where('bound_login', '=', login)
    .execute();

export const revokeInvitations = (trx: Trx, person: string, consultation: string, at: number) =>
  trx
    .updateTable('invitation')
    .set({ revoked_at: at })
    .where('person', '=', person)
    .where('consultation', '=', consultation)
    .where('revoked_at', 'is', null)
    .execute();

/** The logins that came about by a person's invitations to one consultation end with them. */
export const revokeLoginsBoundTo = (trx: Trx, person: string, consultation: string, at: number) =>
  trx
    .updateTable('login')
    .set({ revoked_at: at })
    .where('revoked_at', 'is', null)
    .where('id', 'in', (query) =>
      query
        .selectFrom('invitation')
        .select('bound_login')
        .where('person', '=', person)
        .where('consultation', '=', consultation)
        .where('bound_login', 'is not', null)
        .$castTo<{ bound_login: string }>(),
    )
    .execute();

export const insertLogin = (
  trx: Trx,
  login: { id: string; tokenHash: string; person: string; device: string; at: number },
) =>
  trx
    .insertInto('login')
    .values({
      id: login.id,
      token_hash: login.tokenHash,
      person: login.person,
      device: login.device,
      created_at: login.at,
      seen_at: login.at,
      revoked_at: null,
    })
    .execute();

export const revokeLogin = (trx: Trx, login: string, at: number) =>
  trx
    .updateTable('login')
    .set({ revoked_at: at })
    .where('id', '=', login)
    .where('revoked_at', 'is', null)
    .execute();

export const touchLogin = (trx: Trx, login: string, at: number) =>
  trx.updateTable('login').set({ seen_at: at }).where('id', '=', login).execute();

export const insertGuest = (
  trx: Trx,
  guest: { id: string; tokenHash: string; nickname: string | null; at: number },
) =>
  trx
    .insertInto('guest')
    .values({
      id: guest.id,
      token_hash: guest.tokenHash,
      nickname: guest.nickname,
      created_at: guest.at,
    })
    .execute();

export const insertVisit = (trx: Trx, guest: string, consultation: string, at: number) =>
  trx
    .insertInto('guest_visit')
    .values({ guest, consultation, at })
    .onConflict((conflict) => conflict.columns(['guest', 'consultation']).doNothing())
    .execute();

export async function loginsRevokedSince(sql: Sql, at: number): Promise<string[]> {
  const rows = await sql.selectFrom('login').select('id').where('revoked_at', '>=', at).execute();
  return rows.map(({ id }) => id);
}
