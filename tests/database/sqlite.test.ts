import { sql } from 'kysely';
import SQLite from 'better-sqlite3';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase, type Database } from '../../server/database/open.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'shangliang-sqlite-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const pragma = async (database: Database, name: string) => {
  const { rows } = await sql.raw<Record<string, unknown>>(`pragma ${name}`).execute(database.sql);
  return Object.values(rows[0]!)[0];
};
const person = (id: string) => ({ id, name: id, created_at: 1 });

test('[LOG1] a commit waits for the disk, also after the file is opened again', async () => {
  for (let time = 0; time < 2; time += 1) {
    const database = await openDatabase({ dataDir });
    expect(await pragma(database, 'synchronous')).toBe(2); // FULL
    expect(await pragma(database, 'journal_mode')).toBe('wal');
    await database.close();
  }
});

test('a data directory belongs to one server at a time, and is free once that has closed', async () => {
  const database = await openDatabase({ dataDir });
  await expect(openDatabase({ dataDir })).rejects.toThrow('another server is using the data');
  await database.close();
  await (await openDatabase({ dataDir })).close();
});

test('whoever only reads may do so while the server runs', async () => {
  const database = await openDatabase({ dataDir });
  await database.commit((trx) => trx.insertInto('person').values(person('a')).execute());
  const reader = new SQLite(path.join(dataDir, 'shangliang.db'), { readonly: true });
  expect(reader.prepare('select id from person').all()).toEqual([{ id: 'a' }]);
  reader.close();
  await database.close();
});

test('a data directory that is missing is made', async () => {
  const deep = path.join(dataDir, 'a', 'b');
  await (await openDatabase({ dataDir: deep })).close();
  expect(existsSync(path.join(deep, 'shangliang.db'))).toBe(true);
});

test('closing waits for what was asked for before', async () => {
  const database = await openDatabase({ dataDir });
  const written = ['a', 'b'].map((id) =>
    database.commit((trx) => trx.insertInto('person').values(person(id)).execute()),
  );
  await database.close();
  expect(await Promise.allSettled(written)).toMatchObject([
    { status: 'fulfilled' },
    { status: 'fulfilled' },
  ]);
});

test('a statement that is kept prepared follows a change of its table', async () => {
  const database = await openDatabase({ dataDir });
  const run = (wording: string) => sql.raw<object>(wording).execute(database.sql);
  await run('create table pet (name text)');
  await run("insert into pet values ('旺财')");
  const look = async () => (await run('select * from pet')).rows;
  expect(await look()).toEqual([{ name: '旺财' }]);
  await run("alter table pet add column kind text default '犬'");
  expect(await look()).toEqual([{ name: '旺财', kind: '犬' }]);
  await database.close();
});
