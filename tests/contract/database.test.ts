// What both databases must do for those who write to them, and what only PostgreSQL can: several nodes at once.
import { sql } from 'kysely';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase, type Database } from '../../server/database/open.ts';
import { createLogStore } from '../../server/log/store.ts';
import { verifyStream } from '../../server/log/verify.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import { startPostgres } from '../helpers/services.ts';

let dataDir: string;
let postgres: Awaited<ReturnType<typeof startPostgres>>;
beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'shangliang-database-'));
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const person = (id: string) => ({ id, name: id, created_at: 1 });
const add = (database: Database, id: string) =>
  database.commit((trx) => trx.insertInto('person').values(person(id)).execute());
const people = async (database: Database) =>
  (await database.sql.selectFrom('person').select('id').orderBy('id').execute()).map(
    ({ id }) => id,
  );

describe.each([
  ['SQLite', () => openDatabase({ dataDir })],
  ['PostgreSQL', () => openDatabase({ dataDir, databaseUrl: postgres.url })],
])('group commit on %s', (_name, open) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  test('what is asked for in one turn is written in one transaction, in order', async () => {
    const transactions: unknown[] = [];
    const order: number[] = [];
    const jobs = [1, 2, 3].map((n) =>
      database.commit(async (trx) => {
        transactions.push(trx);
        order.push(n);
        return n * 10;
      }),
    );
    expect(await Promise.all(jobs)).toEqual([10, 20, 30]);
    expect(order).toEqual([1, 2, 3]);
    expect(new Set(transactions).size).toBe(1);
  });

  test('a job that breaks a rule of the database fails alone', async () => {
    await add(database, 'alice');
    const results = await Promise.allSettled(
      ['bob', 'alice', 'carol'].map((id) => add(database, id)),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await people(database)).toEqual(['alice', 'bob', 'carol']);
  });

  test('[LOG1] whoever is answered can read what was written', async () => {
    const [, seen] = await Promise.all([
      add(database, 'dan'),
      add(database, 'erin').then(() => people(database)),
    ]);
    expect(seen).toEqual(expect.arrayContaining(['dan', 'erin']));
  });
});

describe('several nodes on PostgreSQL', () => {
  const alice: Actor = { person: 'alice', role: 'member', name: '钱益彰' };
  let open: Database[] = [];
  async function nodesOn(name: string): Promise<Database[]> {
    const databaseUrl = await postgres.createDatabase(name);
    open = await Promise.all([1, 2, 3].map(() => openDatabase({ dataDir, databaseUrl })));
    return open;
  }
  afterEach(() => Promise.all(open.map((node) => node.close())));

  test('nodes that start at once bring the schema up to date once', async () => {
    const nodes = await nodesOn('starting');
    for (const node of nodes) expect(await people(node)).toEqual([]);
  });

  test('[LOG2] [LOG3] nodes that append to the same streams at once leave whole chains, each event once', async () => {
    const nodes = await nodesOn('racing');
    const stores = nodes.map(createLogStore);
    const streams = ['x', 'y', 'z'];

    /** Appends until it has won ten times; each node goes through the streams in an order of its own. */
    async function writer(node: number, stream: string): Promise<void> {
      const store = stores[node]!;
      for (let n = 0; n < 10;) {
        const expectedSeq = await store.head(stream);
        const commandId = `${node}-${n}`;
        const events = [{ type: 'test.happened', data: { node, n } }];
        const request = { stream, expectedSeq, events, actor: alice, at: 1, commandId };
        if ('appended' in (await store.append(request))) n += 1;
      }
    }
    await Promise.all(
      nodes.flatMap((_node, index) => {
        const order = index % 2 ? streams : [...streams].reverse();
        return order.map((stream) => writer(index, stream));
      }),
    );
    for (const stream of streams) {
      const store = stores[0]!;
      expect(await verifyStream(store.envelopes(stream))).toMatchObject({
        whole: true,
        events: 30,
      });
      const ids = (await store.read(stream, 0)).map(({ commandId }) => commandId);
      expect(new Set(ids).size).toBe(30);
    }
  });

  test('[LOG4] one command sent to all nodes at once takes effect once, with events or without', async () => {
    const nodes = await nodesOn('repeating');
    const stores = nodes.map(createLogStore);
    for (const events of [[{ type: 'test.happened', data: {} }], []]) {
      const stream = `of ${events.length}`;
      const request = { stream, expectedSeq: 0, events, actor: alice, at: 1, commandId: 'c' };
      await Promise.all(stores.map((store) => store.append(request)));
      expect(await stores[0]!.read(stream, 0)).toHaveLength(events.length);
      const receipt = { actor: 'alice', seq: events.length };
      expect(await stores[0]!.receipt(stream, 'c')).toEqual(receipt);
    }
  });

  test('two nodes that wait for each other are set going again', async () => {
    const nodes = await nodesOn('waiting');
    const [a, b] = [nodes[0]!, nodes[1]!];
    for (const id of ['x', 'y']) await add(a, id);
    let holding = 0;
    const bothHold = Promise.withResolvers<void>();
    const rename = (node: Database, first: string, second: string) =>
      node.commit(async (trx) => {
        const to = (id: string) =>
          trx.updateTable('person').set({ name: first }).where('id', '=', id).execute();
        await to(first);
        holding += 1;
        if (holding === 2) bothHold.resolve();
        await bothHold.promise;
        await to(second);
      });
    await Promise.all([rename(a, 'x', 'y'), rename(b, 'y', 'x')]);
    expect(holding).toBe(3); // one of them had to begin again
  });

  test('a connection lost between two queries fails its job, and nothing else', async () => {
    const [node, other] = await nodesOn('losing');
    const lost = node!.commit(async (trx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx);
      await sql`select pg_terminate_backend(${rows[0]!.pid})`.execute(other!.sql);
      await trx.insertInto('person').values(person('nobody')).execute();
    });
    await expect(lost).rejects.toThrow();
    await add(node!, 'somebody');
    expect(await people(node!)).toEqual(['somebody']);
  });
});
