import type { IncomingHttpHeaders, IncomingMessage, Server } from 'node:http';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { addRoutes } from './add-routes.ts';
import { boardAccess } from './board-access.ts';
import { createBoards, type Boards } from './board/boards.ts';
import { shareRecord } from './cluster/share-record.ts';
import type { Config } from './config.ts';
import { openDatabase } from './database/open.ts';
import { createDarkroom } from './files/darkroom.ts';
import { createFiles } from './files/files.ts';
import { personIn } from './files-doors.ts';
import { loggerOptions } from './http/logger.ts';
import { createMetrics } from './http/metrics.ts';
import { furnish } from './furnish.ts';
import { keepGroupLanes } from './group-lanes.ts';
import { createHttpServer } from './http/server.ts';
import { createLive } from './live/live.ts';
import { countCommands } from './count-commands.ts';
import { createRecord, type ConsultationRecord } from './log/record.ts';
import { createLogStore } from './log/store.ts';
import { actorIn, screenActor, type Identity } from './login/identity.ts';
import { createLogins } from './login/logins.ts';
import { originAllowed } from './login/origin.ts';
import { createPeople, type People } from './login/people.ts';
import { watchRevocations } from './login/revocations.ts';
import { newCode, newId } from './login/tokens.ts';
import { createAgendaTemplates } from './office/agenda-templates.ts';
import { similarParts } from './similar-parts.ts';
import { findSimilar } from './similar/similar.ts';
import { projectConsultation } from './office/consultation-store.ts';
import { createConsultations, type Consultations } from './office/consultations.ts';

export interface App {
  readonly http: FastifyInstance;
  readonly people: People;
  readonly consultations: Consultations;
  readonly boards: Boards;
  readonly record: ConsultationRecord;
  /** Another writer of the same record with a clock of its own: for telling what happened earlier. */
  recordAt(now: () => number): ConsultationRecord;
  /** Whether this node may be given work. */
  setReady(ready: boolean): void;
  close(): Promise<void>;
}

export interface AppOptions {
  readonly config: Config;
  /** Log lines for people instead of JSON. */
  readonly forPeople?: boolean;
  readonly clientFolder?: string;
}

const RECEIPT_LENGTH = 12;
const CLOSING_PATIENCE_MS = 1_000;
/** Milliseconds until a node knows which logins others have ended. */
const REVOCATIONS_EVERY = 3_000;
const builtClient = path.resolve(import.meta.dirname, '../dist');

