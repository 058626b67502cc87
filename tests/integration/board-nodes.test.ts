// Boards of two nodes with PostgreSQL and Redis, as two processes would have them.
import { tmpdir } from 'node:os';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Bus } from '../../server/cluster/bus.ts';
import { openRedisBus } from '../../server/cluster/redis-bus.ts';
import { openDatabase, type Database } from '../../server/database/open.ts';
import { cardBody, cardText } from '../../shared/board/schema.ts';
import { board, furnish, openStage, until, type Stage } from '../board/board-stage.ts';
import { startPostgres, startRedis, type Postgres, type Redis } from '../helpers/services.ts';

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
  close(): Promise<void>;
}

let nodes: Node[];
let databases = 0;
beforeEach(async () => {
  const databaseUrl = await postgres.createDatabase(`board_nodes_${(databases += 1)}`);
  nodes = [await openNode(databaseUrl), await openNode(databaseUrl)];
});
afterEach(async () => {
  for (const node of nodes) await node.close();
});

async function openNode(databaseUrl: string): Promise<Node> {
  const database: Database = await openDatabase({ dataDir: tmpdir(), databaseUrl });
  const log = { warn: () => undefined, info: () => undefined };
  const bus: Bus = await openRedisBus({ url: redis.url, log, pulseMs: 100 });
  const stage = await openStage(database, { bus });
  return {
    stage,
    async close() {
      await stage.close();
      await bus.close();
      await database.close();
    },
  };
}

async function writeTogether(rounds: number) {
  const [one, two] = nodes.map(({ stage }) => stage) as [Stage, Stage];
  await furnish(one.boards, 'alice');
  const alice = await one.joined('alice');
  const bob = await two.joined('bob');
  await until(() => cardText(bob.doc, 'c-alice') !== '');
  const write = async () => {
    for (let n = 0; n < rounds; n += 1) {
      cardBody(alice.doc, 'c-alice')!.insert(0, '甲');
      cardBody(bob.doc, 'c-alice')!.insert(0, '乙');
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const texts = () => [alice, bob].map(({ doc }) => cardText(doc, 'c-alice'));
  const agree = (length: number) => () =>
    texts().every((text) => text.length === length) && new Set(texts()).size === 1;
  return { write, agree, one, two };
}

test('[CLU2] updates written on two nodes at once reach everyone, each once', async () => {
  const { write, agree, one, two } = await writeTogether(200);
  await write();
  await until(agree('alice的意见'.length + 400));
  const texts = await Promise.all(
    [one, two].map(({ boards }) => boards.read(board, (doc) => cardText(doc, 'c-alice'))),
  );
  expect(texts[0]).toBe(texts[1]);
  expect([...one.logged, ...two.logged]).toEqual([]);
});

test('[CLU1] with Redis gone in the middle nothing is lost and nothing doubled', async () => {
  const { write, agree, one, two } = await writeTogether(50);
  await write();
  await redis.down();
  await write();
  await until(agree('alice的意见'.length + 200));
  await redis.up();
  await write();
  await until(agree('alice的意见'.length + 300));
  expect([...one.logged, ...two.logged].filter(({ level }) => level === 'error')).toEqual([]);
});
