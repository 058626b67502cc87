import {
  queueOf,
  type Floor,
  type QueueReason,
  type SpeechKind,
} from '../../shared/consultation/floor.ts';
import type { ConsultationState } from '../../shared/consultation/index.ts';
import type { Site } from '../../shared/consultation/people.ts';

/** One who waits, as the queue shows them. */
export interface QueueRow {
  readonly person: string;
  readonly place: number;
  readonly name: string;
  readonly unit: string;
  readonly title: string;
  readonly site?: Site;
  readonly kind: SpeechKind;
  readonly reason: QueueReason;
  readonly raisedAt: number;
}

export function queueRows({
  floor,
  roster,
}: Pick<ConsultationState, 'floor' | 'roster'>): QueueRow[] {
  return queueOf(floor).map(({ hand, reason }, index) => {
    const { name = hand.person, unit = '', title = '', site } = roster[hand.person] ?? {};
    const { person, kind, raisedAt } = hand;
    const row = { person, place: index + 1, name, unit, title, kind, reason, raisedAt };
    return site ? { ...row, site } : row;
  });
}

/** The order after moving `person` by `steps` places (−1 is up); undefined when that changes nothing. */
export function orderAfterMove(floor: Floor, person: string, steps: number): string[] | undefined {
  const order = queueOf(floor).map(({ hand }) => hand.person);
  const from = order.indexOf(person);
  const to = Math.min(order.length - 1, Math.max(0, from + steps));
  if (from < 0 || from === to) return undefined;
  order.splice(from, 1);
  order.splice(to, 0, person);
  return placedOnly(floor, order, Math.max(from, to));
}

/** The order after dropping `person` where `target` waits. */
export function orderAfterDrop(floor: Floor, person: string, target: string): string[] | undefined {
  const order = queueOf(floor).map(({ hand }) => hand.person);
  return orderAfterMove(floor, person, order.indexOf(target) - order.indexOf(person));
}

/**
 * Only those who need it are placed by hand: up to the last one moved, and those placed before. Whoever waits behind
 * keeps the reason they had, and someone who has not spoken yet still goes before those who have.
 */
function placedOnly(floor: Floor, order: readonly string[], last: number): string[] {
  const placed = new Set(
    floor.hands.filter(({ place }) => place !== undefined).map((h) => h.person),
  );
  const end = order.reduce(
    (end, person, index) => (placed.has(person) ? Math.max(end, index) : end),
    last,
  );
  return order.slice(0, end + 1);
}
