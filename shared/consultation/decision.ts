import type { TSchema } from 'typebox';
import type { Actor, NewEvent, RecordedEvent } from '../log/envelope.ts';
import type { Picture } from '../pictures.ts';
import type { Refused } from '../refusal.ts';

/** What `decide` may know besides the state: the time, and what only the server can look up. It reads no clock. */
export interface Circumstances {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Names what the command creates, so that a retry names the same. */
  readonly commandId: string;
  /** The card to be tabled, read from the board at the moment of tabling. */
  readonly draft?: Draft;
  /** A fresh receipt number for a guest's submission, unguessable. */
  readonly receipt?: string;
}

export interface Draft {
  readonly card: string;
  readonly text: string;
  /** Hex SHA-256 of `text` in UTF-8; of the merged texts too, where there are any. */
  readonly textHash: string;
  readonly author: string;
  readonly onBehalfOf?: string;
  readonly lane: string;
  /** Merged into this card: that one is tabled, and this one with it. */
  readonly into?: string;
  /** Merged into it, in order; they are tabled with it. */
  readonly merged?: readonly DraftPart[];
  /** Those on the card, and then those on what is merged into it. */
  readonly pictures?: readonly Picture[];
}

export type DraftPart = Pick<Draft, 'card' | 'text' | 'author' | 'onBehalfOf'>;

/** One feature's event: its type, and what it says. */
export interface EventOf<Type extends string, Data extends object> extends NewEvent {
  readonly type: Type;
  readonly data: Data;
}

/** The same, recorded: with sequence, actor and time. */
export type Recorded<E extends NewEvent> = E extends NewEvent ? E & RecordedEvent : never;

/** Command bodies by name, as runtime schemas: the only place where a command's form is written down. */
export type CommandSchemas = Readonly<Record<string, TSchema>>;

export type Decision<E extends NewEvent = NewEvent> = readonly E[] | Refused;

export type { Actor };
