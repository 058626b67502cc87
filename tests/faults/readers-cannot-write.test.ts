// An observer and a citizen knock on every door that writes, at the real server: nothing is stored, nobody hears of it.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { enter, type Participant } from '../../scripts/demonstration/participant.ts';
import { openForReading } from '../../server/database/open.ts';
import { addCard, addLane, cardBody, cardsOf, readLanes } from '../../shared/board/schema.ts';
import { consultationCommands, type CommandName } from '../../shared/consultation/index.ts';
import { boardFrame, syncStep } from '../../shared/wire/board-frames.ts';
import { updateOf } from '../board/board-stage.ts';
import { frameOf } from '../fuzz/attack-frames.ts';
import { api } from '../helpers/api.ts';
import { sampleOf } from '../helpers/sample-of.ts';
import { startServer, type StartedServer } from '../helpers/server.ts';

/** What is theirs: to come, go and excuse oneself; from the public page to write in, to support and to ask to speak. */
const theirs = {
  observer: ['attendance.checkIn', 'attendance.excuse', 'attendance.leave', 'attendance.move'],
  public: ['floor.raise', 'floor.withdraw', 'opinion.support', 'submission.send'],
} as const;

let server: StartedServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** Every row of every table. */
async function stored(): Promise<unknown> {
  const database = openForReading({ dataDir: server.dataDir });
  try {
    const tables = await database.sql.introspection.getTables();
    const rows = tables.map(async ({ name }) => [
      name,
      // in one order, whatever the table's key is
      (
        await database.sql
          .selectFrom(name as 'event')
          .selectAll()
          .execute()
      )
        .map((row) => JSON.stringify(row))
        .sort(),
    ]);
    return Object.fromEntries((await Promise.all(rows)) as [string, string[]][]);
  } finally {
    await database.close();
  }
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly schema: object }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: object }> };
}

/** Whom anyone may become at the door is no writing; commands are tried one by one. */
const doors = ['/api/invitations/redeem', '/api/join', '/api/logout'];
const writing = ['post', 'put', 'patch', 'delete'];
const commandsPath = '/api/consultations/{id}/commands';

/** Every operation of the HTTP interface that writes, as the server itself tells of them. */
async function writingOperations() {
  const { paths } = (await (await fetch(`${server.url}/api/docs/json`)).json()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([method]) => writing.includes(method) && ![...doors, commandsPath].includes(path))
      .map(([method, operation]) => ({ method, path, ...operation })),
  );
}

/** Asks for it with a body of the right form; answers the status. */
async function tryOperation(
  {
    method,
    path,
    parameters = [],
    requestBody,
  }: Awaited<ReturnType<typeof writingOperations>>[number],
  cookie: string,
  names: Readonly<Record<string, string>>,
): Promise<number> {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const { schema = {} } = parameters.find((one) => one.name === name) ?? {};
    return names[name] ?? String(sampleOf(schema));
  });
  const [type = 'application/json', described] =
    Object.entries(requestBody?.content ?? {})[0] ?? [];
  const tus = { 'upload-length': '3', 'upload-offset': '0' };
  const headers: Record<string, string> = { cookie, origin: server.url, ...tus };
  const init: RequestInit = { method: method.toUpperCase(), headers };
  if (described && type.includes('json')) {
    headers['content-type'] = type;
    init.body = JSON.stringify(sampleOf(described.schema));
  } else if (described || method === 'patch') {
    headers['content-type'] = described ? type : 'application/offset+octet-stream';
    init.body = new Uint8Array([1, 2, 3]);
  }
  return (await fetch(server.url + filled, init)).status;
}

/** Every way to write at the board, before and after asking for it; answers when the server has dealt with all. */
async function writeOnBoard(reader: Participant, doc: Y.Doc, consultation: string): Promise<void> {
  const { me, cookie } = reader;
  const copy = () => {
    const own = new Y.Doc();
    Y.applyUpdate(own, Y.encodeStateAsUpdate(doc));
    return own;
  };
  const lane = readLanes(doc)[0]!.id;
  const card = [...cardsOf(doc).keys()][0]!;
  const newCard = { id: 'reader', lane, author: me.person, text: '旁听也写', createdAt: 1 };
  const updates = [
    updateOf(copy(), (own) => addCard(own, newCard)),
    updateOf(copy(), (own) => cardBody(own, card)!.insert(0, '改')),
    updateOf(copy(), (own) => cardsOf(own).get(card)!.set('order', 'a5')),
    updateOf(copy(), (own) => cardsOf(own).delete(card)),
    updateOf(copy(), (own) => addLane(own, { id: 'reader', title: '栏', kind: 'common' })),
  ];
  const steps = [syncStep.step2, syncStep.update];
  for (const update of updates)
    for (const step of steps)
      await new Promise<void>((resolve) => {
        const url = `${server.url.replace('http', 'ws')}/board/${consultation}`;
        const ws = new WebSocket(url, { headers: { cookie, origin: server.url } });
        ws.on('open', () => {
          ws.send(frameOf(boardFrame.sync, step, update));
          ws.send(frameOf(boardFrame.sync, syncStep.step1, Uint8Array.of(0)));
          ws.ping();
        });
        ws.on('message', (data: Buffer) => data[0] === boardFrame.reset && ws.close());
        ws.on('close', () => resolve());
        ws.on('error', () => resolve());
      });
}

/** Questions whose words are no matter for an address: they may be asked, and leave every table as it was. */
const asksByPost = /\/(similar|receipts)$/;

test('[BRD2] an observer and a citizen write nowhere, and nobody hears that they tried', async () => {
  const { consultation, observer, public: code, members } = server.links.demo;
  const witness = await enter(members[0]!, consultation);
  const { doc } = await witness.board();
  const readers = {
    observer: await enter(observer, consultation),
    public: await enter(code, consultation),
  };
  const operations = await writingOperations();
  expect(operations.length).toBeGreaterThan(5);
  let relayed = 0;
  doc.on('update', () => (relayed += 1));
  const heard = witness.heard.length;
  const before = await stored();
  for (const [role, reader] of Object.entries(readers) as [keyof typeof theirs, Participant][]) {
    await writeOnBoard(reader, doc, consultation);
    const own: readonly string[] = theirs[role];
    const http = api(server.url, reader.cookie);
    for (const [type, schema] of Object.entries(consultationCommands)) {
      if (own.includes(type)) continue;
      const data = sampleOf(schema);
      const answer = await reader.send(type as CommandName, data as never);
      // its form is right, so that it is not refused for that; who asks so fast may be told so
      const code = 'refused' in answer ? answer.refused.code : 'taken';
      expect(['forbidden', 'not_found', 'too_many'], `${type}: ${code}`).toContain(code);
      const body = { commandId: randomUUID(), type, data };
      const { status } = await http.post(`/api/consultations/${consultation}/commands`, body);
      expect([403, 404, 429], type).toContain(status);
    }
    const names = {
      id: consultation,
      person: witness.me.person,
      card: [...cardsOf(doc).keys()][0]!,
    };
    for (const operation of operations) {
      const status = await tryOperation(operation, reader.cookie, names);
      const allowed = asksByPost.test(operation.path) ? [200, 404, 429] : [403, 404, 429];
      expect(allowed, `${role}: ${operation.method} ${operation.path}`).toContain(status);
    }
  }
  expect(await stored()).toEqual(before);
  expect([relayed, witness.heard.length - heard]).toEqual([0, 0]);
  for (const one of [witness, ...Object.values(readers)]) one.leave();
});
