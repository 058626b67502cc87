import type { Namespace, Socket } from 'socket.io';
import type { Actor } from '../../shared/log/envelope.ts';
import { isOutside, isStaff, type Reader } from '../../shared/policy/audience.ts';
import type { Language } from '../../shared/refusal.ts';
import type { ClosedNotice, DownMessages, Me } from '../../shared/wire/down.ts';
import type { UpMessages } from '../../shared/wire/up.ts';
import type { LiveConsultation } from './parts.ts';

export type LiveNamespace = Namespace<UpMessages, DownMessages>;
export type LiveSocket = Socket<UpMessages, DownMessages>;

/** Who stands behind a connection, as far as it was last looked up. */
export interface Standing {
  /** Whose commands are counted together: a login, a guest, a screen's key. */
  readonly key: string;
  readonly login?: string;
  actorIn(consultation: Pick<LiveConsultation, 'state'>): Actor | undefined;
}

/** One reader's connection, admitted to one consultation. */
export interface Connection {
  readonly socket: LiveSocket;
  readonly consultation: string;
  readonly language: Language;
  /** As of the last look; looked up again for every command. */
  actor: Actor;
  /** Everything up to here that this reader may hear has been sent, and they know it. */
  sentTo: number;
  /** They await to be told up to here, although they may hear nothing of it: their own command's sequence. */
  awaits: number;
  /** The device's login, as of the last look; guests and screens have none. */
  login?: string | undefined;
  /** Looks up again who this is: a login may have been revoked. `undefined`: nobody any more. */
  standing(): Promise<Standing | undefined>;
  /** Who that is by another roster, as far as the login was last looked up. */
  actorIn: (consultation: Pick<LiveConsultation, 'state'>) => Actor | undefined;
}

/**
 * Readers of one group hear the same, except for what is addressed to one person. Follows `mayHear`: a test holds the
 * two together.
 */
export type Group = string;

export function groupOf({ role, unit }: Reader): Group {
  if (isStaff(role)) return 'staff';
  if (isOutside(role)) return 'outside';
  return role === 'department' && unit !== undefined ? `unit ${unit}` : 'room';
}

/** A member of the same group who is no particular person. */
export const anyoneLike = ({ role, unit }: Reader): Reader => ({
  role,
  person: '',
  ...(unit === undefined ? {} : { unit }),
});

export const meOf = ({ person, role, name, unit }: Actor): Me => ({
  person,
  role,
  name,
  ...(unit === undefined ? {} : { unit }),
});

export const isSameActor = (a: Actor, b: Actor): boolean =>
  a.person === b.person && a.role === b.role && a.name === b.name && a.unit === b.unit;

/** A refused handshake is invisible to a browser: so we accept, say why, and part. */
export function sendAway(socket: LiveSocket, code: ClosedNotice['code']): void {
  socket.emit('closed', { code });
  socket.disconnect(true);
}
