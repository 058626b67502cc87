import type { OfficeRole } from '../../shared/policy/roles.ts';
import type { Database } from '../database/open.ts';
import {
  hasInvitation,
  hasOfficeRole,
  insertInvitation,
  insertOfficeRole,
  insertPerson,
  invitationByHash,
  revokeInvitations,
  revokeLoginsBoundTo,
} from './login-store.ts';
import { hashOf, newId, newToken } from './tokens.ts';

export interface Invitation {
  readonly person: string;
  /** Where it leads; absent: the office. */
  readonly consultation?: string;
  /** Works on any device, again and again. */
  readonly reusable?: boolean;
}

/** Who exists, and how they are let in. */
export interface People {
  /** `id`: one that the caller chose; adding it again changes nothing. */
  add(name: string, id?: string): Promise<string>;
  appoint(person: string, role: OfficeRole): Promise<void>;
  hasOfficer(): Promise<boolean>;
  /** Answers the token, which is kept nowhere: `/i/<token>`. */
  invite(invitation: Invitation): Promise<string>;
  /** Does a token that was kept from earlier still open anything? */
  isInvitation(token: string): Promise<boolean>;
  /** Was this person ever invited to it? Earlier invitations that don't hold any more count too. */
  wasInvited(person: string, consultation: string): Promise<boolean>;
  /** A new invitation in place of all earlier ones to this consultation; the devices let in by those are out. */
  inviteAnew(person: string, consultation: string): Promise<string>;
}

export function createPeople(
  { sql, commit }: Pick<Database, 'sql' | 'commit'>,
  now: () => number = Date.now,
): People {
  const rowOf = ({ person, consultation, reusable }: Invitation, token: string) => ({
    token_hash: hashOf(token),
    person,
    consultation: consultation ?? null,
    reusable: reusable === true ? 1 : 0,
    bound_login: null,
    created_at: now(),
    revoked_at: null,
  });
  return {
    async add(name, id = newId('p')) {
      await commit((trx) => insertPerson(trx, id, name, now()));
      return id;
    },
    async appoint(person, role) {
      await commit((trx) => insertOfficeRole(trx, person, role));
    },
    hasOfficer: () => hasOfficeRole(sql, 'officer'),
    async invite(invitation) {
      const token = newToken();
      await commit((trx) => insertInvitation(trx, rowOf(invitation, token)));
      return token;
    },
    isInvitation: async (token) => (await invitationByHash(sql, hashOf(token))) !== undefined,
    wasInvited: (person, consultation) => hasInvitation(sql, person, consultation),
    async inviteAnew(person, consultation) {
      const token = newToken();
      await commit(async (trx) => {
        await revokeLoginsBoundTo(trx, person, consultation, now());
        await revokeInvitations(trx, person, consultation, now());
        await insertInvitation(trx, rowOf({ person, consultation }, token));
      });
      return token;
    },
  };
}
