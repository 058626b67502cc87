import type { Floor } from './floor.ts';
import type { Booking, Hand, Moved } from './speech.ts';

/** The one whose move turns one order into the other, if it is one; the trace names them. */
export function movedBetween(
  before: readonly string[],
  after: readonly string[],
): string | undefined {
  const named = before.filter((person) => after.includes(person));
  const wanted = after.filter((person) => before.includes(person));
  const at = named.findIndex((person, index) => person !== wanted[index]);
  if (at < 0) return undefined;
  const without = (order: readonly string[], person: string | undefined) =>
    order.filter((each) => each !== person).join('\n');
  // moved up, it stands where the orders part; moved down, it stood there
  return [wanted[at], named[at]].find(
    (person) => without(named, person) === without(wanted, person),
  );
}

/** The moderator's order, and who moved whom. Whoever is not named waits where their reasons put them. */
export function withOrder(
  floor: Floor,
  { order, moved }: { readonly order: readonly string[]; readonly moved?: string },
  trace: Moved,
): Floor {
  const place = <Each extends Hand | Booking>(each: Each): Each => {
    const at = order.indexOf(each.person);
    const { place: _place, moved: before, ...rest } = each;
    if (at < 0) return rest as Each;
    const by = each.person === moved ? trace : before;
    return { ...rest, place: at, ...(by ? { moved: by } : {}) } as Each;
  };
  return { ...floor, hands: floor.hands.map(place), bookings: floor.bookings.map(place) };
}
