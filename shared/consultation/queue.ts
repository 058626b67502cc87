import { currentStage } from './agenda.ts';
import { entryOf } from './entry.ts';
import type { Place } from './people.ts';
import type { Booking, Hand, Speech } from './speech.ts';
import { takesBooked, type Quota } from './stage.ts';
import type { ConsultationState } from './state.ts';

/**
 * Why someone waits where they wait: placed by the moderator, booked, their site's turn, not heard yet, by time; and
 * behind all of these those whose quota is used up, and those who booked and have not come.
 */
export const queueReasons = [
  'placed',
  'booked',
  'site-turn',
  'first-time',
  'by-time',
  'over-quota',
  'absent',
] as const;
export type QueueReason = (typeof queueReasons)[number];

export interface Waiting {
  readonly hand: Hand;
  readonly reason: QueueReason;
  /** What was booked, where this is a booked speech. */
  readonly booking?: Booking;
}

type Scene = Pick<ConsultationState, 'floor' | 'agenda' | 'roster'>;

/** The queue in the order in which 下一位 will call. */
export function queueOf(scene: Scene): Waiting[] {
  const { floor, agenda, roster } = scene;
  const stage = currentStage(agenda);
  const bookings = takesBooked(stage) ? floor.bookings.filter(({ called }) => !called) : [];
  const waiting = [
    ...bookings.map((booking) => booked(scene, booking)),
    ...floor.hands
      .filter(({ person }) => !bookings.some((booking) => booking.person === person))
      .map((hand): Waiting => ({ hand, reason: 'by-time' })),
  ];
  const placed = waiting
    .filter(({ hand }) => hand.place !== undefined)
    .sort((a, b) => a.hand.place! - b.hand.place! || byTime(a.hand, b.hand))
    .map((each): Waiting => ({ ...each, reason: 'placed' }));
  const unplaced = waiting.filter(({ hand }) => hand.place === undefined);
  const first = [...placed, ...unplaced.filter(({ reason }) => reason === 'booked')];
  const given = speechesIn(floor, stage?.id).map((speech) => ({
    kind: speech.kind,
    place: speech.site ?? siteOf(roster, speech.person),
  }));
  const turns = new Turns(stage?.switches?.quota ?? {}, [
    ...given,
    ...first.map(({ hand }) => ({ kind: hand.kind, place: placeOf(roster, hand) })),
  ]);
  const heard = heardBefore(floor);
  const rest = unplaced
    .filter(({ reason }) => reason === 'by-time')
    .map(({ hand }): Entry => ({
      hand,
      place: placeOf(roster, hand),
      heard: heard.has(hand.person),
    }))
    .sort((a, b) => Number(a.heard) - Number(b.heard) || byTime(a.hand, b.hand));
  return [
    ...first,
    ...turns.inOrder(rest),
    ...unplaced.filter(({ reason }) => reason === 'absent'),
  ];
}

interface Entry {
  readonly hand: Hand;
  readonly place: Place | undefined;
  readonly heard: boolean;
}

type Given = Pick<Entry, 'place'> & Pick<Speech, 'kind'>;

/** Whoever booked waits where they booked; a hand that they raised besides tells that they are here. */
function booked({ floor, roster }: Scene, booking: Booking): Waiting {
  const { person, kind, bookedAt, place, moved } = booking;
  const raised = floor.hands.find((hand) => hand.person === person);
  const hand: Hand = {
    person,
    kind: raised?.kind ?? kind,
    raisedAt: raised?.raisedAt ?? bookedAt,
    ...(place === undefined ? {} : { place }),
    ...(moved ? { moved } : {}),
  };
  const here = raised !== undefined || entryOf(roster, person)?.attendance.state === 'present';
  return { hand, booking, reason: here ? 'booked' : 'absent' };
}

const siteOf = (roster: Scene['roster'], person: string): Place | undefined =>
  entryOf(roster, person)?.site;

export const placeOf = (roster: Scene['roster'], hand: Hand): Place | undefined =>
  hand.guest ? 'qr' : siteOf(roster, hand.person);

const byTime = (a: Hand, b: Hand): number =>
  a.raisedAt - b.raisedAt || (a.person < b.person ? -1 : 1);

/** Speeches that count as turns: an interposed question is none. */
const turnsTaken = ({ spoken, held, speaking }: Scene['floor']): Speech[] =>
  [...spoken, ...(held ? [held] : []), ...(speaking ? [speaking] : [])].filter(
    ({ interposed }) => !interposed,
  );

const speechesIn = (floor: Scene['floor'], stage: string | undefined): Speech[] =>
  turnsTaken(floor).filter((speech) => stage !== undefined && speech.stage === stage);

const heardBefore = (floor: Scene['floor']): Set<string> =>
  new Set(turnsTaken(floor).map(({ person }) => person));

const ordinaryReason = (heard: boolean): QueueReason => (heard ? 'by-time' : 'first-time');

/** Deals out turns as a stage's quota says, counting what has been given already. */
class Turns {
  readonly #quota: Quota;
  readonly #byPlace = new Map<string, number>();
  readonly #byKind = new Map<string, number>();

  constructor(quota: Quota, given: readonly Given[]) {
    this.#quota = quota;
    for (const each of given) this.#count(each);
  }

  /** `base` is first-time speakers, then by time; what the quota changes about that has its reason. */
  inOrder(base: readonly Entry[]): Waiting[] {
    if (Object.keys(this.#quota).length === 0) {
      return base.map(({ hand, heard }) => ({ hand, reason: ordinaryReason(heard) }));
    }
    const left = [...base];
    const dealt: Waiting[] = [];
    for (;;) {
      const free = left.filter((entry) => !this.#isOver(entry));
      const next = this.#next(free);
      if (!next) break;
      left.splice(left.indexOf(next), 1);
      this.#count({ place: next.place, kind: next.hand.kind });
      const reason = next === free[0] ? ordinaryReason(next.heard) : 'site-turn';
      dealt.push({ hand: next.hand, reason });
    }
    return [...dealt, ...left.map(({ hand }): Waiting => ({ hand, reason: 'over-quota' }))];
  }

  /** The place that has had the least of its share is next; within a place the order stays. */
  #next(free: readonly Entry[]): Entry | undefined {
    const { turns } = this.#quota;
    if (!turns) return free[0];
    const claim = ({ place }: Entry): number =>
      place === undefined ? 0 : (turns[place] ?? 1) / (2 * (this.#byPlace.get(place) ?? 0) + 1);
    return free.reduce<Entry | undefined>(
      (best, entry) => (best && claim(best) >= claim(entry) ? best : entry),
      undefined,
    );
  }

  #isOver({ place, hand }: Entry): boolean {
    const { byPlace, byKind } = this.#quota;
    const ofPlace = place === undefined ? undefined : byPlace?.[place];
    const ofKind = byKind?.[hand.kind];
    return (
      (this.#byPlace.get(place ?? '') ?? 0) >= (ofPlace ?? Infinity) ||
      (this.#byKind.get(hand.kind) ?? 0) >= (ofKind ?? Infinity)
    );
  }

  #count({ place, kind }: Given): void {
    this.#byPlace.set(place ?? '', (this.#byPlace.get(place ?? '') ?? 0) + 1);
    this.#byKind.set(kind, (this.#byKind.get(kind) ?? 0) + 1);
  }
}
