import { Type, type Static } from 'typebox';
import { can } from '../policy/can.ts';
import { refuse } from '../refusal.ts';
import { currentStage, type Agenda } from './agenda.ts';
import { clockRuns, pauseClock, releaseClock, startClock } from './clock.ts';
import type { Actor, Decision, EventOf, Recorded } from './decision.ts';
import { entryOf } from './entry.ts';
import type { Floor } from './floor.ts';
import {
  advanced,
  endSpeech,
  interposed,
  returned,
  settled,
  undoOf,
  withClock,
  type Called,
} from './floor-passing.ts';
import { toldGuests, type GuestToldEvent } from './guest-hands.ts';
import { queueOf, type Waiting } from './queue.ts';
import { screenFollowsFloor, type ScreenEvent } from './screen.ts';
import { minutesFor } from './speech-limit.ts';
import type { Hand } from './speech.ts';
import type { ConsultationState } from './state.ts';

/** Who has the floor. */
export type CallingEvent =
  | EventOf<'floor.advanced', Partial<Called>>
  | EventOf<'floor.interposed', Called>
  | EventOf<'floor.continued', Record<never, never>>
  | EventOf<'floor.returned', Record<never, never>>
  | EventOf<'floor.clockPaused', Record<never, never>>
  | EventOf<'floor.clockResumed', Record<never, never>>;

const PersonSchema = Type.String({ minLength: 1, maxLength: 64 });

export const callingCommands = {
  /**
   * Ends the speech and starts the next in the queue, or `person` out of turn; `again` calls back someone who has been
   * heard and does not wait.
   */
  'floor.next': Type.Object({
    person: Type.Optional(PersonSchema),
    again: Type.Optional(Type.Boolean()),
  }),
  /** 插问: the speech is held for a minute at most while `person` asks, or answers what was asked. */
  'floor.interpose': Type.Object({
    person: PersonSchema,
    kind: Type.Optional(Type.Enum(['question', 'reply'])),
  }),
  /** Ends what was interposed: the speech goes on. */
  'floor.continue': Type.Object({}),
  /** Stops the speaker's clock; `on: false` lets it run again. */
  'floor.pause': Type.Object({ on: Type.Optional(Type.Boolean()) }),
  /** Undoes the last change of speaker. */
  'floor.back': Type.Object({}),
};
export type CallingCommand = {
  [Name in keyof typeof callingCommands]: {
    type: Name;
    data: Static<(typeof callingCommands)[Name]>;
  };
}[keyof typeof callingCommands];

type CallingDecision = Decision<CallingEvent | GuestToldEvent | ScreenEvent>;

const MINUTE_MS = 60_000;
const INTERPOSED_MS = MINUTE_MS;
/** Two moderators who press 下一位 without a name within this time have pressed it once. */
const SAME_PRESS_MS = 2_000;

export function decideCalling(
  state: ConsultationState,
  command: CallingCommand,
  actor: Actor,
  now: number,
): CallingDecision {
  if (!can(actor, command.type)) return refuse('forbidden');
  const { floor, lifecycle } = state;
  if (command.type === 'floor.back') {
    if (!floor.undo) return refuse('nothing_to_undo');
    return happened(state, { type: 'floor.returned', data: {} }, actor, now);
  }
  if (command.type === 'floor.pause' && !floor.speaking) return refuse('conflict');
  if (lifecycle.phase !== 'open') return refuse('not_open');
  switch (command.type) {
    case 'floor.next':
      return advance(state, command.data, actor, now);
    case 'floor.interpose':
      return interpose(state, command.data, actor, now);
    case 'floor.continue':
      if (!floor.held) return refuse('conflict');
      return happened(state, { type: 'floor.continued', data: {} }, actor, now);
    case 'floor.pause': {
      const on = command.data.on ?? true;
      if (!floor.speaking || clockRuns(floor.speaking.clock) !== on) return refuse('already');
      const type = on ? 'floor.clockPaused' : 'floor.clockResumed';
      return happened(state, { type, data: {} }, actor, now);
    }
  }
}

/** The event, and what follows from it: guests hear of their turn, and the screen goes along. */
function happened(
  state: ConsultationState,
  event: CallingEvent,
  actor: Actor,
  now: number,
): CallingDecision {
  const recorded = { ...event, at: now, actor, seq: 0, commandId: '' } as Recorded<CallingEvent>;
  const after = evolveCalling(state.floor, recorded);
  return [
    event,
    ...toldGuests(state.floor, after),
    ...screenFollowsFloor(state, after.speaking, now),
  ];
}

