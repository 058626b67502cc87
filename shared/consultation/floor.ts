import { Type, type Static } from 'typebox';
import { can } from '../policy/can.ts';
import type { Role } from '../policy/roles.ts';
import { refuse } from '../refusal.ts';
import { currentStage, type Agenda, type Stage } from './agenda.ts';
import type { AttendanceEvent } from './attendance.ts';
import {
  clockRuns,
  elapsed,
  holdClock,
  pauseClock,
  releaseClock,
  startClock,
  type Clock,
} from './clock.ts';
import type { Actor, Circumstances, Decision, EventOf, Recorded } from './decision.ts';
import { entryOf } from './entry.ts';
import type { LifecycleEvent } from './lifecycle.ts';
import { screenFollowsFloor, type ScreenEvent } from './screen.ts';
import type { ConsultationState } from './state.ts';

export const speechKinds = ['speech', 'question', 'reply', 'remote'] as const;
export type SpeechKind = (typeof speechKinds)[number];

/** Someone who waits. A person waits at most once. */
export interface Hand {
  readonly person: string;
  readonly kind: SpeechKind;
  readonly raisedAt: number;
  /** Set by the moderator's drag: waits before everyone without it, in this order. */
  readonly place?: number;
}

export interface Speech {
  readonly person: string;
  readonly kind: SpeechKind;
  readonly startedAt: number;
  /** Milliseconds that the speaker may use. */
  readonly limit: number;
  readonly clock: Clock;
}

export interface Floor {
  readonly hands: readonly Hand[];
  readonly speaking?: Speech;
  /** Finished speeches, in order. */
  readonly spoken: readonly Speech[];
  /** What the last 下一位 did, until something else makes that past: [FLR5] undoing it loses no hand raised since. */
  readonly undo?: { readonly ended?: Speech; readonly started?: Hand };
}

export type FloorEvent =
  | EventOf<'floor.raised', { readonly person: string; readonly kind: SpeechKind }>
  | EventOf<'floor.withdrawn', { readonly person: string }>
  | EventOf<
      'floor.advanced',
      { readonly person?: string; readonly kind?: SpeechKind; readonly limit?: number }
    >
  | EventOf<'floor.returned', Record<never, never>>
  | EventOf<'floor.clockPaused', Record<never, never>>
  | EventOf<'floor.clockResumed', Record<never, never>>
  | EventOf<'floor.reordered', { readonly order: readonly string[] }>;

const PersonSchema = Type.String({ minLength: 1, maxLength: 64 });
const KindSchema = Type.Enum([...speechKinds]);

export const floorCommands = {
  'floor.raise': Type.Object({
    kind: Type.Optional(KindSchema),
    person: Type.Optional(PersonSchema),
  }),
  'floor.withdraw': Type.Object({ person: Type.Optional(PersonSchema) }),
  /** Ends the speech and starts the next in the queue, or `person` out of turn. */
  'floor.next': Type.Object({ person: Type.Optional(PersonSchema) }),
  /** Stops the speaker's clock; `on: false` lets it run again. */
  'floor.pause': Type.Object({ on: Type.Optional(Type.Boolean()) }),
  /** Undoes the last `floor.next`. */
  'floor.back': Type.Object({}),
  /** The order wanted; whoever is not named waits behind. */
  'floor.reorder': Type.Object({ order: Type.Array(PersonSchema, { maxItems: 500 }) }),
};
export type FloorCommand = {
  [Name in keyof typeof floorCommands]: { type: Name; data: Static<(typeof floorCommands)[Name]> };
}[keyof typeof floorCommands];

export function decideFloor(
  state: ConsultationState,
  command: FloorCommand,
  actor: Actor,
  { now }: Circumstances,
): Decision<FloorEvent | ScreenEvent> {
  const { floor, lifecycle } = state;
  switch (command.type) {
    case 'floor.raise':
      return raise(state, command.data, actor);
    case 'floor.withdraw': {
      const person = command.data.person ?? actor.person;
      if (!can(actor, command.type, { owners: [person] })) return refuse('forbidden');
      if (!floor.hands.some((hand) => hand.person === person)) return refuse('not_found');
      return [{ type: 'floor.withdrawn', data: { person } }];
    }
    case 'floor.next':
      if (!can(actor, command.type)) return refuse('forbidden');
      if (lifecycle.phase !== 'open') return refuse('not_open');
      return advance(state, command.data.person, now);
    case 'floor.back': {
      if (!can(actor, command.type)) return refuse('forbidden');
      if (!floor.undo) return refuse('nothing_to_undo');
      const speaker = floor.undo.ended;
      return [{ type: 'floor.returned', data: {} }, ...screenFollowsFloor(state, speaker, now)];
    }
    case 'floor.pause':
      if (!can(actor, command.type)) return refuse('forbidden');
      return pause(state, command.data.on ?? true, now);
    case 'floor.reorder':
      if (!can(actor, command.type)) return refuse('forbidden');
      return [{ type: 'floor.reordered', data: { order: [...new Set(command.data.order)] } }];
  }
}

