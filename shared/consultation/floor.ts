import { Type, type Static } from 'typebox';
import { can } from '../policy/can.ts';
import { refuse } from '../refusal.ts';
import { currentStage } from './agenda.ts';
import type { AttendanceEvent } from './attendance.ts';
import { bookingCommands, decideBookings, evolveBookings, type BookingEvent } from './bookings.ts';
import { callingCommands, decideCalling, evolveCalling, type CallingEvent } from './calling.ts';
import { holdClock, releaseClock } from './clock.ts';
import type { Actor, Circumstances, Decision, EventOf, Recorded } from './decision.ts';
import { entryOf } from './entry.ts';
import { advanced, settled, without, withClock } from './floor-passing.ts';
import {
  guestsWaiting,
  maskedName,
  MAX_GUESTS_WAITING,
  toldGuests,
  type GuestToldEvent,
  type GuestTurn,
} from './guest-hands.ts';
import { withoutPerson } from './leaving-floor.ts';
import type { LifecycleEvent } from './lifecycle.ts';
import { movedBetween, withOrder } from './queue-order.ts';
import { queueOf } from './queue.ts';
import type { ScreenEvent } from './screen.ts';
import { kindFor } from './speech-limit.ts';
import { speechKinds, type Booking, type Hand, type Speech, type SpeechKind } from './speech.ts';
import {
  decideStageSwitches,
  stageSwitchesCommands,
  type StageSwitchesEvent,
} from './stage-switches.ts';
import { takesBooked, takesGuests } from './stage.ts';
import type { ConsultationState } from './state.ts';

export interface Floor {
  readonly hands: readonly Hand[];
  /** 预约发言, in the order in which they will be called. */
  readonly bookings: readonly Booking[];
  readonly speaking?: Speech;
  /** Interrupted by what is interposed: its clock stands still, and it goes on afterwards. */
  readonly held?: Speech;
  /** Finished speeches, in order. */
  readonly spoken: readonly Speech[];
  /** The last change of speaker, until something else makes that past: [FLR5] undoing it loses no hand raised since. */
  readonly undo?: {
    /** How many speeches had been finished. */
    readonly spoken: number;
    readonly speaking?: Speech;
    readonly held?: Speech;
    /** Whoever was called, as they waited. */
    readonly hand?: Hand;
    /** Whose booking was used. */
    readonly booking?: string;
  };
  /** When and by whom 下一位 was last pressed. */
  readonly called?: { readonly at: number; readonly by: string };
  /** Guests who asked to speak; each knows of themselves only. */
  readonly guests: Readonly<Record<string, GuestTurn>>;
}

export type FloorEvent =
  | EventOf<
      'floor.raised',
      { readonly person: string; readonly kind: SpeechKind; readonly guest?: true }
    >
  | EventOf<'floor.withdrawn', { readonly person: string }>
  | EventOf<'floor.reordered', { readonly order: readonly string[]; readonly moved?: string }>
  | BookingEvent
  | CallingEvent
  | GuestToldEvent;

const PersonSchema = Type.String({ minLength: 1, maxLength: 64 });

export const floorCommands = /* @__PURE__ */ (() => ({
  'floor.raise': Type.Object({
    kind: Type.Optional(Type.Enum([...speechKinds])),
    person: Type.Optional(PersonSchema),
    /** A citizen's name: only its first character is kept. */
    name: Type.Optional(Type.String({ maxLength: 20 })),
  }),
  'floor.withdraw': Type.Object({ person: Type.Optional(PersonSchema) }),
  /** The order wanted; whoever is not named waits behind. */
  'floor.reorder': Type.Object({ order: Type.Array(PersonSchema, { maxItems: 500 }) }),
  ...bookingCommands,
  ...callingCommands,
  ...stageSwitchesCommands,
}))();
export type FloorCommand = {
  [Name in keyof typeof floorCommands]: { type: Name; data: Static<(typeof floorCommands)[Name]> };
}[keyof typeof floorCommands];

export function decideFloor(
  state: ConsultationState,
  command: FloorCommand,
  actor: Actor,
  { now }: Circumstances,
): Decision<FloorEvent | StageSwitchesEvent | ScreenEvent> {
  switch (command.type) {
    case 'floor.raise':
      return raise(state, command.data, actor);
    case 'floor.withdraw':
      return withdraw(state, command.data.person ?? actor.person, actor);
    case 'floor.reorder':
      return reorder(state, command.data.order, actor);
    case 'floor.book':
    case 'floor.unbook':
    case 'floor.orderBookings':
      return decideBookings(state, command, actor);
    case 'floor.allow':
    case 'floor.quota':
      return decideStageSwitches(state, command, actor);
    default:
      return decideCalling(state, command, actor, now);
  }
}

type RaiseData = Extract<FloorCommand, { type: 'floor.raise' }>['data'];

