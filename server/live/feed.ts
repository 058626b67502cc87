import type { RecordedConsultationEvent } from '../../shared/consultation/index.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import { visibleTo } from '../../shared/consultation/reading.ts';
import type { EventSpan } from '../../shared/wire/down.ts';
import {
  anyoneLike,
  isSameActor,
  meOf,
  sendAway,
  type Connection,
  type LiveNamespace,
} from './connection.ts';
import { addresseesOf, type Room } from './room.ts';

/*
 * What readers are sent. What holds for every connection of a room, between any two calls:
 *
 * 1. Everything up to the room's head that the reader may hear has been sent: as a snapshot up to `sentTo`, or in spans
 *    that join it without a gap. Beyond `sentTo` there are only events that are hidden from them.
 * 2. `sentTo` moves only by sending. So hidden events are folded into the next span that has something to say, and
 *    cost nothing until then.
 * 3. Whoever gave a command is told up to its sequence at once, even when they may hear nothing of it: they hold their
 *    prediction until then.
 */
export interface Feed {
  /** What was appended (by whichever node) goes to all who may hear it. */
  deliver(room: Room, events: readonly RecordedConsultationEvent[]): void;
  /** They are someone else from now on, and hear what that one may. */
  reseat(room: Room, connection: Connection, actor: Actor): void;
  /** Everything in one piece. */
  sendSnapshot(room: Room, connection: Connection): void;
  /** What came after the last sequence that they have. */
  sendSince(room: Room, connection: Connection, since: number): void;
  /** Their command came to this sequence. */
  reach(room: Room, connection: Connection, seq: number): void;
}

export function createFeed(nsp: LiveNamespace, now: () => number): Feed {
  /** One encoding for everyone who gets the same span. */
  function emit(span: EventSpan, to: readonly Connection[]): void {
    for (const connection of to) connection.sentTo = span.to;
    const [only] = to;
    if (to.length === 1) only?.socket.emit('events', span);
    else nsp.local.to(to.map(({ socket }) => socket.id)).emit('events', span);
  }

  function sendOwn(
    room: Room,
    connection: Connection,
    events: readonly RecordedConsultationEvent[],
  ) {
    const visible = visibleTo(events, connection.actor);
    const isAwaited = connection.awaits > connection.sentTo && connection.awaits <= room.head;
    if (connection.sentTo >= room.head || (visible.length === 0 && !isAwaited)) return;
    emit({ from: connection.sentTo + 1, to: room.head, events: visible }, [connection]);
  }

  function deliver(room: Room, events: readonly RecordedConsultationEvent[]): void {
    reseatAll(room, events);
    const apart = new Set(room.awaiting);
    for (const person of addresseesOf(events)) {
      for (const connection of room.of(person)) apart.add(connection);
    }
    // those in the room first: a hall full of citizens takes its milliseconds
    const outsideLast = [...room.groups].sort(
      ([a], [b]) => Number(a === 'outside') - Number(b === 'outside'),
    );
    for (const [, members] of outsideLast) deliverToGroup(room, members, apart, events);
    for (const connection of apart) sendOwn(room, connection, events);
    for (const connection of room.awaiting) {
      if (connection.awaits <= connection.sentTo) room.awaiting.delete(connection);
    }
  }

  /** Those whom the same span brings up to date get the same bytes. */
  function deliverToGroup(
    room: Room,
    members: ReadonlySet<Connection>,
    apart: ReadonlySet<Connection>,
    events: readonly RecordedConsultationEvent[],
  ): void {
    const [someone] = members;
    const heard = someone ? visibleTo(events, anyoneLike(someone.actor)) : [];
    if (heard.length === 0) return;
    const readersByFrom = new Map<number, Connection[]>();
    for (const connection of members) {
      if (apart.has(connection) || connection.sentTo >= room.head) continue;
      const from = connection.sentTo + 1;
      const same = readersByFrom.get(from);
      if (same) same.push(connection);
      else readersByFrom.set(from, [connection]);
    }
    for (const [from, readers] of readersByFrom)
      emit({ from, to: room.head, events: heard }, readers);
  }

  /** Whoever's part in the meeting changed starts anew in it, or leaves. */
  function reseatAll(room: Room, events: readonly RecordedConsultationEvent[]): void {
    for (const person of peopleChangedBy(events)) {
      for (const connection of room.of(person)) {
        const actor = connection.actorIn(room);
        if (!actor) {
          room.remove(connection);
          sendAway(connection.socket, 4404);
        } else if (!isSameActor(actor, connection.actor)) {
          reseat(room, connection, actor);
        }
      }
    }
  }

  function reseat(room: Room, connection: Connection, actor: Actor): void {
    room.remove(connection);
    connection.actor = actor;
    room.add(connection);
    sendSnapshot(room, connection);
  }

  function sendSnapshot(room: Room, connection: Connection): void {
    const { actor, socket } = connection;
    socket.emit('snapshot', { state: room.stateFor(actor), me: meOf(actor), now: now() });
    connection.sentTo = room.head;
  }

  return {
    deliver,
    reseat,
    sendSnapshot,
    sendSince(room, connection, since) {
      const events = room.eventsFor(connection.actor, since);
      emit({ from: since + 1, to: room.head, events }, [connection]);
    },
    reach(room, connection, seq) {
      connection.awaits = Math.max(connection.awaits, seq);
      sendOwn(room, connection, []);
      // another node appended it, and this one hasn't read it yet
      if (connection.awaits > connection.sentTo) room.awaiting.add(connection);
    },
  };
}

/** Those whose role, unit, name or very presence in the roster these events touch. */
export function peopleChangedBy(events: readonly RecordedConsultationEvent[]): Set<string> {
  const people = new Set<string>();
  for (const event of events) {
    switch (event.type) {
      case 'participant.added':
      case 'participant.changed':
        people.add(event.data.id);
        break;
      case 'participant.removed':
      case 'attendance.substituted':
      case 'attendance.restored':
        people.add(event.data.person);
        break;
      default:
    }
  }
  return people;
}
