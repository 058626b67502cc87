// The power cut. Four people write and speak through the real protocols; the server is killed at a
// moment nobody chose, again and again; then a stranger, who has nothing in memory, reads what is there.
// KILLS=200 for the long count.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type * as Y from 'yjs';
import { addCard, cardBody, cardsOf, cardText, readLanes } from '../../shared/board/schema.ts';
import { enter, type Participant } from '../../scripts/demonstration/participant.ts';
import { startServer, type StartedServer } from '../helpers/server.ts';
import { wordsOn } from './words-on.ts';

const rounds = Number(process.env['KILLS'] ?? 3);

interface Writer {
  readonly person: Participant;
  readonly board: Awaited<ReturnType<Participant['board']>>;
  /** Marks of others that were on this person's board when the power went. */
  readonly seen: Set<string>;
}

/** A card has room for so many characters; a new one is begun before it is full. */
const STROKES_PER_CARD = 60;
const marksIn = (text: string): string[] => text.match(/⟨[^⟩]+⟩/g) ?? [];
const marksOn = (doc: Y.Doc): string[] =>
  [...cardsOf(doc).keys()].flatMap((id) => marksIn(cardText(doc, id)));

async function enterAll(server: StartedServer): Promise<Writer[]> {
  const { consultation, members, moderator } = server.links.demo;
  return Promise.all(
    [moderator, ...members.slice(0, 3)].map(async (link) => {
      const person = await enter(link, consultation);
      return { person, board: await person.board(), seen: new Set<string>() };
    }),
  );
}

/** Writes marks and gives commands until told to stop; a stroke of each every few milliseconds. */
function workThrough(writers: readonly Writer[], round: number) {
  let working = true;
  let strokes = 0;
  const acknowledged: number[] = [];
  const stroke = () => {
    if (!working) return;
    const card = `kill-${round}-${Math.floor(strokes / STROKES_PER_CARD)}`;
    if (strokes % STROKES_PER_CARD === 0) beginCard(writers[0]!, card);
    for (const [index, { board }] of writers.entries()) {
      const body = cardBody(board.doc, card);
      body?.insert(body.length, `⟨${round}.${index}.${strokes}⟩`);
    }
    strokes += 1;
    setTimeout(stroke, 8);
  };
  const command = async ({ person }: Writer, on: boolean): Promise<void> => {
    if (!working) return;
    const answer = await person.send(on ? 'floor.raise' : 'floor.withdraw', {});
    if ('ok' in answer) acknowledged.push(answer.seq);
    await command({ person } as Writer, !on);
  };
  stroke();
  // the loops end with `working`; what is unanswered at the cut is answered after the restart
  const commands = writers.map((writer) => command(writer, true));
  return {
    acknowledged,
    async stop() {
      working = false;
      return () => Promise.all(commands);
    },
  };
}

function beginCard({ person, board: { doc } }: Writer, id: string): void {
  const [lane] = readLanes(doc);
  if (!lane) throw new Error('the board has no lane');
  doc.transact(() =>
    addCard(doc, { id, lane: lane.id, author: person.me.person, createdAt: Date.now() }),
  );
}

async function someoneHasSeen(writers: readonly Writer[], count: number): Promise<void> {
  const marks = () => marksOn(writers[1]!.board.doc).length;
  const deadline = Date.now() + 20_000;
  while (marks() < count) {
    if (Date.now() > deadline) throw new Error(`only ${marks()} marks after 20 s`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** What each has from the others: one's own marks may be on one's own screen alone. */
function lookAround(writers: readonly Writer[], round: number): void {
  for (const [index, { board, seen }] of writers.entries()) {
    for (const mark of marksOn(board.doc)) {
      if (!mark.startsWith(`⟨${round}.${index}.`)) seen.add(mark);
    }
  }
}

test(
  `[BRD1] [LOG1] nothing that anyone had seen is missing after ${rounds} power cuts, nothing is doubled`,
  { timeout: 60_000 + rounds * 20_000 },
  async () => {
    const server = await startServer();
    const seed = Number(process.env['SEED'] ?? Date.now() % 100_000);
    console.log(`seed ${seed}`);
    const random = mulberry(seed);
    try {
      let writers = await enterAll(server);
      for (let round = 0; round < rounds; round += 1) {
        const before = marksOn(writers[1]!.board.doc).length;
        const work = workThrough(writers, round);
        await someoneHasSeen(writers, before + 20 + Math.floor(random() * 150));
        await server.kill('SIGKILL');
        lookAround(writers, round);
        writers.forEach(({ board }) => board.provider.disconnect());
        const finish = await work.stop();
        await server.restart();

        await expectKept(server, writers);
        writers.forEach(({ board }) => board.provider.connect());
        await finish();
        await expectAcknowledged(server, work.acknowledged);
        writers = await changePlaces(server, writers);
      }
      writers.forEach(({ person }) => person.leave());
      expectWholeChain(server);
    } finally {
      await server.stop();
    }
  },
);

/** A stranger with empty hands finds everything that anyone had from someone else, once. */
async function expectKept(server: StartedServer, writers: readonly Writer[]): Promise<void> {
  const stranger = await enter(server.links.demo.observer, server.links.demo.consultation);
  const { doc } = await stranger.board();
  const kept = marksOn(doc);
  expect(new Set(kept).size).toBe(kept.length);
  const missing = writers.flatMap(({ seen }) => [...seen]).filter((mark) => !kept.includes(mark));
  expect(missing).toEqual([]);
  for (const { person } of writers) {
    const last = Math.max(0, ...person.heard.map((event) => event.seq));
    await stranger.until((state) => state.seq >= last);
  }
  stranger.leave();
}

/** [LOG3] The record verifies, beside the server that runs. */
function expectWholeChain({ dataDir }: StartedServer): void {
  const env = { ...process.env, DATA_DIR: dataDir };
  const { status, stdout } = spawnSync(process.execPath, ['server/cli.ts', 'verify'], {
    env,
    encoding: 'utf8',
  });
  expect({ status, stdout }).toMatchObject({ status: 0 });
  expect(stdout).toMatch(/\d+ events, head [0-9a-f]{64}/);
}

async function expectAcknowledged(
  server: StartedServer,
  sequences: readonly number[],
): Promise<void> {
  const observer = await enter(server.links.demo.observer, server.links.demo.consultation);
  expect(new Set(sequences).size).toBe(sequences.length);
  await observer.until((state) => state.seq >= Math.max(0, ...sequences));
  observer.leave();
}

/** Everyone reconnects and agrees; then new people take the chairs, so that no copy helps the next round. */
async function changePlaces(server: StartedServer, writers: Writer[]): Promise<Writer[]> {
  const texts = () => new Set(writers.map(({ board }) => wordsOn(board.doc)));
  const deadline = Date.now() + 20_000;
  while (texts().size > 1) {
    if (Date.now() > deadline) throw new Error('the boards never agreed');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  writers.forEach(({ person }) => person.leave());
  return enterAll(server);
}

/** Mulberry32: small numbers from a seed that a failure can print. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
