// Boards on a database and a port of their own, with people who come by stock providers or by hand.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WebSocket, type ClientOptions } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { createBoards, type BoardParts, type Boards } from '../../server/board/boards.ts';
import { openDatabase, type Database } from '../../server/database/open.ts';
import { addCard, addLane } from '../../shared/board/schema.ts';
import type { Phase } from '../../shared/consultation/lifecycle.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import { boardFrame, syncStep } from '../../shared/wire/board-frames.ts';
import { readFrameOf, type Told } from './raw-frames.ts';

export const system: Actor = { person: 'system', role: 'system', name: '' };
export const people: Record<string, Actor> = {
  mona: { person: 'mona', role: 'moderator', name: '莫主持' },
  clara: { person: 'clara', role: 'clerk', name: '柯记录' },
  alice: { person: 'alice', role: 'member', name: '艾委员' },
  bob: { person: 'bob', role: 'member', name: '白委员' },
  olga: { person: 'olga', role: 'observer', name: '欧旁听' },
  gwen: { person: 'gwen', role: 'public', name: '' },
};

/** Polls until it is so; no test sleeps. */
export async function until(condition: () => boolean, what = condition.toString()): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export interface Place {
  readonly database: Database;
  /** As after a restart: everything in memory is gone. */
  reopen(): Promise<Database>;
  remove(): Promise<void>;
}

