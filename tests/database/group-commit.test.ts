import type { Kysely } from 'kysely';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { groupCommit, type Commit } from '../../server/database/group-commit.ts';
import type { Schema } from '../../server/database/schema.ts';

const COMPANY_MS = 8;
let groups: string[][];
let commit: Commit;

/** A database that only notes what was written together. */
const notes = {
  transaction: () => ({
    async execute<T>(work: (trx: object) => Promise<T>): Promise<T> {
      groups.push([]);
      return work({});
    },
  }),
} as unknown as Kysely<Schema>;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  groups = [];
  ({ commit } = groupCommit(notes));
});
afterEach(() => void vi.useRealTimers());

const write = (name: string, pace?: 'at once' | 'in company') =>
  commit(async () => void groups.at(-1)?.push(name), name, pace);
const turnsPass = async () => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

test('a job that may wait is written at once after a pause, and then with its company', async () => {
  await write('a', 'in company');
  const all = [write('b', 'in company')];
  await turnsPass();
  vi.advanceTimersByTime(COMPANY_MS - 1);
  all.push(write('c', 'in company'));
  await turnsPass();
  expect(groups).toEqual([['a']]);
  vi.advanceTimersByTime(1);
  await Promise.all(all);
  expect(groups).toEqual([['a'], ['b', 'c']]);
  vi.advanceTimersByTime(COMPANY_MS);
  await write('d', 'in company');
  expect(groups.at(-1)).toEqual(['d']);
});

test('a job that may not wait is written at once, and takes those that wait along', async () => {
  await write('a', 'in company');
  const waits = write('b', 'in company');
  await turnsPass();
  await Promise.all([waits, write('c')]);
  expect(groups).toEqual([['a'], ['b', 'c']]);
  await write('d');
  expect(groups.at(-1)).toEqual(['d']);
  expect(vi.getTimerCount()).toBe(0);
});
