import type { Kysely, Transaction } from 'kysely';
import { passesByItself } from './postgres.ts';
import type { Schema } from './schema.ts';

export type Trx = Transaction<Schema>;
export type Job<T> = (trx: Trx) => Promise<T>;
/**
 * `locks` names what the job is about to lock, if others may want it too: within a group, jobs lock in the order of
 * these names, so that two nodes don't wait for each other. `pace` says whether the job may wait a moment for others.
 */
export type Commit = <T>(job: Job<T>, locks?: string, pace?: Pace) => Promise<T>;
export type Pace = 'at once' | 'in company';

interface Waiting {
  readonly locks: string;
  readonly pace: Pace;
  readonly run: Job<unknown>;
  readonly done: (result: unknown) => void;
  readonly failed: (error: unknown) => void;
}

const TRIES = 5;
/** A commit costs a flush of the disk, however much is in it; jobs in company leave so long between two. */
const COMPANY_MS = 8;

/**
 * One transaction, and one flush of the disk, for everything that was asked for in the same turn.
 *
 * 1. A caller hears of a result only after the commit that holds it.
 * 2. Groups follow one another; what arrives while one is written joins the next.
 * 3. A job that throws fails alone: its group is undone and each of its jobs is run by itself. So a job must not
 *    change anything but the database, and a lost race is a result, not an exception.
 * 4. A group of which every job may wait is written no sooner than `COMPANY_MS` after the one before it began; after a
 *    pause nothing waits.
 * 5. Jobs with the same `locks` run in the order in which they were asked for.
 */
export function groupCommit(sql: Kysely<Schema>): { commit: Commit; idle: () => Promise<void> } {
  let waiting: Waiting[] = [];
  let writing: Promise<void> | undefined;
  let beganAt = -Infinity;
  let hurry: (() => void) | undefined;

  function company(): Promise<void> | undefined {
    const wait = beganAt + COMPANY_MS - performance.now();
    if (wait <= 0 || waiting.some(({ pace }) => pace === 'at once')) return undefined;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, wait);
      hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      // a turn of the loop: whoever is about to ask joins this group
      await new Promise<void>((resolve) => setImmediate(resolve));
      await company();
      beganAt = performance.now();
      const group = waiting.sort((a, b) => (a.locks < b.locks ? -1 : a.locks > b.locks ? 1 : 0));
      waiting = [];
      await writeGroup(sql, group);
    }
    writing = undefined;
  }

  const commit: Commit = <T>(job: Job<T>, locks = '', pace: Pace = 'at once') =>
    new Promise<T>((resolve, reject) => {
      const done = resolve as (result: unknown) => void;
      waiting.push({ locks, pace, run: job, done, failed: reject });
      if (pace === 'at once') hurry?.();
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
