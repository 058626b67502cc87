import type { Role } from '../policy/roles.ts';

/** Who did it, as of then: people change units and names, the log does not. */
export interface Actor {
  readonly person: string;
  readonly role: Role;
  readonly name: string;
  /** The department or body; departments act for it. */
  readonly unit?: string;
}

/** What `decide` returns: an event that has not happened yet. */
export interface NewEvent {
  readonly type: string;
  readonly data: object;
  /**
   * Words of a guest, kept in a side table so that they can be erased; the log holds a salted hash and a reference.
   * Absent after erasure.
   */
  readonly personal?: Personal;
}

export interface Personal {
  /** The guest whose words they are; erasing goes by this. */
  readonly subject: string;
  readonly text: string;
}

/** An event as readers get it: already checked, ordered and, where a guest's words belong to it, completed. */
export interface RecordedEvent extends NewEvent {
  /** 1, 2, 3 … within the stream, without a gap. */
  readonly seq: number;
  readonly actor: Actor;
  /** Milliseconds since 1970 by the server's clock. */
  readonly at: number;
  readonly commandId: string;
}

/** An event as it is stored and hashed. `personal` is replaced by `{ ref, hash }`. */
export interface Envelope {
  readonly stream: string;
  readonly seq: number;
  readonly type: string;
  readonly data: unknown;
  readonly personal?: PersonalReference;
  readonly actor: Actor;
  readonly at: number;
  readonly commandId: string;
  /** Hex SHA-256 of the event before it; `GENESIS` for the first. */
  readonly prevHash: string;
  readonly hash: string;
}

export interface PersonalReference {
  readonly ref: string;
  /** Hex SHA-256 of salt ‖ text; the salt lies beside the text and is erased with it. */
  readonly hash: string;
}

export const GENESIS = '0'.repeat(64);

/**
 * JSON with keys in code-unit order and no white space, so that equal values give equal bytes (the subset of RFC 8785
 * that JSON.stringify's own number and string forms satisfy). `undefined` members are left out, as JSON does.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value))
    return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

/** The text whose SHA-256 is the event's hash: the hash before it, then the event itself. */
export function hashInput(event: Omit<Envelope, 'hash'>): string {
  const { prevHash, ...body } = event;
  return prevHash + canonicalJson(body);
}
