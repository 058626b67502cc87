import type { Kysely, Transaction } from 'kysely';
import { passesByItself } from './postgres.ts';
import type { Schema } from './schema.ts';

export type Trx = Transaction<Schema>;
export type Job<T> = (trx: Trx) => Promise<T>;
/**
 * `locks` names what the job is about to lock, if others may want it too: within a group, jobs lock in the order of
 * these names, so that two nodes don't wait for each other.
 */
export type Commit = <T>(job: Job<T>, locks?: string) => Promise<T>;

interface Waiting {
  readonly locks: string;
  readonly run: Job<unknown>;
  readonly done: (result: unknown) => void;
  readonly failed: (error: unknown) => void;
}

const TRIES = 5;

/**
 * One transaction, and one flush of the disk, for everything that was asked for in the same turn.
 *
 * 1. A caller hears of a result only after the commit that holds it.
 * 2. Groups follow one another; what arrives while one is written joins the next.
 * 3. A job that throws fails alone: its group is undone and each of its jobs is run by itself. So a job must not
 *    change anything but the database, and a lost race is a result, not an exception.
 * 4. Jobs with the same `locks` run in the order in which they were asked for.
 */
export function groupCommit(sql: Kysely<Schema>): { commit: Commit; idle: () => Promise<void> } {
  let waiting: Waiting[] = [];
  let writing: Promise<void> | undefined;

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      // a turn of the loop: whoever is about to ask joins this group
      await new Promise<void>((resolve) => setImmediate(resolve));
      const group = waiting.sort((a, b) => (a.locks < b.locks ? -1 : a.locks > b.locks ? 1 : 0));
      waiting = [];
      await writeGroup(sql, group);
    }
    writing = undefined;
  }

  const commit: Commit = <T>(job: Job<T>, locks = '') =>
    new Promise<T>((resolve, reject) => {
      waiting.push({ locks, run: job, done: resolve as (result: unknown) => void, failed: reject });
      writing ??= writeAll();
    });
  return { commit, idle: async () => writing };
}

async function writeGroup(sql: Kysely<Schema>, group: readonly Waiting[]): Promise<void> {
  const [only] = group;
  if (group.length === 1 && only) return writeAlone(sql, only);
  let results: unknown[];
  try {
    results = await transaction(sql, async (trx) => {
      const inOrder: unknown[] = [];
      for (const { run } of group) inOrder.push(await run(trx));
      return inOrder;
    });
  } catch {
    for (const job of group) await writeAlone(sql, job);
    return;
  }
  group.forEach(({ done }, index) => done(results[index]));
}

async function writeAlone(sql: Kysely<Schema>, { run, done, failed }: Waiting): Promise<void> {
  try {
    done(await transaction(sql, run));
  } catch (error) {
    failed(error);
  }
}

async function transaction<T>(sql: Kysely<Schema>, job: Job<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await sql.transaction().execute(job);
    } catch (error) {
      if (tries === TRIES || !passesByItself(error)) throw error;
    }
  }
}