function raise(state: ConsultationState, data: RaiseData, actor: Actor): Decision<FloorEvent> {
  const { floor, roster, lifecycle, agenda } = state;
  const stage = currentStage(agenda);
  const person = data.person ?? actor.person;
  const opened = takesGuests(stage);
  if (!can(actor, 'floor.raise', { owners: [person], opened })) return refuse('forbidden');
  if (lifecycle.phase !== 'open' && lifecycle.phase !== 'paused') return refuse('not_open');
  if (actor.role === 'public') return raiseAsGuest(floor, data, actor);
  if (!entryOf(roster, person)) return refuse('not_found', 'person');
  const waiting = floor.hands.find((hand) => hand.person === person);
  const kind = data.kind ?? waiting?.kind ?? kindFor(stage, entryOf(roster, person)?.role);
  // raising again with another kind chooses the kind afterwards, without losing the place
  if (waiting?.kind === kind) return refuse('already');
  if (speaks(floor, person)) return refuse('conflict');
  return [{ type: 'floor.raised', data: { person, kind } }];
}

const speaks = ({ speaking, held }: Floor, person: string): boolean =>
  speaking?.person === person || held?.person === person;

function raiseAsGuest(
  floor: Floor,
  { name = '' }: RaiseData,
  { person }: Actor,
): Decision<FloorEvent> {
  if (entryOf(floor.guests, person)) return refuse('already');
  if (guestsWaiting(floor) >= MAX_GUESTS_WAITING) return refuse('too_many');
  const personal =
    name.trim() === '' ? {} : { personal: { subject: person, text: maskedName(name) } };
  return [
    { type: 'floor.raised', data: { person, kind: 'question', guest: true }, ...personal },
    { type: 'floor.guestTold', data: { guest: person, now: 'waiting' } },
  ];
}

function withdraw(state: ConsultationState, person: string, actor: Actor): Decision<FloorEvent> {
  const { floor, agenda } = state;
  if (!can(actor, 'floor.withdraw', { owners: [person] })) return refuse('forbidden');
  const raised = floor.hands.some((hand) => hand.person === person);
  const waits = raised || entryOf(floor.guests, person) === 'waiting';
  const booked =
    takesBooked(currentStage(agenda)) &&
    floor.bookings.some((booking) => booking.person === person && !booking.called);
  if (!waits && !booked) return refuse('not_found');
  const withdrawn: FloorEvent[] = waits ? [{ type: 'floor.withdrawn', data: { person } }] : [];
  const unbooked: FloorEvent[] = booked ? [{ type: 'floor.unbooked', data: { person } }] : [];
  const after = { ...floor, hands: without(floor.hands, person) };
  return [...withdrawn, ...unbooked, ...toldGuests(floor, after)];
}

function reorder(
  state: ConsultationState,
  wanted: readonly string[],
  actor: Actor,
): Decision<FloorEvent> {
  if (!can(actor, 'floor.reorder')) return refuse('forbidden');
  const order = [...new Set(wanted)];
  const moved = movedBetween(
    queueOf(state).map(({ hand }) => hand.person),
    order,
  );
  return [{ type: 'floor.reordered', data: { order, ...(moved === undefined ? {} : { moved }) } }];
}

export function evolveFloor(
  floor: Floor,
  event: Recorded<FloorEvent | LifecycleEvent | AttendanceEvent>,
): Floor {
  switch (event.type) {
    case 'floor.raised': {
      const { person, kind, guest } = event.data;
      const waiting = floor.hands.find((hand) => hand.person === person);
      const name = event.personal?.text;
      const hand: Hand = {
        ...(waiting ?? { person, raisedAt: event.at }),
        kind,
        ...(guest ? { guest: name === undefined ? {} : { name } } : {}),
      };
      return { ...floor, hands: [...without(floor.hands, person), hand] };
    }
    case 'floor.withdrawn':
      // [FLR6] whoever leaves the queue never touches the clock that runs
      return { ...floor, hands: without(floor.hands, event.data.person) };
    case 'floor.reordered':
      return withOrder(floor, event.data, { by: event.actor.name, at: event.at });
    case 'floor.booked':
    case 'floor.unbooked':
    case 'floor.bookingsOrdered':
      return { ...floor, bookings: evolveBookings(floor.bookings, event) };
    case 'floor.guestTold': {
      const { [event.data.guest]: _before, ...others } = floor.guests;
      const { guest, now } = event.data;
      return { ...floor, guests: now === 'done' ? others : { ...others, [guest]: now } };
    }
    case 'floor.advanced':
    case 'floor.interposed':
    case 'floor.continued':
    case 'floor.returned':
    case 'floor.clockPaused':
    case 'floor.clockResumed':
      return evolveCalling(floor, event);
    case 'attendance.left':
    case 'participant.removed':
      return withoutPerson(floor, event.data.person, event.at);
    case 'consultation.paused':
      return settled(withClock(floor, (clock) => holdClock(clock, event.at)));
    case 'consultation.resumed':
      return settled(withClock(floor, (clock) => releaseClock(clock, event.at)));
    case 'consultation.ended':
      return settled(advanced(floor, {}, event.at));
    default:
      return floor;
  }
}

export const emptyFloor: Floor = { hands: [], bookings: [], spoken: [], guests: {} };
