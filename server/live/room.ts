import type {
  ConsultationState,
  RecordedConsultationEvent,
} from '../../shared/consultation/index.ts';
import { audienceOf, evolve } from '../../shared/consultation/index.ts';
import { snapshotFor, stateFor, visibleTo } from '../../shared/consultation/reading.ts';
import { isStaff, type Reader } from '../../shared/policy/audience.ts';
import { anyoneLike, groupOf, type Connection, type Group } from './connection.ts';
import type { LiveConsultation } from './parts.ts';

/**
 * A consultation while anyone follows it from this node: its readers, by what they may hear, and its events up to
 * `head`. Readers of a group share the folded state too, for folding a long meeting anew for each of thousands would
 * hold up the rest.
 */
export class Room implements LiveConsultation {
  readonly id: string;
  state: ConsultationState;
  readonly events: RecordedConsultationEvent[];
  /** Those who were answered with a sequence that this node hasn't read yet. */
  readonly awaiting = new Set<Connection>();
  readonly #connectionsByGroup = new Map<Group, Set<Connection>>();
  readonly #connectionsByPerson = new Map<string, Set<Connection>>();
  readonly #stateByGroup = new Map<Group, { reader: Reader; state: ConsultationState }>();
  /** People to whom some event was addressed by name: their state is their own. */
  readonly #addressed = new Set<string>();

  constructor(id: string, { state, events }: LiveConsultation) {
    this.id = id;
    this.state = state;
    this.events = [...events];
    for (const event of events) this.#noteAddressee(event);
  }

  get head(): number {
    return this.state.seq;
  }

  get isEmpty(): boolean {
    return this.#connectionsByPerson.size === 0;
  }

  get groups(): ReadonlyMap<Group, ReadonlySet<Connection>> {
    return this.#connectionsByGroup;
  }

  get people(): ReadonlyMap<string, ReadonlySet<Connection>> {
    return this.#connectionsByPerson;
  }

  of(person: string): readonly Connection[] {
    return [...(this.#connectionsByPerson.get(person) ?? [])];
  }

  add(connection: Connection): void {
    addTo(this.#connectionsByGroup, groupOf(connection.actor), connection);
    addTo(this.#connectionsByPerson, connection.actor.person, connection);
  }

  has(connection: Connection): boolean {
    return this.#connectionsByPerson.get(connection.actor.person)?.has(connection) ?? false;
  }

  /** Call before its actor changes: it is found by that. */
  remove(connection: Connection): void {
    removeFrom(this.#connectionsByGroup, groupOf(connection.actor), connection);
    removeFrom(this.#connectionsByPerson, connection.actor.person, connection);
    this.awaiting.delete(connection);
  }

  /** Takes in what was appended; answers the part that is new here. */
  take(
    appended: readonly RecordedConsultationEvent[],
    state: ConsultationState,
  ): readonly RecordedConsultationEvent[] {
    const fresh = appended.filter(({ seq }) => seq > this.head);
    for (const event of fresh) {
      this.events.push(event);
      this.#noteAddressee(event);
    }
    for (const known of this.#stateByGroup.values()) {
      known.state = visibleTo(fresh, known.reader).reduce(evolve, known.state);
    }
    if (fresh.length > 0) this.state = state;
    return fresh;
  }

  /** The state as this reader may know it, up to the head. */
  stateFor(reader: Reader): ConsultationState {
    if (this.#addressed.has(reader.person) || isStaff(reader.role)) return stateFor(this, reader);
    const group = groupOf(reader);
    const known = this.#stateByGroup.get(group) ?? {
      reader: anyoneLike(reader),
      state: snapshotFor(this.events, anyoneLike(reader)),
    };
    this.#stateByGroup.set(group, known);
    return { ...known.state, seq: this.head };
  }

  /** What this reader may hear after a sequence. */
  eventsFor(reader: Reader, since: number): RecordedConsultationEvent[] {
    return visibleTo(this.events.slice(since), reader);
  }

  #noteAddressee(event: RecordedConsultationEvent): void {
    const audience = audienceOf(event);
    if (audience.to === 'person') this.#addressed.add(audience.person);
  }
}

/** Those of these events that are addressed to people by name, by person. */
export function addresseesOf(events: readonly RecordedConsultationEvent[]): Set<string> {
  const people = new Set<string>();
  for (const event of events) {
    const audience = audienceOf(event);
    if (audience.to === 'person') people.add(audience.person);
  }
  return people;
}

function addTo<Key>(map: Map<Key, Set<Connection>>, key: Key, connection: Connection): void {
  const set = map.get(key) ?? new Set();
  map.set(key, set.add(connection));
}

function removeFrom<Key>(map: Map<Key, Set<Connection>>, key: Key, connection: Connection): void {
  const set = map.get(key);
  if (!set?.delete(connection)) return;
  if (set.size === 0) map.delete(key);
}
