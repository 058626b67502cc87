// The live protocol on a real record, a real port and real connections: for tests of what readers see.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { io, type Socket } from 'socket.io-client';
import { expect } from 'vitest';
import type { Bus } from '../../server/cluster/bus.ts';
import { shareRecord } from '../../server/cluster/share-record.ts';
import { openDatabase, type Database } from '../../server/database/open.ts';
import { createLive, type Live } from '../../server/live/live.ts';
import type { Identity, LiveConsultation, LiveLimits, LiveParts } from '../../server/live/parts.ts';
import { createRecord, type ConsultationRecord } from '../../server/log/record.ts';
import { createLogStore, type LogStore } from '../../server/log/store.ts';
import {
  evolve,
  initialState,
  type ConsultationState,
  type RecordedConsultationEvent,
} from '../../shared/consultation/index.ts';
import type { Actor } from '../../shared/log/envelope.ts';
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
import type { UpMessages } from '../../shared/wire/up.ts';
import { PROTOCOL } from '../../shared/wire/version.ts';
import { everyone, mona, START } from '../shared/consultation/meeting.ts';

const system: Actor = { person: 'system', role: 'system', name: '' };
const SCREEN_KEY = 'the-right-key';

export interface Stage {
  readonly url: string;
  readonly httpServer: Server;
  readonly record: ConsultationRecord;
  readonly store: LogStore;
  readonly live: Live;
  /** Whose login has been revoked. */
  readonly revoked: Set<string>;
  /** Faults and warnings that were logged. */
  readonly logged: string[];
  connect(person: string, options?: ConnectOptions): Reader;
  /** A command that comes by another way than a socket. */
  send(actor: Actor, type: string, data: unknown, commandId?: string): Promise<number>;
  /** A rich meeting under way, with everyone of `everyone` in it. */
  meeting(id?: string): Promise<void>;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly limits?: Partial<LiveLimits>;
  /** Other nodes. */
  readonly bus?: Bus;
  readonly polling?: boolean;
  /** Another stage's store: then this is another node of the same deployment. */
  readonly database?: Database;
  readonly record?: (record: ConsultationRecord) => LiveParts<Identity>['record'];
}

