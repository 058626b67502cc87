import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Bus } from '../../server/cluster/bus.ts';
import { openRedisBus } from '../../server/cluster/redis-bus.ts';
import { openDatabase, type Database } from '../../server/database/open.ts';
import { startPostgres, startRedis, type Postgres, type Redis } from '../helpers/services.ts';
import { codeOf, openStage, type Reader, type Stage } from '../live/stage.ts';

// Two nodes with a database connection and a bus each, as two processes would have.

let postgres: Postgres;
let redis: Redis;
beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
});
afterAll(async () => {
  await redis.stop();
  await postgres.stop();
});

interface Node {
  readonly stage: Stage;
  readonly bus: Bus;
  close(): Promise<void>;
}

let nodes: Node[];
let dataDir: string;
let databases = 0;
beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'shangliang-two-nodes-'));
  const databaseUrl = await postgres.createDatabase(`two_nodes_${(databases += 1)}`);
  nodes = [await openNode(databaseUrl), await openNode(databaseUrl)];
  await nodes[0]!.stage.meeting();
});
afterEach(async () => {
  for (const node of nodes) await node.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function openNode(databaseUrl: string): Promise<Node> {
  const database: Database = await openDatabase({ dataDir, databaseUrl });
  const log = { warn: () => undefined, info: () => undefined };
  const bus = await openRedisBus({ url: redis.url, log, pulseMs: 100 });
  const stage = await openStage({ database, bus, polling: false });
  const close = async () => {
    await stage.close();
    await bus.close();
    await database.close();
  };
  return { stage, bus, close };
}

const caughtUp = (readers: readonly Reader[], seq: number) =>
  Promise.all(readers.map((reader) => reader.until(({ state }) => state.seq === seq)));

/** Raises and withdraws a hand through a reader's own node; answers the last sequence. */
async function gesture(reader: Reader, round: number): Promise<number> {
  for (let tries = 0; ; tries += 1) {
    const type = round % 2 === 0 ? 'floor.raise' : 'floor.withdraw';
    const answer = await reader.ask(type, {}, `${reader.me!.person}-${round}`);
    if ('ok' in answer) return answer.seq;
    // as a client does: the same id again
    if (answer.refused.code !== 'busy' || tries > 20) throw new Error(answer.refused.code);
  }
}

function expectWhole(readers: readonly Reader[], from: number, to: number): void {
  const every = Array.from({ length: to - from }, (_, index) => from + 1 + index);
  for (const reader of readers) {
    expect(reader.heard.map(({ seq }) => seq)).toEqual(every);
    expect(reader.faults).toEqual([]);
    expect(reader.state).toEqual(readers[0]!.state);
  }
}

test('[CLU1] [CLU2] events cross both ways, in order and once, while Redis is there, gone and back', async () => {
  const [one, two] = nodes.map(({ stage }) => stage) as [Stage, Stage];
  const alice = await one.connect('alice').ready();
  const bob = await two.connect('bob').ready();
  const watchers = [await one.connect('otto').ready(), await two.connect('otto').ready()];
  const readers = [alice, bob, ...watchers];
  const start = alice.state.seq;
  let round = 0;
  let last = start;
  const both = async () => {
    const seqs = await Promise.all([gesture(alice, round), gesture(bob, round)]);
    last = Math.max(...seqs);
    round += 1;
  };

  for (let times = 0; times < 6; times += 1) await both();
  await caughtUp(readers, last);

  await redis.down();
  for (let times = 0; times < 6; times += 1) await both();
  await expect.poll(() => nodes.some(({ bus }) => bus.isUp())).toBe(false);
  await both();
  await caughtUp(readers, last); // from SQL alone

  const back = redis.up();
  for (let times = 0; times < 6; times += 1) await both();
  await back;
  await expect.poll(() => nodes.every(({ bus }) => bus.isUp()), { timeout: 15_000 }).toBe(true);
  await both();
  await caughtUp(readers, last);

  expectWhole(readers, start, last);
  for (const { stage } of nodes) expect(stage.logged).toEqual([]);
});

test('[CLU1] a Redis that hangs holds up nobody', async () => {
  const [one, two] = nodes.map(({ stage }) => stage) as [Stage, Stage];
  const alice = await one.connect('alice').ready();
  const bob = await two.connect('bob').ready();
  redis.pause();
  try {
    const began = performance.now();
    const seq = await gesture(alice, 0);
    expect(performance.now() - began).toBeLessThan(1_000);
    await caughtUp([alice], seq);
    await bob.until(({ state }) => state.seq === seq); // by looking into SQL
  } finally {
    redis.resume();
  }
});

test('[LOG4] [CLU1] a command retried on the other node is done once', async () => {
  const [one, two] = nodes.map(({ stage }) => stage) as [Stage, Stage];
  const here = await one.connect('alice').ready();
  const there = await two.connect('alice').ready();
  const answers = await Promise.all([
    here.ask('floor.raise', {}, 'same'),
    there.ask('floor.raise', {}, 'same'),
    here.ask('floor.raise', {}, 'same'),
  ]);
  expect(answers.map(codeOf)).toEqual(['ok', 'ok', 'ok']);
  expect(new Set(answers.map((answer) => ('ok' in answer ? answer.seq : 0))).size).toBe(1);
  await there.until(({ state }) => state.floor.hands.length === 1);
  expect(there.faults).toEqual([]);
});

test('[LIV3] who comes back to the other node goes on where they were', async () => {
  const [one, two] = nodes.map(({ stage }) => stage) as [Stage, Stage];
  const before = await one.connect('bob').ready();
  const start = before.state.seq;
  before.leave();
  const alice = await one.connect('alice').ready();
  const last = await gesture(alice, 0);
  const after = two.connect('bob', { since: start });
  after.state = before.state;
  await caughtUp([after], last);
  expect(after.snapshots).toBe(0);
  expectWhole([after], start, last);
});

test('[CLU1] [LIV3] who comes from a node that fell silent finds all that they had seen', async () => {
  const [one, two] = nodes.map(({ stage }) => stage) as [Stage, Stage];
  const watcher = await two.connect('otto').ready(); // node two has the room in memory
  const before = await one.connect('bob').ready();
  await redis.down();
  await expect.poll(() => nodes[0]!.bus.isUp()).toBe(false);
  const last = await gesture(before, 0);
  await before.until(({ state }) => state.seq === last);
  const after = two.connect('bob', { since: last });
  await after.ready();
  expect(after.state.seq).toBe(last);
  expect(after.snapshots).toBe(0);
  await watcher.until(({ state }) => state.seq === last);
  await redis.up();
});

test('[LIV4] a role lost on one node is lost on the other, even when no hint of it arrives', async () => {
  const [one, two] = nodes.map(({ stage }) => stage) as [Stage, Stage];
  const bob = await two.connect('bob').ready();
  const mona = await one.connect('mona').ready();
  await redis.down();
  const participant = { name: '舜思齐', role: 'observer', unit: '经济界' };
  expect(codeOf(await mona.ask('participant.change', { person: 'bob', participant }))).toBe('ok');
  // node two decides on what SQL says, not on what it remembers
  expect(codeOf(await bob.ask('floor.raise', {}))).toBe('forbidden');
  await bob.until(({ me }) => me?.role === 'observer');
  await mona.ask('participant.remove', { person: 'bob' });
  const late = { commandId: 'late', type: 'attendance.checkIn', data: { site: 'hall' } };
  bob.socket.emit('command', late, () => 0);
  await bob.until(({ closed }) => closed?.code === 4404);
  await redis.up();
  const types = (await one.store.read('consultation/m1', 0)).map(({ type }) => type);
  expect(types.filter((type) => /^(floor|attendance)\./.test(type))).toEqual([]);
});

test('[CLU4] both nodes show the people of both', async () => {
  const [one, two] = nodes.map(({ stage }) => stage) as [Stage, Stage];
  const alice = await one.connect('alice').ready();
  const bob = await two.connect('bob').ready();
  await two.connect('g_1').ready();
  for (const reader of [alice, bob]) {
    await reader.until(({ presences }) => {
      const latest = presences[presences.length - 1];
      return latest?.connected.join() === 'alice,bob' && latest.public === 1;
    });
  }
});