/** Puts the features together; each gets what it needs of the others as plain functions. Nothing listens yet. */
export async function createApp(options: AppOptions): Promise<App> {
  const { config } = options;
  const now = Date.now;
  let ready = false;
  const database = await openDatabase(config);
  const metrics = createMetrics();
  const originOk = (headers: IncomingHttpHeaders) => originAllowed(headers, config.publicUrl);
  const http = await createHttpServer({
    config,
    logger: loggerOptions(config.logLevel, options.forPeople === true),
    metrics,
    clientFolder: options.clientFolder ?? builtClient,
    originAllowed: originOk,
    isReady: () => ready,
  });
  const { log } = http;
  const onFault = (fault: unknown) => log.error({ err: fault }, 'a fault in the background');
  const several = config.redisUrl !== undefined;
  // loaded only where it is used: its client is a large part of a start
  const bus = several
    ? await (await import('./cluster/redis-bus.ts')).openRedisBus({ url: config.redisUrl, log })
    : undefined;

  // who is who
  const logins = createLogins(database, now);
  const people = createPeople(database, now);
  const revocations = watchRevocations(database, {
    onRevoked: (ended) => {
      boards.recheck();
      void live.ended(ended);
    },
    onFault,
    ...(several ? { intervalMs: REVOCATIONS_EVERY } : {}),
  });
  const identify = (cookie: string | undefined) => logins.identify(cookie);

  // the record and the board, which know of each other only what tabling needs
  const store = createLogStore(database);
  const recordAt = (clock: () => number): ConsultationRecord =>
    createRecord({
      store,
      now: clock,
      project: projectConsultation,
      receipt: () => newCode(RECEIPT_LENGTH),
      withDraft: (...tabling) => boards.withDraft(...tabling),
    });
  const own = recordAt(now);
  const writerAt = (clock: () => number): ConsultationRecord => {
    const writer = recordAt(clock);
    // what was opened here meanwhile would else stay behind: it has a memory of its own
    writer.onAppended((id, _events, { seq }) => void own.refresh(id, seq).catch(onFault));
    return writer;
  };
  const door = boardAccess({
    record: own,
    identify,
    isRevoked: (login) => revocations.has(login),
    originAllowed: originOk,
  });
  const boards: Boards = createBoards({
    database,
    access: door.access,
    log,
    onUnsettled: (id) => groupLanes.look(id),
    onRemoved: (id, cards) => void files.cardsRemoved(id, cards).catch(onFault),
    picturesKept: (id, card) => files.keptOn(id, card),
    ...(bus ? { bus } : {}),
  });
  const darkroom = createDarkroom({ log });
  const files = createFiles({
    database,
    boards,
    darkroom,
    personIn: personIn(own),
    newId,
    now,
    log,
  });
  const groupLanes = keepGroupLanes({
    record: own,
    edit: (...edit) => boards.edit(...edit),
    log,
  });
  const stopRechecking = own.onAppended((id, events) => {
    if (events.some(({ type }) => type.startsWith('participant.'))) boards.recheck(id);
  });
  const shared =
    bus &&
    shareRecord({
      bus,
      refresh: (id, seq) => own.refresh(id, seq),
      watched: () => new Set([...live.watched(), ...door.watched()]),
      onFault,
    });
  const record = countCommands(own, metrics, (id, seq) => shared?.announce(id, seq));
  const templates = createAgendaTemplates({ database, newId, now });
  const consultations = createConsultations({
    sql: database.sql,
    record,
    furnish: (...room) => furnish({ record, boards }, ...room),
    stagesOf: (template) => templates.stagesOf(template),
    newId,
    newCode: () => newCode(),
    now,
  });

  const live = createLive<Identity>({
    httpServer: http.server,
    record,
    identify,
    actorIn,
    screenActor: async (id, key) =>
      (await consultations.isScreenKey(id, key)) ? screenActor : undefined,
    originAllowed: originOk,
    polling: !several,
    log,
    ...(bus ? { bus } : {}),
  });
  routeUpgrades(http.server, boards);
  metrics.gauge('live_connections', 'Connections to the record', () => live.figures().connections);
  metrics.gauge('board_connections', 'Connections to boards', () => boards.figures().connections);
  metrics.gauge('boards', 'Boards in memory', () => boards.figures().boards);

  const similar = findSimilar(similarParts({ store, boards, onFault }));
  const stopTelling = own.onAppended((id, events) => similar.hear(id, events));
  const limits = addRoutes(http, {
    config,
    logins,
    people,
    revocations,
    consultations,
    templates,
    boards,
    // memory may be behind what another node wrote a moment ago: who asks by HTTP has no feed to catch up by
    record: several ? freshly(record) : record,
    files,
    similar,
    now,
  });
  return {
    http,
    people,
    consultations,
    boards,
    record,
    recordAt: writerAt,
    setReady(is) {
      ready = is;
    },
    async close() {
      ready = false;
      limits.close();
      stopTelling();
      await live.close();
      await groupLanes.close();
      // what is being put on a card is put there; what is not yet, after the next start
      await darkroom.close();
      await files.close();
      await boards.close();
      await closeHttp(http);
      await similar.close();
      await own.close();
      shared?.close();
      door.close();
      stopRechecking();
      revocations.close();
      await bus?.close();
      await database.close();
    },
  };
}

/** Waits a moment for requests under way; then for nobody: a connection that never asks would be waited for for ever. */
async function closeHttp(http: FastifyInstance): Promise<void> {
  const cut = setTimeout(() => http.server.closeAllConnections(), CLOSING_PATIENCE_MS);
  await http.close();
  clearTimeout(cut);
}

/** Socket.IO has a listener of its own on the same server; what is neither its nor a board's leads nowhere. */
function routeUpgrades(server: Server, boards: Boards): void {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { url = '' } = request;
    if (url.startsWith('/board/')) boards.handleUpgrade(request, socket, head);
    else if (!url.startsWith('/socket.io/')) socket.destroy();
  });
}

const freshly = (record: ConsultationRecord): ConsultationRecord => ({
  ...record,
  async open(id) {
    await record.refresh(id);
    return record.open(id);
  },
});