export async function placeOnDisk(): Promise<Place> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'shangliang-board-'));
  let database = await openDatabase({ dataDir });
  return {
    get database() {
      return database;
    },
    async reopen() {
      await database.close();
      return (database = await openDatabase({ dataDir }));
    },
    async remove() {
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The roster, the record and the log of a node, as the tests set them. */
export interface Surroundings {
  readonly roster: Record<string, Actor>;
  readonly tabled: Set<string>;
  phase: Phase;
  readonly logged: { level: string; details: Record<string, unknown>; message: string }[];
}

export interface Stage extends Surroundings {
  readonly boards: Boards;
  readonly url: string;
  provider(person: string, options?: { connect?: boolean; doc?: Y.Doc }): WebsocketProvider;
  /** A provider that has the board. */
  joined(person: string, doc?: Y.Doc): Promise<WebsocketProvider>;
  raw(person: string | undefined, query?: string, consultation?: string): RawClient;
  close(): Promise<void>;
}

export const board = 'm1';

export async function openStage(
  database: Database,
  parts: Partial<BoardParts> = {},
): Promise<Stage> {
  const around: Surroundings = {
    roster: { ...people },
    tabled: new Set(),
    phase: 'open',
    logged: [],
  };
  const note = (level: string) => (details: object, message: string) =>
    void around.logged.push({ level, details: details as Record<string, unknown>, message });
  const boards = createBoards({
    database,
    log: { warn: note('warn'), error: note('error') },
    async access({ cookie, origin }, consultation) {
      if (origin === 'http://elsewhere') return 'forbidden';
      const person = /person=(\w+)/.exec(cookie ?? '')?.[1];
      if (person === undefined) return 'not-logged-in';
      if (!around.roster[person] || consultation !== board) return 'not-found';
      return {
        actor: () => around.roster[person],
        tabled: (card) => around.tabled.has(card),
        phase: () => around.phase,
      };
    },
    ...parts,
  });
  const server = await listening(boards);
  const { port } = server.address() as AddressInfo;
  const url = `ws://127.0.0.1:${port}/board`;
  const opened: { close(): void }[] = [];

  const stage: Stage = Object.assign(around, {
    boards,
    url,
    provider(person: string, { connect = true, doc = new Y.Doc() } = {}) {
      const provider = new WebsocketProvider(url, board, doc, {
        WebSocketPolyfill: withCookie(person),
        disableBc: true,
        connect,
      });
      // it warns of messages that it doesn't know
      provider.messageHandlers[boardFrame.saved] = () => undefined;
      provider.messageHandlers[boardFrame.reset] = () => undefined;
      opened.push({
        close() {
          provider.destroy();
          doc.destroy();
        },
      });
      return provider;
    },
    async joined(person: string, doc?: Y.Doc) {
      const provider = stage.provider(person, doc ? { doc } : {});
      await until(() => provider.synced, `${person} joins`);
      return provider;
    },
    raw(person: string | undefined, query = '', consultation = board) {
      const client = new RawClient(`${url}/${consultation}${query}`, person);
      opened.push(client);
      return client;
    },
    async close() {
      for (const one of opened) one.close();
      await boards.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
  return stage;
}

async function listening(boards: Boards): Promise<Server> {
  const server = createServer();
  server.on('upgrade', (request, socket, head) => boards.handleUpgrade(request, socket, head));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function withCookie(person: string): typeof globalThis.WebSocket {
  class WithCookie extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      const options: ClientOptions = { headers: { cookie: `person=${person}` } };
      super(address, protocols, options);
    }
  }
  return WithCookie as unknown as typeof globalThis.WebSocket;
}

/** A client that says exactly what a test tells it to, and keeps what it hears. */
export class RawClient {
  readonly told: Told[] = [];
  readonly doc = new Y.Doc();
  closed: { code: number; reason: string } | undefined;
  readonly ws: WebSocket;

  constructor(url: string, person: string | undefined, headers: Record<string, string> = {}) {
    const cookie = person === undefined ? {} : { cookie: `person=${person}` };
    this.ws = new WebSocket(url, { headers: { ...cookie, ...headers } });
    this.ws.on('message', (data: Buffer) => {
      const told = readFrameOf(data);
      this.told.push(told);
      if (told.kind === 'step2' || told.kind === 'update') Y.applyUpdate(this.doc, told.update);
    });
    this.ws.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
    this.ws.on('error', () => undefined);
  }

  all<Kind extends Told['kind']>(kind: Kind): Extract<Told, { kind: Kind }>[] {
    return this.told.filter((told) => told.kind === kind) as Extract<Told, { kind: Kind }>[];
  }

  get saved(): number {
    return this.all('saved').at(-1)?.count ?? 0;
  }

  get resets(): string[] {
    return this.all('reset').map(({ reason }) => reason);
  }

  async open(): Promise<this> {
    await until(() => this.told.some(({ kind }) => kind === 'step1') || !!this.closed);
    return this;
  }

  /** Asks for the board and says that it has nothing, as a stock client with an empty document does. */
  async join(): Promise<this> {
    await this.open();
    this.send(boardFrame.sync, syncStep.step1, 1, 0);
    this.send(boardFrame.sync, syncStep.step2, 2, 0, 0);
    await until(() => this.all('step2').length > 0 && this.saved === 1);
    return this;
  }

  send(...bytes: number[]): void {
    this.ws.send(Uint8Array.from(bytes));
  }

  sendUpdate(update: Uint8Array, step: number = syncStep.update): void {
    this.ws.send(
      Buffer.concat([Buffer.from([boardFrame.sync, step]), varUint(update.length), update]),
    );
  }

  /** Edits the own copy and sends what that comes to. */
  edit(change: (doc: Y.Doc) => void): void {
    this.sendUpdate(updateOf(this.doc, change));
  }

  close(): void {
    this.ws.terminate();
    this.doc.destroy();
  }
}

export function varUint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}

/** The update that a change of a document comes to. */
export function updateOf(doc: Y.Doc, change: (doc: Y.Doc) => void): Uint8Array {
  const updates: Uint8Array[] = [];
  const note = (update: Uint8Array) => void updates.push(update);
  doc.on('update', note);
  doc.transact(() => change(doc));
  doc.off('update', note);
  return Y.mergeUpdates(updates);
}

/** A lane and a card of each of these people: `c-alice` … with some text. */
export async function furnish(boards: Boards, ...authors: string[]): Promise<void> {
  await boards.edit(board, system, (doc) => {
    addLane(doc, { id: 'l1', title: '普通', kind: 'common' });
    for (const author of authors) {
      addCard(doc, {
        id: `c-${author}`,
        lane: 'l1',
        author,
        text: `${author}的意见`,
        createdAt: 1,
      });
    }
  });
}
