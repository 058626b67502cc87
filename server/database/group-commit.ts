import type { Kysely, Transaction } from 'kysely';
import type { Schema } from './schema.ts';

export type Trx = Transaction<Schema>;
export type Job<T> = (trx: Trx) => Promise<T>;
export type Commit = <T>(job: Job<T>) => Promise<T>;

interface Waiting {
  readonly run: Job<unknown>;
  readonly done: (result: unknown) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * One transaction, and one flush of the disk, for everything that was asked for in the same turn.
 *
 * 1. A caller hears of a result only after the commit that holds it.
 * 2. Groups follow one another; what arrives while one is written joins the next.
 * 3. A job that throws fails alone: its group is undone and each of its jobs is run by itself. So a job must not
 *    change anything but the database, and a lost race is a result, not an exception.
 */
export function groupCommit(sql: Kysely<Schema>): { commit: Commit; idle: () => Promise<void> } {
  let waiting: Waiting[] = [];
  let writing: Promise<void> | undefined;

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      // a turn of the loop: whoever is about to ask joins this group
      await new Promise<void>((resolve) => setImmediate(resolve));
      const group = waiting;
      waiting = [];
      await writeGroup(sql, group);
    }
    writing = undefined;
  }

  const commit: Commit = <T>(job: Job<T>) =>
    new Promise<T>((resolve, reject) => {
      waiting.push({ run: job, done: resolve as (result: unknown) => void, failed: reject });
      writing ??= writeAll();
    });
  return { commit, idle: async () => writing };
}

async function writeGroup(sql: Kysely<Schema>, group: readonly Waiting[]): Promise<void> {
  const [only] = group;
  if (group.length === 1 && only) return writeAlone(sql, only);
  let results: unknown[];
  try {
    results = await sql.transaction().execute(async (trx) => {
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
    done(await sql.transaction().execute(run));
  } catch (error) {
    failed(error);
  }
}
