import { pauseClock } from './clock.ts';
import { endHeld, endSpeech, settled, without } from './floor-passing.ts';
import type { Floor } from './floor.ts';
import { screenFollowsFloor, type ScreenEvent } from './screen.ts';
import type { ConsultationState } from './state.ts';

/**
 * [FLR14] Someone goes, or is taken off the roster. Waiting, they leave the queue and nothing else changes. Speaking,
 * their speech is over and counts, and nobody is called in their stead: what was held for them comes back with its clock
 * standing still. Booked, they stay booked while they may still come.
 */
export function withoutPerson(floor: Floor, person: string, at: number): Floor {
  const left = { ...floor, hands: without(floor.hands, person) };
  if (floor.held?.person === person) return settled(endHeld(left, at));
  if (floor.speaking?.person === person) return settled(heldAgain(endSpeech(left, at), at));
  return floor.undo?.hand?.person === person ? settled(left) : left;
}

function heldAgain({ held, ...floor }: Floor, at: number): Floor {
  return held ? { ...floor, speaking: { ...held, clock: pauseClock(held.clock, at) } } : floor;
}

/** The hall does not go on looking at the clock of someone who has gone. */
export function screenWithout(
  state: ConsultationState,
  person: string,
  now: number,
): ScreenEvent[] {
  if (state.floor.speaking?.person !== person) return [];
  return screenFollowsFloor(state, withoutPerson(state.floor, person, now).speaking, now);
}
