import { createHash, randomBytes } from 'node:crypto';
import {
  GENESIS,
  hashInput,
  type Actor,
  type Envelope,
  type NewEvent,
  type PersonalReference,
} from '../../shared/log/envelope.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A guest's words, apart from the event: what the side table keeps. */
export interface PersonalText {
  readonly ref: string;
  readonly subject: string;
  readonly salt: string;
  readonly text: string;
}

export interface Head {
  readonly seq: number;
  readonly hash: string;
}

export const emptyHead: Head = { seq: 0, hash: GENESIS };

interface Appending {
  readonly stream: string;
  readonly events: readonly NewEvent[];
  readonly actor: Actor;
  readonly at: number;
  readonly commandId: string;
}

/** The next links of the chain, and the guests' words that they only refer to. */
export function link(
  head: Head,
  { stream, events, actor, at, commandId }: Appending,
): { envelopes: Envelope[]; personal: PersonalText[] } {
  const envelopes: Envelope[] = [];
  const personal: PersonalText[] = [];
  let last = head;
  for (const event of events) {
    const words = event.personal && apart(event.personal);
    if (words) personal.push(words.kept);
    const body = {
      stream,
      seq: last.seq + 1,
      type: event.type,
      data: event.data,
      ...(words ? { personal: words.reference } : {}),
      actor,
      at,
      commandId,
      prevHash: last.hash,
    };
    const envelope = { ...body, hash: sha256(hashInput(body)) };
    envelopes.push(envelope);
    last = envelope;
  }
  return { envelopes, personal };
}

function apart({ subject, text }: { subject: string; text: string }): {
  kept: PersonalText;
  reference: PersonalReference;
} {
  const salt = randomBytes(16).toString('hex');
  const ref = randomBytes(12).toString('hex');
  return { kept: { ref, subject, salt, text }, reference: { ref, hash: sha256(salt + text) } };
}

/** NUL is text to SQLite and an error to PostgreSQL; the hash must be of what both can keep. */
export function withoutNul<T>(value: T): T {
  if (typeof value === 'string') return value.replaceAll('\0', '') as T;
  if (Array.isArray(value)) return value.map(withoutNul) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, withoutNul(member)]),
  ) as T;
}
