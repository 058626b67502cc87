import { Type, type Static } from 'typebox';
import { can } from '../policy/can.ts';
import { refuse } from '../refusal.ts';
import type { Actor, Circumstances, Decision, EventOf, Recorded } from './decision.ts';
import { entryOf } from './entry.ts';
import type { Participant } from './people.ts';
import type { ConsultationState } from './state.ts';

/** A place in the hall: row and column count from 1, from the front and from the left as one faces the front. */
export interface Seat {
  readonly person: string;
  readonly row: number;
  readonly column: number;
}

export interface Seating {
  readonly rows: number;
  readonly columns: number;
  readonly seats: readonly Seat[];
}

export type SeatingEvent = EventOf<'seating.set', Seating>;

const Count = Type.Integer({ minimum: 1, maximum: 40 });
export const seatingCommands = {
  'seating.set': Type.Object({
    rows: Count,
    columns: Count,
    seats: Type.Array(
      Type.Object({ person: Type.String({ maxLength: 64 }), row: Count, column: Count }),
      { maxItems: 1_600 },
    ),
  }),
};
export type SeatingCommand = {
  type: 'seating.set';
  data: Static<(typeof seatingCommands)['seating.set']>;
};

export function decideSeating(
  { roster }: ConsultationState,
  { type, data }: SeatingCommand,
  actor: Actor,
  _circumstances: Circumstances,
): Decision<SeatingEvent> {
  if (!can(actor, type)) return refuse('forbidden');
  const { rows, columns, seats } = data;
  if (seats.some(({ person }) => !entryOf(roster, person))) return refuse('not_found', 'seats');
  const inHall = seats.every(({ row, column }) => row <= rows && column <= columns);
  const people = new Set(seats.map(({ person }) => person));
  const places = new Set(seats.map(({ row, column }) => `${row}/${column}`));
  const single = people.size === seats.length && places.size === seats.length;
  return inHall && single ? [{ type, data }] : refuse('invalid', 'seats');
}

export const evolveSeating = (_seating: Seating, event: Recorded<SeatingEvent>): Seating =>
  event.data;

/**
 * Seats people in the order of the list: the first in the middle of the front row, the next to the left of the middle
 * as seen from the front desk, then to the right, and so outwards; then the row behind.
 */
export function seatInOrder(people: readonly Participant[], columns: number): Seating {
  const order = fromTheMiddle(columns);
  const seats = people.map(({ id }, index): Seat => {
    const column = order[index % columns] ?? 1;
    return { person: id, row: Math.floor(index / columns) + 1, column };
  });
  return { rows: Math.max(1, Math.ceil(people.length / columns)), columns, seats };
}

/** Columns in order of rank: the middle (of an even number, the left of the two), then left and right of it in turn. */
function fromTheMiddle(columns: number): number[] {
  const middle = Math.ceil(columns / 2);
  const order = [middle];
  for (let step = 1; order.length < columns; step += 1) {
    for (const column of columns % 2 === 0
      ? [middle + step, middle - step]
      : [middle - step, middle + step]) {
      if (column >= 1 && column <= columns) order.push(column);
    }
  }
  return order;
}

export const noSeats: Seating = { rows: 0, columns: 0, seats: [] };