function raise(
  { floor, roster, lifecycle, agenda }: ConsultationState,
  data: { kind?: SpeechKind; person?: string },
  actor: Actor,
): Decision<FloorEvent> {
  const person = data.person ?? actor.person;
  if (!can(actor, 'floor.raise', { owners: [person] })) return refuse('forbidden');
  if (lifecycle.phase !== 'open' && lifecycle.phase !== 'paused') return refuse('not_open');
  if (!entryOf(roster, person)) return refuse('not_found', 'person');
  const waiting = floor.hands.find((hand) => hand.person === person);
  const kind = data.kind ?? waiting?.kind ?? kindFor(agenda, roster[person]?.role);
  // raising again with another kind chooses the kind afterwards, without losing the place
  if (waiting?.kind === kind) return refuse('already');
  if (floor.speaking?.person === person) return refuse('conflict');
  return [{ type: 'floor.raised', data: { person, kind } }];
}

function advance(
  state: ConsultationState,
  wanted: string | undefined,
  now: number,
): Decision<FloorEvent | ScreenEvent> {
  const { floor, agenda } = state;
  const queue = queueOf(floor);
  const next = wanted === undefined ? queue[0] : queue.find(({ hand }) => hand.person === wanted);
  if (!next) {
    if (wanted !== undefined) return refuse('not_found', 'person');
    if (!floor.speaking) return refuse('queue_empty');
    return [{ type: 'floor.advanced', data: {} }, ...screenFollowsFloor(state, undefined, now)];
  }
  const { person, kind } = next.hand;
  const limit = limitFor(agenda, kind);
  const speech: Speech = {
    person,
    kind,
    limit,
    startedAt: now,
    clock: startClock({ spent: 0 }, now),
  };
  return [
    { type: 'floor.advanced', data: { person, kind, limit } },
    ...screenFollowsFloor(state, speech, now),
  ];
}

function pause(
  state: ConsultationState,
  on: boolean,
  now: number,
): Decision<FloorEvent | ScreenEvent> {
  const { floor, lifecycle } = state;
  if (!floor.speaking) return refuse('conflict');
  if (lifecycle.phase !== 'open') return refuse('not_open');
  if (clockRuns(floor.speaking.clock) !== on) return refuse('already');
  const clock = on ? pauseClock(floor.speaking.clock, now) : startClock(floor.speaking.clock, now);
  const type = on ? 'floor.clockPaused' : 'floor.clockResumed';
  return [{ type, data: {} }, ...screenFollowsFloor(state, { ...floor.speaking, clock }, now)];
}

export function evolveFloor(
  floor: Floor,
  event: Recorded<FloorEvent | LifecycleEvent | AttendanceEvent>,
): Floor {
  switch (event.type) {
    case 'floor.raised': {
      const { person, kind } = event.data;
      const waiting = floor.hands.find((hand) => hand.person === person);
      const hand: Hand = waiting ? { ...waiting, kind } : { person, kind, raisedAt: event.at };
      return { ...floor, hands: [...without(floor.hands, person), hand] };
    }
    case 'floor.withdrawn':
      // [FLR6] whoever leaves the queue never touches the clock that runs
      return { ...floor, hands: without(floor.hands, event.data.person) };
    case 'attendance.left':
    case 'participant.removed':
      return settled({ ...floor, hands: without(floor.hands, event.data.person) });
    case 'floor.advanced':
      return advanced(floor, event);
    case 'floor.returned':
      return returned(floor);
    case 'consultation.paused':
      return settled(withClock(floor, (clock) => holdClock(clock, event.at)));
    case 'consultation.resumed':
      return settled(withClock(floor, (clock) => releaseClock(clock, event.at)));
    case 'floor.clockPaused':
      return settled(withClock(floor, (clock) => pauseClock(clock, event.at)));
    case 'floor.clockResumed':
      return settled(withClock(floor, (clock) => startClock(clock, event.at)));
    case 'consultation.ended':
      return settled(advanced(floor, { at: event.at, data: {} }));
    case 'floor.reordered': {
      const placed = floor.hands.map((hand) => {
        const place = event.data.order.indexOf(hand.person);
        const { place: _old, ...rest } = hand;
        return place < 0 ? rest : { ...rest, place };
      });
      return { ...floor, hands: placed };
    }
    default:
      return floor;
  }
}

