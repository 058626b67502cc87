import { withCalled } from './bookings.ts';
import { holdClock, pauseClock, startClock } from './clock.ts';
import type { Floor } from './floor.ts';
import type { Place } from './people.ts';
import type { Hand, Speech, SpeechKind } from './speech.ts';

/*
 * How the floor passes from one to another. What holds after each step:
 *
 * 1. At most one clock of the floor runs: that of whoever speaks.
 * 2. Every speech that began is speaking, held or spoken, once; none is lost and none counted twice.
 * 3. `undo` knows all that the step took away, and nothing that came since.
 */

/** What is recorded of whoever gets the floor. All but the first three came later: old events do without. */
export interface Called {
  readonly person: string;
  readonly kind: SpeechKind;
  readonly limit: number;
  readonly stage?: string;
  readonly topic?: string;
  readonly name?: string;
  readonly unit?: string;
  readonly site?: Place;
  /** As booked: the booking is used by it. */
  readonly booked?: true;
}

/** The speech, and the one held for it, are over at `at`; whoever is called speaks. */
export function advanced(floor: Floor, called: Partial<Called>, at: number): Floor {
  const { held: _over, ...ended } = endHeld(endSpeech(floor, at), at);
  if (called.person === undefined) return { ...ended, undo: undoOf(floor) };
  return begin(floor, ended, { limit: 0, kind: 'speech', ...called, person: called.person }, at);
}

export function interposed(floor: Floor, called: Called, at: number): Floor {
  const { speaking } = floor;
  if (!speaking) return floor;
  const rest: Floor = floor.held
    ? endSpeech(floor, at)
    : { ...floor, held: { ...speaking, clock: holdClock(speaking.clock, at) } };
  const begun = begin(floor, rest, called, at);
  return begun.speaking ? { ...begun, speaking: { ...begun.speaking, interposed: true } } : begun;
}

function begin(before: Floor, floor: Floor, called: Called, at: number): Floor {
  const { person, booked, ...said } = called;
  const hand = floor.hands.find((each) => each.person === person);
  const guestName = hand?.guest?.name;
  const speaking: Speech = {
    ...said,
    person,
    startedAt: at,
    clock: startClock({ spent: 0 }, at),
    ...(guestName === undefined ? {} : { name: guestName }),
  };
  return {
    ...floor,
    hands: without(floor.hands, person),
    bookings: booked ? withCalled(floor.bookings, person, true) : floor.bookings,
    speaking,
    undo: { ...undoOf(before), ...(hand ? { hand } : {}), ...(booked ? { booking: person } : {}) },
  };
}

/** Whoever has the floor has ended, and it counts; nobody has it now. */
export function endSpeech({ speaking, ...floor }: Floor, at: number): Floor {
  if (!speaking) return floor;
  return { ...floor, spoken: [...floor.spoken, ended(speaking, at)] };
}

export function endHeld({ held, ...floor }: Floor, at: number): Floor {
  return held ? { ...floor, spoken: [...floor.spoken, ended(held, at)] } : floor;
}

const ended = (speech: Speech, at: number): Speech => ({
  ...speech,
  clock: pauseClock(speech.clock, at),
});

/** What has to be known to take back what comes next. */
export const undoOf = ({ speaking, held, spoken }: Floor): NonNullable<Floor['undo']> => ({
  spoken: spoken.length,
  ...(speaking ? { speaking } : {}),
  ...(held ? { held } : {}),
});

/** [FLR5] What was cut goes on as if it had not been; whoever was called waits where they waited. */
export function returned(floor: Floor): Floor {
  const { undo, speaking: _now, held: _held, called: _called, ...rest } = floor;
  if (!undo) return floor;
  const { spoken, speaking, held, hand, booking } = undo;
  return {
    ...rest,
    hands: hand ? [...without(rest.hands, hand.person), hand] : rest.hands,
    bookings: booking === undefined ? rest.bookings : withCalled(rest.bookings, booking, false),
    spoken: rest.spoken.slice(0, spoken),
    ...(speaking ? { speaking } : {}),
    ...(held ? { held } : {}),
  };
}

export const settled = ({ undo: _past, ...floor }: Floor): Floor => floor;

export const without = (hands: readonly Hand[], person: string): Hand[] =>
  hands.filter((hand) => hand.person !== person);

export const withClock = (
  floor: Floor,
  change: (clock: Speech['clock']) => Speech['clock'],
): Floor =>
  floor.speaking
    ? { ...floor, speaking: { ...floor.speaking, clock: change(floor.speaking.clock) } }
    : floor;
