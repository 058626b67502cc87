import { elapsed, type Clock } from './clock.ts';
import type { Place } from './people.ts';

export const speechKinds = ['speech', 'question', 'reply', 'remote'] as const;
export type SpeechKind = (typeof speechKinds)[number];

/** Who moved someone in the queue, and when. */
export interface Moved {
  readonly by: string;
  readonly at: number;
}

/** Someone who waits. A person waits at most once. */
export interface Hand {
  readonly person: string;
  readonly kind: SpeechKind;
  readonly raisedAt: number;
  /** Set by the moderator's drag: waits before everyone without it, in this order. */
  readonly place?: number;
  readonly moved?: Moved;
  /** A citizen by QR code: on no roster, and named only so (周**). */
  readonly guest?: { readonly name?: string };
}

/** 预约发言: someone who will speak when the stage of the booked begins. */
export interface Booking {
  readonly person: string;
  readonly kind: SpeechKind;
  readonly bookedAt: number;
  readonly minutes?: number;
  readonly topic?: string;
  readonly place?: number;
  readonly moved?: Moved;
  /** Has been given the floor as booked. */
  readonly called?: true;
}

export interface Speech {
  readonly person: string;
  readonly kind: SpeechKind;
  readonly startedAt: number;
  /** Milliseconds that the speaker may use. */
  readonly limit: number;
  readonly clock: Clock;
  /** The stage in which it began. */
  readonly stage?: string;
  readonly topic?: string;
  /** Who spoke, as of then: people are substituted, moved and taken off the roster. */
  readonly name?: string;
  readonly unit?: string;
  readonly site?: Place;
  /** 插问: given in the middle of another's speech. */
  readonly interposed?: true;
}

/** Milliseconds left of a speech; negative once it runs over. */
export const remaining = (speech: Pick<Speech, 'limit' | 'clock'>, now: number): number =>
  speech.limit - elapsed(speech.clock, now);

const MINUTE_MS = 60_000;

/** Milliseconds before its end at which a speech is warned: a minute, or a quarter of what is too short for that. */
export const warningBefore = (limit: number): number =>
  limit >= 2 * MINUTE_MS ? MINUTE_MS : limit / 4;

export type SpeechState = 'running' | 'soon' | 'over';

export function speechState(speech: Pick<Speech, 'limit' | 'clock'>, now: number): SpeechState {
  const left = remaining(speech, now);
  if (left <= 0) return 'over';
  return left <= warningBefore(speech.limit) ? 'soon' : 'running';
}
