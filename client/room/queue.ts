import type { ConsultationState } from '../../shared/consultation/index.ts';
import type { Place } from '../../shared/consultation/people.ts';
import { placeOf, queueOf, type QueueReason } from '../../shared/consultation/queue.ts';
import type { Moved, SpeechKind } from '../../shared/consultation/speech.ts';

/** One who waits, as the queue shows them. */
export interface QueueRow {
  readonly person: string;
  readonly place: number;
  /** Empty for a citizen who gave none. */
  readonly name: string;
  readonly unit: string;
  readonly title: string;
  readonly site?: Place;
  readonly kind: SpeechKind;
  readonly reason: QueueReason;
  readonly raisedAt: number;
  readonly topic?: string;
  readonly moved?: Moved;
}

type Scene = Pick<ConsultationState, 'floor' | 'roster' | 'agenda'>;

export function queueRows(scene: Scene): QueueRow[] {
  return queueOf(scene).map(({ hand, reason, booking }, index) => {
    const { person, kind, raisedAt, moved, guest } = hand;
    const known = scene.roster[person];
    const { unit = '', title = '' } = known ?? {};
    const site = placeOf(scene.roster, hand);
    return {
      person,
      place: index + 1,
      name: guest ? (guest.name ?? '') : (known?.name ?? person),
      unit,
      title,
      kind,
      reason,
      raisedAt,
      ...(site ? { site } : {}),
      ...(booking?.topic === undefined ? {} : { topic: booking.topic }),
      ...(moved ? { moved } : {}),
    };
  });
}

/** The order after moving `person` by `steps` places (−1 is up); undefined when that changes nothing. */
export function orderAfterMove(scene: Scene, person: string, steps: number): string[] | undefined {
  const queue = queueOf(scene);
  const order = queue.map(({ hand }) => hand.person);
  const from = order.indexOf(person);
  const to = Math.min(order.length - 1, Math.max(0, from + steps));
  if (from < 0 || from === to) return undefined;
  order.splice(from, 1);
  order.splice(to, 0, person);
  const placed = new Set(
    queue.filter(({ reason }) => reason === 'placed').map(({ hand }) => hand.person),
  );
  return placedOnly(placed, order, Math.max(from, to));
}

/** The order after dropping `person` where `target` waits. */
export function orderAfterDrop(scene: Scene, person: string, target: string): string[] | undefined {
  const order = queueOf(scene).map(({ hand }) => hand.person);
  return orderAfterMove(scene, person, order.indexOf(target) - order.indexOf(person));
}

/**
 * Only those who need it are placed by hand: up to the last one moved, and those placed before. Whoever waits behind
 * keeps the reason they had, and someone who has not spoken yet still goes before those who have.
 */
function placedOnly(placed: ReadonlySet<string>, order: readonly string[], last: number): string[] {
  const end = order.reduce(
    (end, person, index) => (placed.has(person) ? Math.max(end, index) : end),
    last,
  );
  return order.slice(0, end + 1);
}
