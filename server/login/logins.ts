import type { Database } from '../database/open.ts';
import { cookiesIn, GUEST_COOKIE, LOGIN_COOKIE } from './cookies.ts';
import { GUEST_NAME, type Guest, type Identity, type Person } from './identity.ts';
import {
  bindInvitation,
  guestByHash,
  insertGuest,
  insertLogin,
  insertVisit,
  invitationByHash,
  loginByHash,
  officeRolesOf,
  releaseInvitations,
  revokeLogin,
  touchLogin,
  visitsOf,
} from './login-store.ts';
import { hashOf, newId, newToken } from './tokens.ts';

/** How exact «last seen» is, in milliseconds. */
const SEEN_EVERY_MS = 5 * 60_000;

/** What a browser showed when it asked, and what it may be given. */
export interface Visitor {
  readonly cookie: string | undefined;
  readonly device: string;
}

export type Redeemed =
  | {
      readonly person: Person;
      readonly consultation: string | undefined;
      /** A new cookie for this browser; absent when it keeps the one that it has. */
      readonly token?: string;
    }
  | { readonly failed: 'unknown' | 'used' | 'someone_else' };

export interface Logins {
  /** Who the browser with these cookies is. Looked up each time, so that what is revoked ends at once. */
  identify(cookieHeader: string | undefined): Promise<Identity | undefined>;
  redeem(token: string, visitor: Visitor, mayChange: boolean): Promise<Redeemed>;
  /** Makes the browser a guest of a consultation, the same guest as before if it was one. */
  join(
    consultation: string,
    visitor: Visitor,
    nickname?: string,
  ): Promise<{ readonly guest: Guest; readonly token?: string }>;
  leave(login: string): Promise<void>;
}

export function createLogins(
  { sql, commit }: Pick<Database, 'sql' | 'commit'>,
  now: () => number = Date.now,
): Logins {
  async function personWith(token: string | undefined): Promise<Person | undefined> {
    const row = token ? await loginByHash(sql, hashOf(token)) : undefined;
    if (!row) return undefined;
    const { login, person, name, seenAt } = row;
    if (now() - seenAt > SEEN_EVERY_MS) await commit((trx) => touchLogin(trx, login, now()));
    return { kind: 'person', person, name, office: await officeRolesOf(sql, person), login };
  }

  async function guestWith(token: string | undefined): Promise<Guest | undefined> {
    const row = token ? await guestByHash(sql, hashOf(token)) : undefined;
    if (!row) return undefined;
    const visits = await visitsOf(sql, row.id);
    return { kind: 'guest', person: row.id, name: row.nickname ?? GUEST_NAME, visits };
  }

  /** 1. An invitation that binds makes one login only, however many ask at once: the update decides. */
  async function redeem(token: string, visitor: Visitor, mayChange: boolean): Promise<Redeemed> {
    const tokenHash = hashOf(token);
    const invitation = await invitationByHash(sql, tokenHash);
    if (!invitation) return { failed: 'unknown' };
    const { person, name, reusable, bound_login: bound } = invitation;
    const consultation = invitation.consultation ?? undefined;
    const current = await personWith(cookiesIn(visitor.cookie)[LOGIN_COOKIE]);
    if (current?.person === person) {
      if (!reusable && bound === null)
        await commit((trx) => bindInvitation(trx, tokenHash, current.login));
      return { person: current, consultation };
    }
    if (!reusable && bound !== null) return { failed: 'used' };
    if (current && !mayChange) return { failed: 'someone_else' };

    const login = newId('l');
    const secret = newToken();
    const made = await commit(async (trx) => {
      if (!reusable && !(await bindInvitation(trx, tokenHash, login))) return false;
      const { device } = visitor;
      await insertLogin(trx, { id: login, tokenHash: hashOf(secret), person, device, at: now() });
      if (current) await leaveWithin(trx, current.login);
      return true;
    });
    if (!made) return { failed: 'used' };
    const office = await officeRolesOf(sql, person);
    return { person: { kind: 'person', person, name, office, login }, consultation, token: secret };
  }

  async function leaveWithin(trx: Parameters<typeof revokeLogin>[0], login: string): Promise<void> {
    await releaseInvitations(trx, login);
    await revokeLogin(trx, login, now());
  }

  return {
    async identify(cookieHeader) {
      const cookies = cookiesIn(cookieHeader);
      const person = await personWith(cookies[LOGIN_COOKIE]);
      const guest = await guestWith(cookies[GUEST_COOKIE]);
      return person && guest ? { ...person, guest } : (person ?? guest);
    },
    redeem,
    async join(consultation, { cookie }, nickname) {
      const known = await guestWith(cookiesIn(cookie)[GUEST_COOKIE]);
      const secret = newToken();
      const id = known?.person ?? newId('g');
      await commit(async (trx) => {
        const tokenHash = hashOf(secret);
        const at = now();
        if (!known) await insertGuest(trx, { id, tokenHash, nickname: nickname ?? null, at });
        await insertVisit(trx, id, consultation, at);
      });
      const visits = [...(known?.visits ?? []), consultation];
      const name = known?.name ?? nickname ?? GUEST_NAME;
      const guest: Guest = { kind: 'guest', person: id, name, visits };
      return known ? { guest } : { guest, token: secret };
    },
    leave: (login) => commit((trx) => leaveWithin(trx, login)),
  };
}
