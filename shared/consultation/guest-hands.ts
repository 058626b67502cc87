import type { EventOf } from './decision.ts';
import type { Floor } from './floor.ts';

/** How it stands with a citizen who asked to speak: told to them alone, for the queue is the room's. */
export type GuestTurn = 'waiting' | 'called';

export type GuestToldEvent = EventOf<
  'floor.guestTold',
  { readonly guest: string; readonly now: GuestTurn | 'done' }
>;

/** [FLR17] So many citizens wait at once, at most: a hall full of phones must not bury the room's queue. */
export const MAX_GUESTS_WAITING = 20;

export const guestsWaiting = ({ hands }: Floor): number =>
  hands.filter(({ guest }) => guest !== undefined).length;

/** 周建国 → 周**: what is called out in the room, and all that is kept. */
export const maskedName = (name: string): string => `${[...name.trim()][0] ?? ''}**`;

/** What a step changed for the guests that it touches. */
export function toldGuests(before: Floor, after: Floor): GuestToldEvent[] {
  const [was, is] = [turnsOf(before), turnsOf(after)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((guest) => was.get(guest) !== is.get(guest))
    .map((guest) => ({ type: 'floor.guestTold', data: { guest, now: is.get(guest) ?? 'done' } }));
}

function turnsOf({ hands, speaking, held }: Floor): Map<string, GuestTurn> {
  const turns = new Map<string, GuestTurn>();
  for (const { person, guest } of hands) if (guest) turns.set(person, 'waiting');
  for (const speech of [held, speaking])
    if (speech?.site === 'qr') turns.set(speech.person, 'called');
  return turns;
}
