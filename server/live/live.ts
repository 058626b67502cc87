import { inWords } from '../../shared/refusal.ts';
import type { CommandAnswer } from '../../shared/wire/down.ts';
import { answerTo, handleCommand, type CommandDesk } from './commands.ts';
import type { Connection, LiveSocket } from './connection.ts';
import { createCounts } from './counts.ts';
import { createFeed } from './feed.ts';
import { createHall } from './hall.ts';
import { defaultLimits, type Identity, type LiveLimits, type LiveParts } from './parts.ts';
import { createPresence } from './presence.ts';
import type { Room } from './room.ts';
import { TokenBuckets } from './token-bucket.ts';
import { cutOff, openTransport, unsentBytes } from './transport.ts';

export type { LiveConsultation, LiveParts } from './parts.ts';

export interface Live {
  /** Consultations that anyone follows from this node. */
  watched(): string[];
  /** These logins have ended: whoever is connected by them is looked up again at once. */
  ended(logins: ReadonlySet<string>): Promise<void>;
  figures(): { connections: number; consultations: number };
  close(): Promise<void>;
}

const LOOK_AFTER_MS = 1_000;
const LOOK_UP_AGAIN_EVERY = 30;

/** The live protocol: who connects is brought up to date and kept there, and may give commands. */
export function createLive<Who extends Identity>(parts: LiveParts<Who>): Live {
  const limits: LiveLimits = { ...defaultLimits, ...parts.limits };
  const now = parts.now ?? Date.now;
  const { record, log } = parts;
  const transport = openTransport(parts);
  const { nsp } = transport;
  const roomsById = new Map<string, Room>();
  const feed = createFeed(nsp, now);
  const presence = createPresence({ nsp, rooms: roomsById, bus: parts.bus, now });
  const counts = createCounts(nsp);
  const hall = createHall({ ...parts, limits, roomsById, feed, presence, counts });
  const desk: CommandDesk = {
    record,
    consultation: ({ consultation }) => roomsById.get(consultation),
    people: new TokenBuckets(limits.personCommands, now),
    guests: new TokenBuckets(limits.guestCommands, now),
  };
  const messages = new TokenBuckets(limits.messages, now);

  nsp.on('connection', (socket) => serve(socket));

  function serve(socket: LiveSocket): void {
    // a client may send as soon as it is connected, while we still look up who it is
    const entering = hall.enter(socket).catch((fault: unknown) => {
      log.error({ err: fault }, 'a connection could not be served');
      cutOff(socket);
      return undefined;
    });
    socket.use((_packet, next) => {
      if (messages.take(socket.id)) next();
      else cutOff(socket);
    });
    socket.on('command', (...sent: unknown[]) => {
      const acknowledge = acknowledgementIn(sent);
      void entering.then(async (connection) => {
        if (connection) await command(connection, sent[0], acknowledge);
      });
    });
    socket.on('time', (...sent: unknown[]) => acknowledgementIn(sent)(now()));
    socket.on('disconnect', () => {
      messages.forget(socket.id);
      void entering.then((connection) => connection && hall.leave(connection));
    });
  }

  async function command(
    connection: Connection,
    sent: unknown,
    acknowledge: (answer: CommandAnswer) => void,
  ): Promise<void> {
    try {
      const handled = await handleCommand(desk, connection, sent);
      if ('gone' in handled) return hall.dismiss(connection, handled.gone);
      const room = roomsById.get(connection.consultation);
      if ('ok' in handled && room?.has(connection)) feed.reach(room, connection, handled.seq);
      acknowledge(answerTo(handled, connection));
    } catch (fault) {
      // the client tries again with the same id, which does no harm if it was done after all
      log.error({ err: fault }, 'a command failed');
      acknowledge({ refused: inWords({ code: 'busy' }, connection.language) });
    }
  }

  const stopListening = record.onAppended((id, events, state) => {
    try {
      hall.appended(id, events, state);
    } catch (fault) {
      // what was appended is on disk: readers who miss it must start anew
      log.error({ err: fault, consultation: id }, 'the feed failed');
      for (const connection of hall.connections) {
        if (connection.consultation === id) cutOff(connection.socket);
      }
    }
  });

  let looks = 0;
  const lookingAfter = setInterval(() => {
    looks += 1;
    desk.people.sweep();
    desk.guests.sweep();
    for (const { socket } of hall.connections) {
      if (unsentBytes(socket) > limits.unsentBytes) cutOff(socket);
    }
    if (looks % LOOK_UP_AGAIN_EVERY === 0) void lookUpAgain(({ actor }) => actor.role !== 'public');
  }, LOOK_AFTER_MS);

  /** A revoked login ends, even if it only listens. Guests have none. */
  async function lookUpAgain(whom: (connection: Connection) => boolean): Promise<void> {
    for (const connection of [...hall.connections].filter(whom)) {
      await hall.review(connection).catch((fault: unknown) => {
        log.warn({ err: fault }, 'a login could not be looked up');
      });
    }
  }

  return {
    watched: () => [...roomsById.keys()],
    ended: (logins) => lookUpAgain(({ login }) => login !== undefined && logins.has(login)),
    figures: () => ({ connections: hall.connections.size, consultations: roomsById.size }),
    async close() {
      stopListening();
      clearInterval(lookingAfter);
      presence.close();
      counts.close();
      await transport.close();
    },
  };
}

type Acknowledge = (...answer: unknown[]) => void;

/** Socket.IO puts it last; without one there is nobody to tell. */
function acknowledgementIn(sent: readonly unknown[]): Acknowledge {
  const last = sent[sent.length - 1];
  return typeof last === 'function' ? (last as Acknowledge) : () => undefined;
}