export interface ConnectOptions {
  readonly consultation?: string;
  readonly since?: number;
  readonly auth?: unknown;
  readonly headers?: Record<string, string>;
  readonly namespace?: string;
}

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'shangliang-live-'));
  const database = options.database ?? (await openDatabase({ dataDir }));
  const store = createLogStore(database);
  let now = START;
  const own = createRecord({
    store,
    withDraft: (_consultation, card, table) =>
      table({ card, text: `意见 ${card}`, textHash: card, author: 'alice', lane: 'l' }),
    project: async () => undefined,
    receipt: () => 'R1',
    now: () => (now += 1_000),
  });
  const record: ConsultationRecord = {
    ...own,
    async handle(id, ...command) {
      const handled = await own.handle(id, ...command);
      if ('ok' in handled) shared?.announce(id, handled.seq);
      return handled;
    },
  };
  const httpServer = createServer((_request, response) => response.end('pages'));
  const revoked = new Set<string>();
  const logged: string[] = [];
  const note = (details: object, message: string) => {
    const { err } = details as { err?: unknown };
    logged.push(`${message}: ${err instanceof Error ? err.stack : JSON.stringify(details)}`);
  };
  const live = createLive<Identity>({
    httpServer,
    record: options.record?.(record) ?? record,
    identify: async (cookie) => identityIn(cookie, revoked),
    actorIn,
    screenActor: (_consultation, key) =>
      key === SCREEN_KEY ? { person: 'screen', role: 'screen', name: '' } : undefined,
    originAllowed: ({ origin }) => origin === undefined || origin === 'http://here',
    polling: options.polling ?? true,
    log: { warn: note, error: note },
    ...(options.bus ? { bus: options.bus } : {}),
    ...(options.limits ? { limits: options.limits } : {}),
  });
  const shared =
    options.bus &&
    shareRecord({
      bus: options.bus,
      refresh: (id, seq) => own.refresh(id, seq),
      watched: () => live.watched(),
      onFault: (err) => note({ err }, 'sharing'),
    });
  await new Promise<void>((resolve) => httpServer.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(httpServer.address() as AddressInfo).port}`;
  const readers: Reader[] = [];
  let commands = 0;

  const stage: Stage = {
    url,
    httpServer,
    record,
    store,
    live,
    revoked,
    logged,
    connect(person, connectOptions = {}) {
      const reader = new Reader(url, person, connectOptions);
      readers.push(reader);
      return reader;
    },
    async send(actor, type, data, commandId = `s${(commands += 1)}`) {
      const handled = await record.handle('m1', { commandId, type, data }, actor);
      if (!('ok' in handled)) throw new Error(`${type}: ${JSON.stringify(handled)}`);
      return handled.seq;
    },
    async meeting(id = 'm1') {
      const form = { hall: true, onsite: false, mobile: false, groups: false };
      const place = { id, title: '题', host: '', form, code: 'ABCD2345', startsAt: START };
      await record.create({ ...place, sample: true }, system, `create ${id}`);
      const tell = async (actor: Actor, type: string, data: unknown) => {
        const commandId = `${id}.${(commands += 1)}`;
        const handled = await record.handle(id, { commandId, type, data }, actor);
        expect(handled).toHaveProperty('ok');
      };
      for (const { person, name, role, unit } of everyone) {
        if (role === 'public' || role === 'screen') continue;
        await tell(system, 'participant.add', { person, participant: { name, role, unit } });
      }
      await tell(mona, 'consultation.open', {});
    },
    async close() {
      for (const reader of readers) reader.leave();
      shared?.close();
      await live.close();
      await new Promise((resolve) => httpServer.close(resolve));
      await record.close();
      if (!options.database) await database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return stage;
}

function identityIn(cookie: string | undefined, revoked: Set<string>): Identity | undefined {
  const person = /who=([^;]+)/.exec(cookie ?? '')?.[1];
  if (person === undefined || revoked.has(person)) return undefined;
  if (person.startsWith('g_')) return { kind: 'guest', person };
  return { kind: 'person', person, login: `login of ${person}` };
}

function actorIn({ kind, person }: Identity, { state }: LiveConsultation): Actor | undefined {
  if (kind === 'guest') return { person, role: 'public', name: '' };
  if (person === 'olga') return { person, role: 'officer', name: '专班' };
  const known = Object.hasOwn(state.roster, person) ? state.roster[person] : undefined;
  if (!known) return undefined;
  return { person, role: known.role, name: known.name, unit: known.unit };
}

/** A reader that trusts nothing: it folds what it gets and notes every span that doesn't join. */
export class Reader {
  readonly socket: Socket<DownMessages, UpMessages>;
  state: ConsultationState = initialState;
  me: Me | undefined;
  snapshots = 0;
  readonly spans: EventSpan[] = [];
  readonly heard: RecordedConsultationEvent[] = [];
  readonly presences: Presence[] = [];
  readonly counts: Counts[] = [];
  closed: ClosedNotice | undefined;
  connectError: Error | undefined;
  /** What must not happen. */
  readonly faults: string[] = [];
  /** All text that came over the wire. */
  wire = '';

  constructor(url: string, person: string, options: ConnectOptions) {
    const { consultation = 'm1', headers = {}, namespace = '/live' } = options;
    const auth = () => ({
      consultation,
      protocol: PROTOCOL,
      ...(person === 'screen' ? { screenKey: SCREEN_KEY } : {}),
      ...(this.state.seq > 0 ? { since: this.state.seq } : {}),
      ...(options.since === undefined ? {} : { since: options.since }),
    });
    const cookie = person === '' || person === 'screen' ? {} : { cookie: `who=${person}` };
    this.socket = io(url + namespace, {
      transports: ['websocket'],
      forceNew: true,
      reconnectionDelay: 20,
      reconnectionDelayMax: 50,
      extraHeaders: { ...cookie, ...headers },
      auth: (give) => give(options.auth ?? auth()),
    });
    this.socket.io.engine?.on('data', (data) => (this.wire += String(data)));
    this.socket.io.on('open', () => {
      this.socket.io.engine.on('data', (data) => (this.wire += String(data)));
    });
    this.socket.on('snapshot', (snapshot) => this.#onSnapshot(snapshot));
    this.socket.on('events', (span) => this.#onSpan(span));
    this.socket.on('presence', (presence) => this.presences.push(presence));
    this.socket.on('counts', (counts) => this.counts.push(counts));
    this.socket.on('closed', (notice) => (this.closed = notice));
    this.socket.on('connect_error', (error) => (this.connectError = error));
  }

  #onSnapshot({ state, me }: Snapshot): void {
    this.snapshots += 1;
    this.state = state;
    this.me = me;
  }

  #onSpan(span: EventSpan): void {
    this.spans.push(span);
    if (span.from !== this.state.seq + 1) {
      this.faults.push(`a span from ${span.from} after ${this.state.seq}`);
    }
    for (const event of span.events) {
      if (event.seq <= this.state.seq || event.seq > span.to)
        this.faults.push(`${event.seq} came again`);
      this.heard.push(event);
      this.state = evolve(this.state, event);
    }
    this.state = { ...this.state, seq: span.to };
  }

  /** Support as a client shows it. */
  get support(): Counts['support'] {
    return Object.assign({}, ...this.counts.map(({ support }) => support)) as Counts['support'];
  }

  until(condition: (reader: this) => boolean, what = condition.toString()): Promise<void> {
    return expect
      .poll(() => condition(this), { timeout: 20_000, interval: 5, message: what })
      .toBe(true);
  }

  async ready(): Promise<this> {
    await this.until(({ state }) => state.seq > 0, 'a first state');
    return this;
  }

  ask(type: string, data: unknown, commandId = `r${Math.random()}`): Promise<CommandAnswer> {
    return this.askRaw({ commandId, type, data });
  }

  askRaw(message: unknown): Promise<CommandAnswer> {
    return this.socket.timeout(5_000).emitWithAck('command', message as never);
  }

  /** The network goes, not the page: Socket.IO comes back by itself. */
  cut(): void {
    if (this.socket.connected) this.socket.io.engine.close();
  }

  leave(): void {
    this.socket.disconnect();
  }
}

export const codeOf = (answer: CommandAnswer): string =>
  'refused' in answer ? answer.refused.code : 'ok';