function advanced(
  floor: Floor,
  event: Pick<Recorded<Extract<FloorEvent, { type: 'floor.advanced' }>>, 'at' | 'data'>,
): Floor {
  const { hands, speaking, spoken } = floor;
  const { person, kind, limit } = event.data;
  const done = speaking
    ? [...spoken, { ...speaking, clock: pauseClock(speaking.clock, event.at) }]
    : spoken;
  const started = hands.find((hand) => hand.person === person);
  const undo = { ...(speaking ? { ended: speaking } : {}), ...(started ? { started } : {}) };
  if (person === undefined) return { hands, spoken: done, undo };
  const speech: Speech = {
    person,
    kind: kind ?? 'speech',
    limit: limit ?? 0,
    startedAt: event.at,
    clock: startClock({ spent: 0 }, event.at),
  };
  return { hands: without(hands, person), spoken: done, speaking: speech, undo };
}

/** The speech that was cut goes on as if it had not been; whoever was called waits where they waited. */
function returned({ hands, spoken, undo }: Floor): Floor {
  if (!undo) return { hands, spoken };
  const { ended, started } = undo;
  const waiting = started ? [...without(hands, started.person), started] : hands;
  return ended
    ? { hands: waiting, spoken: spoken.slice(0, -1), speaking: ended }
    : { hands: waiting, spoken };
}

function settled({ undo: _past, ...floor }: Floor): Floor {
  return floor;
}

const without = (hands: readonly Hand[], person: string): Hand[] =>
  hands.filter((hand) => hand.person !== person);

const withClock = (floor: Floor, change: (clock: Clock) => Clock): Floor =>
  floor.speaking
    ? { ...floor, speaking: { ...floor.speaking, clock: change(floor.speaking.clock) } }
    : floor;

/** Why someone waits where they wait: shown beside the name. */
export type QueueReason = 'placed' | 'first-time' | 'by-time';

export interface Waiting {
  readonly hand: Hand;
  readonly reason: QueueReason;
}

/** The queue in the order in which 下一位 will call: placed by the moderator, then first-time speakers, then by time. */
export function queueOf(floor: Floor): Waiting[] {
  const heard = new Set(
    [...floor.spoken, ...(floor.speaking ? [floor.speaking] : [])].map(({ person }) => person),
  );
  const reasonFor = (hand: Hand): QueueReason =>
    hand.place !== undefined ? 'placed' : heard.has(hand.person) ? 'by-time' : 'first-time';
  const rank: Record<QueueReason, number> = { placed: 0, 'first-time': 1, 'by-time': 2 };
  return floor.hands
    .map((hand): Waiting => ({ hand, reason: reasonFor(hand) }))
    .sort(
      (a, b) =>
        rank[a.reason] - rank[b.reason] ||
        (a.hand.place ?? 0) - (b.hand.place ?? 0) ||
        a.hand.raisedAt - b.hand.raisedAt ||
        (a.hand.person < b.hand.person ? -1 : 1),
    );
}

/** Milliseconds left of a speech; negative once it runs over. */
export const remaining = (speech: Pick<Speech, 'limit' | 'clock'>, now: number): number =>
  speech.limit - elapsed(speech.clock, now);

const minutesByKind: Record<SpeechKind, number> = { speech: 6, remote: 5, question: 1, reply: 2 };

const limitFor = (agenda: Agenda, kind: SpeechKind): number => {
  const stage = currentStage(agenda);
  const minutes =
    (kind === mainKind(stage) ? stage?.speechMinutes : undefined) ?? minutesByKind[kind];
  return minutes * 60_000;
};

/** The kind of speech that a stage is there for, whose length the agenda may say. */
function mainKind(stage: Stage | undefined): SpeechKind {
  switch (stage?.kind) {
    case 'questions':
      return 'question';
    case 'responses':
      return 'reply';
    case 'remote':
      return 'remote';
    default:
      return 'speech';
  }
}

/** What a raised hand means in the stage that runs: in the questions departments reply, in the responses members ask. */
function kindFor(agenda: Agenda, role: Role | undefined): SpeechKind {
  switch (currentStage(agenda)?.kind) {
    case 'questions':
    case 'responses':
      return role === 'department' ? 'reply' : 'question';
    case 'remote':
      return 'remote';
    default:
      return 'speech';
  }
}

export const emptyFloor: Floor = { hands: [], spoken: [] };