function advance(
  state: ConsultationState,
  { person, again }: Extract<CallingCommand, { type: 'floor.next' }>['data'],
  actor: Actor,
  now: number,
): CallingDecision {
  const { floor } = state;
  const queue = queueOf(state);
  if (person === undefined) {
    const { called } = floor;
    if (called && called.by !== actor.person && now - called.at < SAME_PRESS_MS)
      return refuse('already');
    const [next] = queue;
    if (!next && !floor.speaking) return refuse('queue_empty');
    const data = next ? asCalled(state, next) : {};
    return happened(state, { type: 'floor.advanced', data }, actor, now);
  }
  if (floor.speaking?.person === person) return refuse('already');
  const next =
    queue.find(({ hand }) => hand.person === person) ??
    (again ? heardAgain(state, person, now) : undefined);
  if (!next) return refuse('not_found', 'person');
  return happened(state, { type: 'floor.advanced', data: asCalled(state, next) }, actor, now);
}

/** [FLR12] Someone who has been heard is called once more; who is gone from the roster is not. */
function heardAgain(
  { floor, roster }: ConsultationState,
  person: string,
  now: number,
): Waiting | undefined {
  const last = [...floor.spoken].reverse().find((speech) => speech.person === person);
  if (!last || !entryOf(roster, person)) return undefined;
  return { hand: { person, kind: last.kind, raisedAt: now }, reason: 'placed' };
}

function asCalled(state: ConsultationState, { hand, booking }: Waiting): Called {
  const { person, kind } = hand;
  const stage = currentStage(state.agenda);
  const minutes = booking?.minutes ?? minutesFor(stage, kind);
  return {
    person,
    kind,
    limit: minutes * MINUTE_MS,
    ...whoSpeaks(state, hand),
    ...(booking?.topic === undefined ? {} : { topic: booking.topic }),
    ...(booking ? { booked: true } : {}),
  };
}

/** A guest's name stays where it can be erased; it is not copied into the call. */
function whoSpeaks(
  { roster, agenda }: { roster: ConsultationState['roster']; agenda: Agenda },
  hand: Hand,
): Pick<Called, 'stage' | 'name' | 'unit' | 'site'> {
  const stage = agenda.current === undefined ? {} : { stage: agenda.current };
  if (hand.guest) return { ...stage, site: 'qr' };
  const known = entryOf(roster, hand.person);
  if (!known) return stage;
  const { name, unit, site } = known;
  return { ...stage, name, unit, ...(site ? { site } : {}) };
}

function interpose(
  state: ConsultationState,
  { person, kind = 'question' }: Extract<CallingCommand, { type: 'floor.interpose' }>['data'],
  actor: Actor,
  now: number,
): CallingDecision {
  const { floor, roster } = state;
  const { speaking, held } = floor;
  if (!speaking) return refuse('conflict');
  if (person === speaking.person || person === held?.person) return refuse('already');
  // [FLR13] nested once: a question that is being asked may be answered, and nothing else comes between
  const mayAnswer = held !== undefined && speaking.kind === 'question' && kind === 'reply';
  if (held && !mayAnswer) return refuse('conflict');
  const waiting = floor.hands.find((hand) => hand.person === person);
  if (!waiting && !entryOf(roster, person)) return refuse('not_found', 'person');
  const hand: Hand = waiting ?? { person, kind, raisedAt: now };
  const data = { person, kind, limit: INTERPOSED_MS, ...whoSpeaks(state, hand) };
  return happened(state, { type: 'floor.interposed', data }, actor, now);
}

export function evolveCalling(floor: Floor, event: Recorded<CallingEvent>): Floor {
  switch (event.type) {
    case 'floor.advanced': {
      const called = { at: event.at, by: event.actor.person };
      return { ...advanced(floor, event.data, event.at), called };
    }
    case 'floor.interposed':
      return interposed(floor, event.data, event.at);
    case 'floor.continued': {
      const { held, ...ended } = endSpeech(floor, event.at);
      if (!held) return floor;
      const speaking = { ...held, clock: releaseClock(held.clock, event.at) };
      return { ...ended, speaking, undo: undoOf(floor) };
    }
    case 'floor.returned':
      return returned(floor);
    case 'floor.clockPaused':
      return settled(withClock(floor, (clock) => pauseClock(clock, event.at)));
    case 'floor.clockResumed':
      return settled(withClock(floor, (clock) => startClock(clock, event.at)));
  }
}
