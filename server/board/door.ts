import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { can } from '../../shared/policy/can.ts';
import { closeCode, MAX_UPDATE_BYTES } from '../../shared/wire/board-frames.ts';
import { Connection, retryLater } from './connection.ts';
import { awarenessFrame } from './frames.ts';
import type { OpenHouse } from './house.ts';
import type { LiveBoard } from './live-board.ts';
import type { Access, BoardLog, Visitor } from './parts.ts';
import type { Hold } from './registry.ts';

export interface Door {
  readonly handleUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Shows out whoever may not be there any more: after a change of roster, roles or logins. */
  readonly recheck: (consultation?: string) => void;
  /** Asks every connection whether it lives; ends those that did not answer the last time. */
  ping(): void;
  readonly size: number;
  /** Lets nobody in any more, and everyone out. */
  close(): Promise<void>;
}

export interface DoorParts {
  readonly access: Access;
  readonly house: OpenHouse;
  readonly hold: (consultation: string) => Promise<Hold<LiveBoard>>;
  readonly log: BoardLog;
}

type Refusal = readonly [code: number, reason: string];
type Address = { readonly consultation: string; readonly epoch: number | undefined };
type Answer =
  | { readonly refusal: Refusal }
  | { readonly visitor: Visitor; readonly hold: Hold<LiveBoard>; readonly address: Address };

/** Larger is not read at all. A step 2 may name more deletions than an update may. */
const MAX_MESSAGE_BYTES = 4 * MAX_UPDATE_BYTES;
const CLOSING_PATIENCE_MS = 300;
const MAX_ID_CHARS = 100;
const notFound: Refusal = [closeCode.notFound, 'not found'];
const nobody = new Uint8Array([0]);

/** Where connections begin. A refused handshake is invisible to a browser, so refusals are close codes. */
export function openDoor({ access, house, hold, log }: DoorParts): Door {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
  });
  const consultationOf = new Map<Connection, string>();
  const closing = new Set<Promise<void>>();
  let open = true;

  /** Everything is looked up before the handshake: until then no byte of the client's is parsed as a frame. */
  async function answerTo({ url, headers }: IncomingMessage): Promise<Answer> {
    const address = addressOf(url);
    if (!address) return { refusal: notFound };
    try {
      const visitor = await access(headers, address.consultation);
      const refusal = refusalOf(visitor, house);
      if (refusal || typeof visitor === 'string') return { refusal: refusal ?? notFound };
      return { visitor, hold: await hold(address.consultation), address };
    } catch (error) {
      log.error({ err: error, consultation: address.consultation }, 'board: could not be opened');
      return { refusal: [retryLater.fault, 'could not be opened'] };
    }
  }

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const answer = await answerTo(request);
    let entered = false;
    if (open) {
      // calls back at once or never: what comes may be no handshake, and may have gone
      server.handleUpgrade(request, socket, head, (ws) => {
        // time has passed since the door was asked
        const refusal = 'refusal' in answer ? answer.refusal : refusalOf(answer.visitor, house);
        if (refusal || 'refusal' in answer) turnAway(ws, refusal ?? notFound);
        else entered = enter(ws, socket, answer);
      });
    } else socket.destroy();
    if (!entered && 'hold' in answer) answer.hold.release();
  }

  function enter(ws: WebSocket, socket: Duplex, answer: Exclude<Answer, { refusal: Refusal }>) {
    const { visitor, hold, address } = answer;
    const person = visitor.actor()?.person ?? '';
    const board = hold.value;
    const connection = new Connection({ ws, socket, visitor, person, host: board, house });
    const leaveHouse = house.enter(person);
    consultationOf.set(connection, address.consultation);
    const closed = new Promise<void>((resolve) => {
      ws.once('close', () => {
        consultationOf.delete(connection);
        closing.delete(closed);
        leaveHouse();
        hold.release();
        resolve();
      });
    });
    closing.add(closed);
    board.enter(connection, address.epoch);
    return true;
  }

  return {
    handleUpgrade(request, socket, head) {
      // without a listener a connection that breaks during the handshake would end the process
      socket.on('error', () => socket.destroy());
      upgrade(request, socket, head).catch((error: unknown) => {
        log.error({ err: error }, 'board: a connection could not be taken');
        socket.destroy();
      });
    },
    recheck(consultation) {
      for (const [connection, at] of consultationOf)
        if (consultation === undefined || consultation === at) connection.present();
    },
    ping() {
      for (const connection of consultationOf.keys()) {
        if (!connection.alive) connection.terminate();
        else if (connection.present()) {
          connection.alive = false;
          connection.ping();
          // a stock client that hears nothing of the protocol for half a minute believes the connection dead
          if (!connection.spokenTo) connection.send(awarenessFrame(nobody));
          connection.spokenTo = false;
        }
      }
    },
    get size() {
      return consultationOf.size;
    },
    async close() {
      open = false;
      const connections = [...consultationOf.keys()];
      for (const connection of connections) connection.close(retryLater.goingAway, 'going away');
      const timer = setTimeout(() => {
        for (const connection of connections) connection.terminate();
      }, CLOSING_PATIENCE_MS);
      await Promise.all(closing);
      clearTimeout(timer);
    },
  };
}

function turnAway(ws: WebSocket, [code, reason]: Refusal): void {
  ws.on('error', () => undefined);
  ws.close(code, reason);
}

function refusalOf(visitor: Awaited<ReturnType<Access>>, house: OpenHouse): Refusal | undefined {
  if (visitor === 'not-logged-in') return [closeCode.notLoggedIn, 'not logged in'];
  if (visitor === 'forbidden') return [closeCode.forbidden, 'forbidden'];
  const actor = visitor === 'not-found' ? undefined : visitor.actor();
  if (!actor) return notFound;
  if (!can(actor, 'board.read')) return [closeCode.forbidden, 'forbidden'];
  if (house.mayConnect(actor.person)) return undefined;
  return [closeCode.tooManyConnections, 'too many connections'];
}

/** `/board/<consultation>?epoch=<n>`; `undefined` when it is not that. */
function addressOf(url = ''): Address | undefined {
  try {
    const { pathname, searchParams } = new URL(url, 'http://board');
    const [, door, id = '', ...rest] = pathname.split('/');
    const consultation = decodeURIComponent(id);
    if (door !== 'board' || rest.length > 0 || consultation === '') return undefined;
    if (consultation.length > MAX_ID_CHARS) return undefined;
    const epoch = searchParams.get('epoch');
    return { consultation, epoch: epoch === null ? undefined : Number(epoch) };
  } catch {
    return undefined;
  }
}
