import { io, type Socket } from 'socket.io-client';
import type {
  ClosedNotice,
  CommandAnswer,
  Counts,
  DownMessages,
  EventSpan,
  Me,
  Presence,
  Snapshot,
} from '../../shared/wire/down.ts';
import type { CommandMessage, UpMessages } from '../../shared/wire/up.ts';
import { PROTOCOL } from '../../shared/wire/version.ts';

/** What the record needs of the network; a test plays it by hand. */
export interface LiveSocket {
  /** Not acknowledged in time, or cut: rejects, and the same message may be sent again. */
  command(message: CommandMessage): Promise<CommandAnswer>;
  /** The server's time in milliseconds. */
  time(): Promise<number>;
  /** Connects anew, saying the last sequence that is here. */
  again(): void;
  close(): void;
}

export interface LiveListener {
  /** Last sequence that is here; `undefined`: nothing yet. */
  since(): number | undefined;
  /** Whose copy it is. */
  me(): Me | undefined;
  connected(): void;
  cut(): void;
  snapshot(snapshot: Snapshot): void;
  events(span: EventSpan): void;
  presence(presence: Presence): void;
  counts(counts: Counts): void;
  closed(notice: ClosedNotice): void;
}

export interface LiveAddress {
  readonly consultation: string;
  readonly screenKey?: string;
}

const ACKNOWLEDGE_MS = 8_000;
const RETURN_MS = 1_000;

export function connectLive(address: LiveAddress, listener: LiveListener): LiveSocket {
  const socket: Socket<DownMessages, UpMessages> = io('/live', {
    // polling is for networks that stop WebSocket; it is tried only after that has failed
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
    auth: (give) => {
      const since = listener.since();
      const me = listener.me();
      const copy = since === undefined || !me ? {} : { since, as: readerIn(me) };
      give({ ...address, protocol: PROTOCOL, ...copy });
    },
  });
  let parted = false;
  let returning: ReturnType<typeof setTimeout> | undefined;
  socket.on('connect', () => listener.connected());
  socket.on('disconnect', (reason) => {
    listener.cut();
    // a server that stops sends its clients away, and Socket.IO would leave it at that
    if (reason === 'io server disconnect' && !parted) {
      returning = setTimeout(() => socket.connect(), RETURN_MS);
    }
  });
  socket.on('connect_error', () => listener.cut());
  socket.on('snapshot', (snapshot) => listener.snapshot(snapshot));
  socket.on('events', (span) => listener.events(span));
  socket.on('presence', (presence) => listener.presence(presence));
  socket.on('counts', (counts) => listener.counts(counts));
  socket.on('closed', (notice) => {
    parted = true;
    socket.disconnect();
    listener.closed(notice);
  });

  // a phone that was locked finds its socket dead, long before the socket finds out
  const wake = (): void => {
    if (document.visibilityState !== 'visible' || parted) return;
    if (!socket.connected) socket.connect();
    else socket.timeout(ACKNOWLEDGE_MS).emit('time', (error) => error && again());
  };
  const again = (): void => {
    socket.disconnect().connect();
  };
  document.addEventListener('visibilitychange', wake);
  addEventListener('pageshow', wake);
  addEventListener('online', wake);

  return {
    command: (message) => socket.timeout(ACKNOWLEDGE_MS).emitWithAck('command', message),
    time: () => socket.timeout(ACKNOWLEDGE_MS).emitWithAck('time'),
    again,
    close() {
      document.removeEventListener('visibilitychange', wake);
      removeEventListener('pageshow', wake);
      removeEventListener('online', wake);
      parted = true;
      clearTimeout(returning);
      socket.disconnect();
    },
  };
}

const readerIn = ({ person, role, unit }: Me) => ({
  person,
  role,
  ...(unit === undefined ? {} : { unit }),
});
