import { createHash, randomBytes } from 'node:crypto';
import {
  GENESIS,
  hashInput,
  type Actor,
  type Envelope,
  type NewEvent,
  type PersonalReference,
  type RecordedEvent,
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
): { envelopes: Envelope[]; personal: PersonalText[]; last: Head } {
  const envelopes: Envelope[] = [];
  const personal: PersonalText[] = [];
  let last: Head = head;
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
    last = { seq: envelope.seq, hash: envelope.hash };
  }
  return { envelopes, personal, last };
}

function apart({ subject, text }: { subject: string; text: string }): {
  kept: PersonalText;
  reference: PersonalReference;
} {
  const salt = randomBytes(16).toString('hex');
  const ref = randomBytes(12).toString('hex');
  return { kept: { ref, subject, salt, text }, reference: { ref, hash: sha256(salt + text) } };
}

/** An event as readers get it: in the form that it has when it is read again, so that nothing differs after a restart. */
export function recorded(
  { type, data, personal }: NewEvent,
  { seq, actor, at, commandId }: Pick<RecordedEvent, 'seq' | 'actor' | 'at' | 'commandId'>,
): RecordedEvent {
  const event = {
    seq,
    type,
    data: JSON.parse(JSON.stringify(data)) as object,
    actor,
    at,
    commandId,
  };
  return personal ? { ...event, personal } : event;
}

/**
 * The value as both databases can keep it, so that what is hashed, served and read again is the same: without NUL, which
 * PostgreSQL refuses, and without halves of surrogate pairs, which UTF-8 has no form for.
 */
export function storable<T>(value: T): T {
  if (typeof value === 'string') return value.replaceAll('\0', '').toWellFormed() as T;
  if (Array.isArray(value)) return value.map(storable) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [storable(key), storable(member)]),
  ) as T;
}
