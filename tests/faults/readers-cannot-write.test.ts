// An observer and a citizen knock on every door that writes, at the real server: nothing is stored, nobody hears of it.
import { randomUUID } from 'node:crypto';
import { Create } from 'typebox/value';
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
import { startServer, type StartedServer } from '../helpers/server.ts';

/** What is theirs: to come and go, and from the public page to write in and to support. */
const theirs = {
  observer: ['attendance.checkIn', 'attendance.leave', 'attendance.move'],
  public: ['opinion.support', 'submission.send'],
} as const;

let server: StartedServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** Every row of the record and of the boards. */
async function stored(): Promise<unknown> {
  const database = openForReading({ dataDir: server.dataDir });
  try {
    const { sql } = database;
    return {
      events: await sql.selectFrom('event').selectAll().orderBy('seq').execute(),
      updates: await sql.selectFrom('board_update').selectAll().orderBy('seq').execute(),
      leases: await sql.selectFrom('board_lease').selectAll().orderBy('client_id').execute(),
      heads: await sql.selectFrom('board_head').selectAll().execute(),
    };
  } finally {
    await database.close();
  }
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

test('[BRD2] an observer and a citizen write nowhere, and nobody hears that they tried', async () => {
  const { consultation, observer, public: code, members } = server.links.demo;
  const witness = await enter(members[0]!, consultation);
  const { doc } = await witness.board();
  const readers = {
    observer: await enter(observer, consultation),
    public: await enter(code, consultation),
  };
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
      const data: unknown = Create(schema);
      const answer = await reader.send(type as CommandName, data as never);
      // its form is right, so that it is not refused for that; who asks so fast may be told so
      const code = 'refused' in answer ? answer.refused.code : 'taken';
      expect(['forbidden', 'not_found', 'too_many'], `${type}: ${code}`).toContain(code);
      const body = { commandId: randomUUID(), type, data };
      const { status } = await http.post(`/api/consultations/${consultation}/commands`, body);
      expect([403, 404, 429], type).toContain(status);
    }
    const participants = `/api/consultations/${consultation}/participants`;
    for (const path of [
      '/api/consultations',
      participants,
      `${participants}/${witness.me.person}/invitation`,
    ])
      expect((await http.post(path, { name: '某' })).status, path).toBeGreaterThanOrEqual(400);
  }
  expect(await stored()).toEqual(before);
  expect([relayed, witness.heard.length - heard]).toEqual([0, 0]);
  for (const one of [witness, ...Object.values(readers)]) one.leave();
});
