import { Type, type Static } from 'typebox';
import { can } from '../policy/can.ts';
import { refuse } from '../refusal.ts';
import type { Actor, Decision, EventOf, Recorded } from './decision.ts';
import { entryOf } from './entry.ts';
import { speechKinds, type Booking, type SpeechKind } from './speech.ts';
import { takesBooked, takesOwnBookings } from './stage.ts';
import type { ConsultationState } from './state.ts';

/** 预约发言. The order of the list is the order in which they will be called. */
export type BookingEvent =
  | EventOf<
      'floor.booked',
      {
        readonly person: string;
        readonly kind: SpeechKind;
        readonly minutes?: number;
        readonly topic?: string;
      }
    >
  | EventOf<'floor.unbooked', { readonly person: string }>
  | EventOf<'floor.bookingsOrdered', { readonly order: readonly string[] }>;

const PersonSchema = Type.String({ minLength: 1, maxLength: 64 });

export const bookingCommands = {
  /** Booking again changes what was booked, and keeps the place. */
  'floor.book': Type.Object({
    person: Type.Optional(PersonSchema),
    kind: Type.Optional(Type.Enum([...speechKinds])),
    minutes: Type.Optional(Type.Number({ minimum: 0.5, maximum: 120 })),
    topic: Type.Optional(Type.String({ maxLength: 100 })),
  }),
  'floor.unbook': Type.Object({ person: Type.Optional(PersonSchema) }),
  /** The order wanted; whoever is not named comes behind. */
  'floor.orderBookings': Type.Object({ order: Type.Array(PersonSchema, { maxItems: 500 }) }),
};
export type BookingCommand = {
  [Name in keyof typeof bookingCommands]: {
    type: Name;
    data: Static<(typeof bookingCommands)[Name]>;
  };
}[keyof typeof bookingCommands];

export function decideBookings(
  { floor, roster, lifecycle, agenda }: ConsultationState,
  command: BookingCommand,
  actor: Actor,
): Decision<BookingEvent> {
  if (lifecycle.phase === 'ended') return refuse('not_open');
  if (command.type === 'floor.orderBookings') {
    if (!can(actor, command.type)) return refuse('forbidden');
    const order = [...new Set(command.data.order)];
    return [{ type: 'floor.bookingsOrdered', data: { order } }];
  }
  const person = command.data.person ?? actor.person;
  const opened = agenda.stages.some((stage) => takesBooked(stage) && takesOwnBookings(stage));
  if (!can(actor, command.type, { owners: [person], opened })) return refuse('forbidden');
  const known = floor.bookings.find((booking) => booking.person === person);
  if (command.type === 'floor.unbook') {
    if (!known) return refuse('not_found');
    return known.called ? refuse('conflict') : [{ type: 'floor.unbooked', data: { person } }];
  }
  if (!entryOf(roster, person)) return refuse('not_found', 'person');
  if (known?.called) return refuse('conflict');
  const { minutes = known?.minutes, kind = known?.kind ?? 'speech' } = command.data;
  const topic = (command.data.topic ?? known?.topic)?.trim();
  if (known?.kind === kind && known.minutes === minutes && (known.topic ?? '') === (topic ?? ''))
    return refuse('already');
  const details = {
    ...(minutes === undefined ? {} : { minutes }),
    ...(topic ? { topic } : {}),
  };
  return [{ type: 'floor.booked', data: { person, kind, ...details } }];
}

export function evolveBookings(
  bookings: readonly Booking[],
  event: Recorded<BookingEvent>,
): readonly Booking[] {
  switch (event.type) {
    case 'floor.booked': {
      const { person } = event.data;
      const known = bookings.find((booking) => booking.person === person);
      if (!known) return [...bookings, { ...event.data, bookedAt: event.at }];
      const { bookedAt, place, moved } = known;
      const changed: Booking = {
        ...event.data,
        bookedAt,
        ...(place === undefined ? {} : { place }),
        ...(moved ? { moved } : {}),
      };
      return bookings.map((booking) => (booking === known ? changed : booking));
    }
    case 'floor.unbooked':
      return bookings.filter(({ person }) => person !== event.data.person);
    case 'floor.bookingsOrdered': {
      const { order } = event.data;
      const rank = ({ person }: Booking): number => {
        const at = order.indexOf(person);
        return at < 0 ? order.length : at;
      };
      return [...bookings].sort((a, b) => rank(a) - rank(b));
    }
  }
}

/** Marks the booking as used, or, when that is undone, as still to come. */
export const withCalled = (
  bookings: readonly Booking[],
  person: string,
  called: boolean,
): readonly Booking[] =>
  bookings.map((booking) => {
    if (booking.person !== person) return booking;
    const { called: _before, ...rest } = booking;
    return called ? { ...rest, called } : rest;
  });
