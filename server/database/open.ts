import { accessSync, constants, mkdirSync } from 'node:fs';
import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { openPostgres } from './postgres.ts';
import { groupCommit, type Commit } from './group-commit.ts';
import { migrations } from './migrations/index.ts';
import type { Schema } from './schema.ts';
import { openSqlite, openSqliteForReading, type OpenSql } from './sqlite.ts';

export interface Database {
  readonly sql: Kysely<Schema>;
  readonly dialect: 'sqlite' | 'postgres';
  /** Runs `job` in one transaction with what else was asked for in this turn; resolves once it is on disk. */
  readonly commit: Commit;
  close(): Promise<void>;
}

interface Where {
  readonly dataDir: string;
  readonly databaseUrl?: string;
}

/** Opens the database and brings its schema up to date. Two nodes may do so at once. */
export async function openDatabase(where: Where): Promise<Database> {
  const opened =
    where.databaseUrl === undefined
      ? openSqlite(madeReady(where.dataDir))
      : openPostgres(where.databaseUrl);
  try {
    await migrate(opened.sql);
  } catch (error) {
    await opened.close();
    throw error;
  }
  return together(where, opened);
}

/** Opens the database as it is, to look at it while a server may be running. */
export function openForReading(where: Where): Database {
  const opened =
    where.databaseUrl === undefined
      ? openSqliteForReading(where.dataDir)
      : openPostgres(where.databaseUrl);
  return together(where, opened);
}

function together({ databaseUrl }: Where, { sql, close }: OpenSql): Database {
  const dialect = databaseUrl === undefined ? 'sqlite' : 'postgres';
  const { commit, idle } = groupCommit(sql);
  return {
    sql,
    dialect,
    commit,
    async close() {
      await idle();
      await close();
    },
  };
}

function madeReady(dataDir: string): string {
  mkdirSync(dataDir, { recursive: true });
  accessSync(dataDir, constants.W_OK);
  return dataDir;
}

async function migrate(sql: Kysely<Schema>): Promise<void> {
  const migrator = new Migrator({
    db: sql,
    provider: { getMigrations: () => Promise.resolve(migrations) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw new Error('the database could not be migrated', { cause: error });
}
