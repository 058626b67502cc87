import type { IncomingHttpHeaders } from 'node:http';
import { Server } from 'socket.io';
import type { DownMessages } from '../../shared/wire/down.ts';
import type { UpMessages } from '../../shared/wire/up.ts';
import type { LiveNamespace, LiveSocket } from './connection.ts';
import type { Identity, LiveParts } from './parts.ts';

/** Room for a command of the largest size and its envelope. More closes the connection. */
const MAX_MESSAGE_BYTES = 128 * 1024;
const CLOSING_PATIENCE_MS = 300;

export interface Transport {
  readonly nsp: LiveNamespace;
  close(): Promise<void>;
}

type EngineSocket = LiveSocket['conn'];

/** Socket.IO beside the other users of the same port. No recovery of its own: we catch up by sequence. */
export function openTransport<Who extends Identity>(
  parts: Pick<LiveParts<Who>, 'httpServer' | 'originAllowed' | 'polling'>,
): Transport {
  const io = new Server<UpMessages, DownMessages>({
    path: '/socket.io',
    serveClient: false,
    destroyUpgrade: false, // /board/ has an upgrade listener of its own
    transports: parts.polling ? ['websocket', 'polling'] : ['websocket'],
    allowRequest: ({ headers }: { headers: IncomingHttpHeaders }, answer) => {
      const allowed = parts.originAllowed(headers);
      answer(allowed ? null : 'bad_origin', allowed);
    },
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    httpCompression: false,
    connectTimeout: 10_000,
    pingInterval: 20_000,
    pingTimeout: 15_000,
  });
  io.attach(parts.httpServer);
  const open = new Set<EngineSocket>();
  io.engine.on('connection', (socket: EngineSocket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  // there is nothing in the main namespace, and nobody is let into it
  io.use((_socket, next) => next(new Error('not found')));
  return {
    nsp: io.of('/live'),
    async close() {
      const closing = [...open];
      // below Socket.IO, so that clients see a lost connection and look for another node or a restart
      io.engine.close();
      await closedOrCut(closing);
    },
  };
}

/** Waits a moment for the peers to answer the close, then cuts off those that don't. */
async function closedOrCut(sockets: readonly EngineSocket[]): Promise<void> {
  const streams = sockets.map(webSocketOf).filter((stream) => stream !== undefined);
  const closed = streams.map(
    (stream) =>
      new Promise<void>((resolve) => {
        if (stream.readyState === stream.CLOSED) resolve();
        else stream.once('close', () => resolve());
      }),
  );
  const timer = setTimeout(
    () => streams.forEach((stream) => stream.terminate()),
    CLOSING_PATIENCE_MS,
  );
  await Promise.all(closed);
  clearTimeout(timer);
}

/** What lies below Engine.IO's types: the WebSocket, when that is the transport. */
interface Stream {
  readonly readyState: number;
  readonly CLOSED: number;
  readonly bufferedAmount: number;
  once(event: 'close', listener: () => void): void;
  terminate(): void;
}

function webSocketOf({ transport }: EngineSocket): Stream | undefined {
  return transport.name === 'websocket'
    ? (transport as unknown as { socket: Stream }).socket
    : undefined;
}

/** Bytes that were sent to a connection and have not left this process. */
export function unsentBytes({ conn }: LiveSocket): number {
  const { writeBuffer } = conn as unknown as { writeBuffer: readonly { data?: string | Buffer }[] };
  const waiting = writeBuffer.reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
  return waiting + (webSocketOf(conn)?.bufferedAmount ?? 0);
}

/**
 * Ends a connection without waiting for a peer that doesn't read. To it this is a lost connection, and when it returns
 * it catches up by sequence.
 */
export function cutOff({ conn }: LiveSocket): void {
  const stream = webSocketOf(conn);
  conn.close(true);
  stream?.terminate();
}
