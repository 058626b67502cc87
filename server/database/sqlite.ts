import SQLite from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import type { Schema } from './schema.ts';

/**
 * Opens the one file. `synchronous=FULL` is set on every connection, because a reopened WAL database falls back to
 * NORMAL, under which the last commits may be lost with the power. The file is locked for as long as it is open: two
 * servers on one file would each believe in their own memory.
 */
export function openSqlite(file: string): Kysely<Schema> {
  const database = new SQLite(file, { timeout: 2_000 });
  database.pragma('locking_mode = EXCLUSIVE');
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.pragma('wal_autocheckpoint = 1000');
  database.pragma(`journal_size_limit = ${64 * 1024 * 1024}`);
  return new Kysely<Schema>({ dialect: new SqliteDialect({ database }) });
}

/** The disk is full or failing: nothing was written, and trying again later may work. */
export function isStorageFault(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') return false;
  // PostgreSQL's class 53 is «insufficient resources»; 53100 is a full disk
  return code.startsWith('SQLITE_FULL') || code.startsWith('SQLITE_IOERR') || code === '53100';
}
