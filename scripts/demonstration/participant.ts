// Someone who takes part without a browser: the same invitation, the same sockets, the same board
// provider as a page uses. The demonstration plays with these, and tests of the whole do too.
import { randomUUID } from 'node:crypto';
import { readVarString, readVarUint } from 'lib0/decoding';
import { io, type Socket } from 'socket.io-client';
import { WebSocket, type ClientOptions } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import {
  evolve,
  initialState,
  type CommandData,
  type CommandName,
  type ConsultationState,
  type RecordedConsultationEvent,
} from '../../shared/consultation/index.ts';
import type {
  CommandAnswer,
  DownMessages,
  EventSpan,
  Me,
  Snapshot,
} from '../../shared/wire/down.ts';
import type { UpMessages } from '../../shared/wire/up.ts';
import { boardFrame } from '../../shared/wire/board-frames.ts';
import { PROTOCOL } from '../../shared/wire/version.ts';

const COMMAND_TIMEOUT_MS = 5_000;
const TRIES = 40;

export interface Participant {
  readonly me: Me;
  readonly cookie: string;
  /** What this participant may know, as of now. */
  state(): ConsultationState;
  /** Every event that came over the socket since entering, in order of arrival. */
  readonly heard: readonly RecordedConsultationEvent[];
  /** Resolves as soon as the state satisfies `condition`; rejects after `timeoutMs`. */
  until(
    condition: (state: ConsultationState) => boolean,
    timeoutMs?: number,
  ): Promise<ConsultationState>;
  /** Sends a command until it is acknowledged, always with the same id. */
  send<Name extends CommandName>(type: Name, data: CommandData<Name>): Promise<CommandAnswer>;
  /** Opens the board over the stock provider; resolves once synced. */
  board(): Promise<{ doc: Y.Doc; provider: WebsocketProvider }>;
  leave(): void;
}

/** Enters by an invitation link (`/i/<token>`) or, for a citizen, by a public one (`/j/<code>`). */
export async function enter(link: string, consultation: string): Promise<Participant> {
  const { origin, pathname } = new URL(link);
  const [, door, secret = ''] = pathname.split('/');
  const cookie =
    door === 'j'
      ? await post(origin, '/api/join', { code: secret })
      : await post(origin, '/api/invitations/redeem', { token: secret });
  return follow({ origin, consultation, cookie });
}

interface Place {
  readonly origin: string;
  readonly consultation: string;
  readonly cookie: string;
}

async function follow(place: Place): Promise<Participant> {
  let state = initialState;
  let me: Me | undefined;
  const heard: RecordedConsultationEvent[] = [];
  const watchers = new Set<() => void>();
  const socket: Socket<DownMessages, UpMessages> = io(`${place.origin}/live`, {
    transports: ['websocket'],
    forceNew: true,
    extraHeaders: { cookie: place.cookie, origin: place.origin },
    reconnectionDelayMax: 1_000,
    auth: (give) =>
      give({
        consultation: place.consultation,
        protocol: PROTOCOL,
        ...(state.seq > 0 ? { since: state.seq } : {}),
      }),
  });
  const changed = () => watchers.forEach((look) => look());
  socket.on('snapshot', (snapshot: Snapshot) => {
    ({ state, me } = snapshot);
    changed();
  });
  socket.on('events', (span: EventSpan) => {
    if (span.from > state.seq + 1) socket.disconnect().connect();
    heard.push(...span.events);
    for (const event of span.events) if (event.seq > state.seq) state = evolve(state, event);
    if (span.to > state.seq) state = { ...state, seq: span.to };
    changed();
  });

  const until: Participant['until'] = (condition, timeoutMs = 20_000) =>
    new Promise((resolve, reject) => {
      const look = () => {
        if (!condition(state)) return;
        stop();
        resolve(state);
      };
      const late = setTimeout(() => {
        stop();
        reject(new Error(`${me?.name ?? 'someone'} waited in vain for ${condition.toString()}`));
      }, timeoutMs);
      const stop = () => {
        clearTimeout(late);
        watchers.delete(look);
      };
      watchers.add(look);
      look();
    });

  await until(() => me !== undefined);
  const boards: { doc: Y.Doc; provider: WebsocketProvider }[] = [];
  return {
    me: me!,
    cookie: place.cookie,
    state: () => state,
    heard,
    until,
    send: (type, data) => sendUntilAnswered(socket, type, data),
    async board() {
      const opened = await openBoard(place);
      boards.push(opened);
      return opened;
    },
    leave() {
      boards.forEach(({ provider, doc }) => {
        provider.destroy();
        doc.destroy();
      });
      socket.disconnect();
    },
  };
}

async function sendUntilAnswered(
  socket: Socket<DownMessages, UpMessages>,
  type: CommandName,
  data: unknown,
): Promise<CommandAnswer> {
  const message = { commandId: randomUUID(), type, data };
  for (let tries = 0; tries < TRIES; tries += 1) {
    try {
      const answered: unknown = await socket
        .timeout(COMMAND_TIMEOUT_MS)
        .emitWithAck('command', message);
      const answer = answered as CommandAnswer;
      if (!('refused' in answer) || answer.refused.code !== 'busy') return answer;
    } catch {
      // not acknowledged in time: the same id again
    }
  }
  throw new Error(`${type} was never acknowledged`);
}

/** The stock provider; its WebSocket only learns to carry the cookie, which a browser does by itself. */
async function openBoard({ origin, consultation, cookie }: Place) {
  class WithCookie extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      const options: ClientOptions = { headers: { cookie, origin } };
      super(address, protocols, options);
    }
  }
  const doc = new Y.Doc();
  const provider = new WebsocketProvider(
    `${origin.replace(/^http/, 'ws')}/board`,
    consultation,
    doc,
    {
      WebSocketPolyfill: WithCookie as unknown as typeof globalThis.WebSocket,
      disableBc: true,
    },
  );
  // stock handlers complain about messages that they don't know
  provider.messageHandlers[boardFrame.saved] = () => undefined;
  provider.messageHandlers[boardFrame.reset] = (_encoder, decoder) => {
    const [epoch, reason] = [readVarUint(decoder), readVarString(decoder)];
    console.warn(`the board refused what was written here: ${reason} (epoch ${epoch})`);
  };
  await new Promise<void>((resolve) => {
    provider.on('sync', (synced: boolean) => {
      if (synced) resolve();
    });
  });
  return { doc, provider };
}

async function post(origin: string, path: string, body: object): Promise<string> {
  const response = await fetch(origin + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify(body),
  });
  if (!response.ok)
    throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}
