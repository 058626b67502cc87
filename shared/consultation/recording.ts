import { Type, type Static } from 'typebox';
import { can } from '../policy/can.ts';
import { refuse } from '../refusal.ts';
import type { Actor, Circumstances, Decision } from './decision.ts';
import { entryOf } from './entry.ts';
import { MAX_OPINION_CHARS } from './opinion-text.ts';
import { nextNumber, type Opinion, type OpinionEvent } from './opinions.ts';
import { creditOf } from './people.ts';
import type { ConsultationState } from './state.ts';

/** How words reached the desk that someone else wrote down (代录). */
export const means = ['spoken', 'phone', 'paper'] as const;
export type Means = (typeof means)[number];
export const MeansSchema = Type.Enum([...means]);

/** An opinion that the desk wrote down for its author. */
export interface TakenDown {
  readonly means: Means;
  /** Name of whoever wrote it down. */
  readonly by: string;
  /** Name of whoever confirmed the words: the author, or the desk that has the author's word for it. */
  readonly confirmedBy?: string;
}

const IdSchema = Type.String({ minLength: 1, maxLength: 100 });
export const recordingCommands = {
  /** Writes down what a participant says, who can't type it. */
  'opinion.record': Type.Object({
    person: IdSchema,
    text: Type.String({ minLength: 1, maxLength: MAX_OPINION_CHARS }),
    means: MeansSchema,
  }),
  /** These are the author's words. */
  'opinion.confirm': Type.Object({ opinion: IdSchema }),
};

export function recordFor(
  { lifecycle, roster, opinions }: ConsultationState,
  data: Static<(typeof recordingCommands)['opinion.record']>,
  actor: Actor,
  { commandId }: Circumstances,
): Decision<OpinionEvent> {
  if (!can(actor, 'opinion.record')) return refuse('forbidden');
  if (lifecycle.phase !== 'open' && lifecycle.phase !== 'paused') return refuse('not_open');
  const person = entryOf(roster, data.person);
  if (!person) return refuse('not_found', 'person');
  const text = data.text.trim();
  if (text === '') return refuse('empty_text', 'text');
  const tabled = { id: commandId, no: nextNumber(opinions), text, authors: [creditOf(person)] };
  const recorded = { means: data.means, by: actor.name };
  const site = person.site ? { site: person.site } : {};
  return [{ type: 'opinion.tabled', data: { ...tabled, source: 'room', recorded, ...site } }];
}

export function confirm({ id, recorded, published }: Opinion): Decision<OpinionEvent> {
  if (!recorded || recorded.confirmedBy !== undefined) return refuse('already');
  return [{ type: 'opinion.confirmed', data: { opinion: id, published } }];
}
