import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type * as Y from 'yjs';
import { enter, type Participant } from '../../scripts/demonstration/participant.ts';
import { addCard, cardText, moveCard, readCard, readLanes } from '../../shared/board/schema.ts';
import { boardFrame } from '../../shared/wire/board-frames.ts';
import { startServer, type StartedServer } from '../helpers/server.ts';
import { startPostgres, startRedis, type Postgres, type Redis } from '../helpers/services.ts';

// Two servers as `npm run dev:scaled` starts them: the record and the board cross between them.

let postgres: Postgres;
let redis: Redis;
let dataDir: string;
let nodes: [StartedServer, StartedServer];
const participants: Participant[] = [];

beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  dataDir = mkdtempSync(path.join(tmpdir(), 'shangliang-two-servers-'));
  const env = { DATABASE_URL: postgres.url, REDIS_URL: redis.url };
  const first = await startServer({ env, dataDir });
  nodes = [first, await startServer({ env, dataDir })];
}, 120_000);

afterAll(async () => {
  for (const participant of participants) participant.leave();
  for (const node of nodes ?? []) await node.stop();
  await redis?.stop();
  await postgres?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Enters through a node of choice: the same link works on each. */
async function enterBy(node: StartedServer, link: string): Promise<Participant> {
  const { pathname } = new URL(link);
  const participant = await enter(node.url + pathname, nodes[0].links.demo.consultation);
  participants.push(participant);
  return participant;
}

/** The stock provider complains of message types that it does not know. */
async function boardOf(participant: Participant): Promise<Y.Doc> {
  const { doc, provider } = await participant.board();
  provider.messageHandlers[boardFrame.saved] = () => undefined;
  return doc;
}

const textIs = (doc: Y.Doc, card: string, text: string) =>
  expect.poll(() => cardText(doc, card), { timeout: 20_000 }).toBe(text);

test('[CLU1] [CLU2] a meeting and its board go on over both nodes while Redis is killed and comes back', async () => {
  const { members, moderator } = nodes[0].links.demo;
  const alice = await enterBy(nodes[0], members[0]!);
  const bob = await enterBy(nodes[1], members[1]!);
  const mona = await enterBy(nodes[1], moderator);
  const aliceBoard = await boardOf(alice);
  const bobBoard = await boardOf(bob);
  const card = `card-${Date.now()}`;
  const lane = readLanes(aliceBoard)[0]!.id;
  addCard(aliceBoard, {
    id: card,
    lane,
    author: alice.me.person,
    text: '一',
    createdAt: Date.now(),
  });
  await textIs(bobBoard, card, '一');
  const type = (doc: Y.Doc, words: string) => {
    const body = doc.getMap<Y.Map<Y.Text>>('cards').get(card)!.get('body')!;
    body.insert(body.length, words);
  };
  type(bobBoard, '二');
  await textIs(aliceBoard, card, '一二');
  const question = await alice.send('floor.raise', {});
  expect(question).toHaveProperty('ok');
  await bob.until(({ floor }) => floor.hands.some(({ person }) => person === alice.me.person));

  await redis.down();
  type(aliceBoard, '三');
  await textIs(bobBoard, card, '一二三');
  type(bobBoard, '四');
  await textIs(aliceBoard, card, '一二三四');
  expect(await bob.send('floor.raise', {})).toHaveProperty('ok');
  await alice.until(({ floor }) => floor.hands.some(({ person }) => person === bob.me.person));
  moveCard(bobBoard, card, readLanes(bobBoard).at(-1)!.id);

  await redis.up();
  type(aliceBoard, '五');
  await textIs(bobBoard, card, '一二三四五');
  await expect
    .poll(() => readCard(aliceBoard, card), { timeout: 20_000 })
    .toEqual(readCard(bobBoard, card));

  // tabled through the node where it was not typed: the text is all that anyone had written
  expect(await mona.send('opinion.table', { card })).toHaveProperty('ok');
  for (const reader of [alice, bob, mona]) {
    const state = await reader.until(({ opinions }) =>
      Object.values(opinions).some((opinion) => opinion.card === card),
    );
    const opinion = Object.values(state.opinions).find((one) => one.card === card)!;
    expect(opinion.text).toBe('一二三四五');
    expect(opinion.authors[0]!.person).toBe(alice.me.person);
  }
  await bob.until(({ seq }) => seq === alice.state().seq);
  // who supports what is told to that person alone; the rest is the same for members
  expect({ ...bob.state(), opinions: {} }).toEqual({ ...alice.state(), opinions: {} });
  for (const { heard } of [alice, bob, mona]) {
    const seqs = heard.map(({ seq }) => seq);
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
  }
}, 120_000);

test('[CLU1] one node is killed: its people go on at the other, and nothing that was seen is gone', async () => {
  const { members } = nodes[0].links.demo;
  const carol = await enterBy(nodes[0], members[2]!);
  const board = await boardOf(carol);
  const card = `last-${Date.now()}`;
  const lane = readLanes(board)[0]!.id;
  const there = await boardOf(await enterBy(nodes[1], members[3]!));
  addCard(board, {
    id: card,
    lane,
    author: carol.me.person,
    text: '断电前',
    createdAt: Date.now(),
  });
  await textIs(there, card, '断电前');
  const site = carol.state().roster[carol.me.person]?.site === 'onsite' ? 'mobile' : 'onsite';
  expect(await carol.send('attendance.checkIn', { site })).toHaveProperty('ok');
  const seq = carol.state().seq;
  await nodes[0].kill('SIGKILL');
  const back = await enterBy(nodes[1], members[2]!);
  expect(back.state().seq).toBeGreaterThanOrEqual(seq);
  expect(back.state().roster[carol.me.person]?.site).toBe(site);
  expect(cardText(await boardOf(back), card)).toBe('断电前');
  await nodes[0].restart();
  const again = await enterBy(nodes[0], members[2]!);
  expect(again.state()).toEqual(back.state());
}, 120_000);
