import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Schema } from './schema.ts';
import type { OpenSql } from './sqlite.ts';

// sequences and times fit a double exactly; a string would compare wrongly
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export function openPostgres(connectionString: string): OpenSql {
  const pool = new pg.Pool({ connectionString, max: 10, connectionTimeoutMillis: 5_000 });
  // Without listeners the loss of a connection would end the process, be it idle (the pool's) or between two queries
  // (its own). Whatever asks next hears of it, and the pool opens a new one.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const sql = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  return { sql, close: () => sql.destroy() };
}

/** A deadlock or a failure to serialize: the transaction is undone, and may succeed when it is simply run again. */
export function passesByItself(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === '40P01' || code === '40001';
}
