import type {
  ConsultationState,
  RecordedConsultationEvent,
} from '../../shared/consultation/index.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import { isSameActor, sendAway, type Connection, type LiveSocket } from './connection.ts';
import type { SupportCounts } from './counts.ts';
import { peopleChangedBy, type Feed } from './feed.ts';
import type { Handshake } from '../../shared/wire/up.ts';
import { introductionOf, languageOf } from './handshake.ts';
import type { Identity, LiveLimits, LiveParts } from './parts.ts';
import type { PresenceBoard } from './presence.ts';
import { Room } from './room.ts';

/** Who is connected to what: coming in, being brought up to date, going. */
export interface Hall {
  /** Resolves to the connection, or to nothing when it was sent away. */
  readonly enter: (socket: LiveSocket) => Promise<Connection | undefined>;
  leave(connection: Connection): void;
  /** They have no part here any more. */
  readonly dismiss: (connection: Connection, code: 4401 | 4404) => void;
  /** Looks up again who somebody is: they may have become someone else without giving a command. */
  readonly review: (connection: Connection) => Promise<void>;
  appended(
    id: string,
    events: readonly RecordedConsultationEvent[],
    state: ConsultationState,
  ): void;
  readonly connections: ReadonlySet<Connection>;
}

export interface HallParts<Who extends Identity> extends Pick<
  LiveParts<Who>,
  'record' | 'bus' | 'identify' | 'actorIn' | 'screenActor'
> {
  readonly limits: LiveLimits;
  readonly roomsById: Map<string, Room>;
  readonly feed: Feed;
  readonly presence: PresenceBoard;
  readonly counts: SupportCounts;
}

export function createHall<Who extends Identity>(parts: HallParts<Who>): Hall {
  const { roomsById, feed, presence, counts, limits } = parts;
  const connections = new Set<Connection>();
  /** The last sequence heard of every consultation: what `record.open` answers may be a moment older. */
  const heardById = new Map<string, number>();

  /**
   * Calls `then` with the room as of now: between the look at the record and what `then` registers nothing is awaited,
   * so nothing is appended unheard.
   */
  async function inRoom<T>(id: string, then: (room: Room | undefined) => T): Promise<T> {
    // who comes from a node that fell has seen what it told nobody here
    if (parts.bus) await parts.record.refresh(id);
    for (let tries = 0; tries < 10; tries += 1) {
      const consultation = await parts.record.open(id);
      const known = roomsById.get(id);
      if (known || !consultation) return then(known);
      if (consultation.state.seq >= (heardById.get(id) ?? 0))
        return then(new Room(id, consultation));
    }
    throw new Error(`consultation ${id} is read as older than what was heard of it`);
  }

  async function enter(socket: LiveSocket): Promise<Connection | undefined> {
    const introduction = introductionOf(socket, parts);
    if ('code' in introduction) return refuse(socket, introduction.code);
    const { handshake, standing: lookUp } = introduction;
    const standing = await lookUp();
    if (!standing) return refuse(socket, 4401);
    return inRoom(handshake.consultation, (room) => {
      const actor = room && standing.actorIn(room);
      if (!actor) return refuse(socket, 4404);
      if (isCrowd(room, actor)) return refuse(socket, 4429);
      if (!socket.connected) return undefined;
      const connection: Connection = {
        socket,
        consultation: room.id,
        language: languageOf(socket.handshake.headers),
        actor,
        sentTo: 0,
        awaits: 0,
        login: standing.login,
        standing: lookUp,
        actorIn: (consultation) => standing.actorIn(consultation),
      };
      welcome(room, connection, handshake);
      return connection;
    });
  }

  function isCrowd(room: Room, { person, role }: Actor): boolean {
    if (role === 'screen') return room.of(person).length >= limits.connectionsPerScreenKey;
    let count = 0;
    for (const other of roomsById.values()) count += other.of(person).length;
    return count >= limits.connectionsPerPerson;
  }

  function welcome(room: Room, connection: Connection, handshake: Handshake): void {
    roomsById.set(room.id, room);
    connections.add(connection);
    room.add(connection);
    const since = placeIn(room, connection, handshake);
    if (since === undefined) feed.sendSnapshot(room, connection);
    else feed.sendSince(room, connection, since);
    greet(room, connection);
    presence.changed(room);
  }

  function greet(room: Room, connection: Connection): void {
    counts.greet(room, connection);
    presence.greet(room, connection);
  }

  /**
   * Where this reader's copy can be gone on from; nowhere when it is another reader's, or theirs in another role: then
   * what it lacks lies before it.
   */
  function placeIn(
    room: Room,
    { actor }: Connection,
    { since, as }: Handshake,
  ): number | undefined {
    if (since === undefined || since === 0 || since > room.head) return undefined;
    if (room.head - since > limits.catchUpEvents) return undefined;
    if (as && (as.person !== actor.person || as.role !== actor.role || as.unit !== actor.unit)) {
      return undefined;
    }
    return peopleChangedBy(room.events.slice(since)).has(actor.person) ? undefined : since;
  }

  function leave(connection: Connection): void {
    if (!connections.delete(connection)) return;
    const room = roomsById.get(connection.consultation);
    room?.remove(connection);
    if (room) settle(room);
  }

  async function review(connection: Connection): Promise<void> {
    const standing = await connection.standing();
    const room = roomsById.get(connection.consultation);
    if (!room?.has(connection)) return;
    if (!standing) return dismiss(connection, 4401);
    connection.login = standing.login;
    const actor = standing.actorIn(room);
    if (!actor) dismiss(connection, 4404);
    else if (!isSameActor(actor, connection.actor)) {
      connection.actorIn = (consultation) => standing.actorIn(consultation);
      feed.reseat(room, connection, actor);
      greet(room, connection);
    }
  }

  function dismiss(connection: Connection, code: 4401 | 4404): void {
    leave(connection);
    sendAway(connection.socket, code);
  }

  function settle(room: Room): void {
    if (!room.isEmpty) return presence.changed(room);
    roomsById.delete(room.id);
    presence.emptied(room);
    counts.emptied(room);
  }

  return {
    enter,
    leave,
    dismiss,
    review,
    appended(id, events, state) {
      heardById.set(id, state.seq);
      const room = roomsById.get(id);
      if (!room) return;
      const fresh = room.take(events, state);
      if (fresh.length === 0) return;
      feed.deliver(room, fresh);
      counts.appended(room, fresh);
      const changed = peopleChangedBy(fresh);
      for (const person of changed) {
        for (const connection of room.of(person)) greet(room, connection);
      }
      if (changed.size > 0) presence.changed(room);
    },
    connections,
  };
}

function refuse(socket: LiveSocket, code: 4401 | 4404 | 4409 | 4429): undefined {
  sendAway(socket, code);
}
