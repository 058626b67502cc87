import { accessSync, constants } from 'node:fs';
import SQLite from 'better-sqlite3';
import {
  Kysely,
  SqliteDialect,
  SqliteDriver,
  type DatabaseConnection,
  type SqliteDialectConfig,
} from 'kysely';
import path from 'node:path';
import type { Schema } from './schema.ts';
import { keepingStatements } from './statements.ts';

const LOCK_WAIT_MS = 2_000;

export interface OpenSql {
  readonly sql: Kysely<Schema>;
  readonly close: () => Promise<void>;
}

/**
 * Opens `shangliang.db` in a directory that no other server uses. `synchronous=FULL` is set on every connection, because
 * a reopened WAL database falls back to NORMAL, under which the last commits may be lost with the power.
 */
export function openSqlite(dataDir: string): OpenSql {
  const unlock = lock(dataDir);
  try {
    const database = new SQLite(path.join(dataDir, 'shangliang.db'), { timeout: LOCK_WAIT_MS });
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    database.pragma('wal_autocheckpoint = 1000');
    database.pragma(`journal_size_limit = ${64 * 1024 * 1024}`);
    const sql = new Kysely<Schema>({
      dialect: new Dialect({ database: keepingStatements(database) }, database),
    });
    return {
      sql,
      async close() {
        await sql.destroy();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Reads the database beside a server that runs, or without one. Writes nothing, so it needs no lock. */
export function openSqliteForReading(dataDir: string): OpenSql {
  const file = path.join(dataDir, 'shangliang.db');
  accessSync(file, constants.R_OK);
  const database = new SQLite(file, { readonly: true, fileMustExist: true });
  const sql = new Kysely<Schema>({
    dialect: new Dialect({ database: keepingStatements(database) }, database),
  });
  return { sql, close: () => sql.destroy() };
}

/**
 * Two servers on one file would each believe in their own memory. The lock is one of SQLite's own, on a file beside the
 * database: it goes with the process, however that ends, and whoever only reads the database needs none.
 */
function lock(dataDir: string): () => void {
  const file = new SQLite(path.join(dataDir, 'shangliang.lock'), { timeout: LOCK_WAIT_MS });
  try {
    file.exec('begin exclusive');
  } catch (error) {
    file.close();
    if (!codeOf(error).startsWith('SQLITE_BUSY')) throw error;
    throw new Error(`another server is using the data directory ${dataDir}`, { cause: error });
  }
  return () => file.close();
}

class Dialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig;
  readonly #database: SQLite.Database;

  constructor(config: SqliteDialectConfig, database: SQLite.Database) {
    super(config);
    this.#config = config;
    this.#database = database;
  }

  override createDriver(): SqliteDriver {
    return new Driver(this.#config, this.#database);
  }
}

/** When the disk is full SQLite rolls back by itself; a second rollback would fail, and hide why. */
class Driver extends SqliteDriver {
  readonly #database: SQLite.Database;

  constructor(config: SqliteDialectConfig, database: SQLite.Database) {
    super(config);
    this.#database = database;
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.inTransaction) await super.rollbackTransaction(connection);
  }
}

const codeOf = (error: unknown): string => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
};

/** The disk is full or failing: nothing was written, and trying again later may work. */
export function isStorageFault(error: unknown): boolean {
  const code = codeOf(error);
  // 53100 is PostgreSQL's full disk
  return code.startsWith('SQLITE_FULL') || code.startsWith('SQLITE_IOERR') || code === '53100';
}
