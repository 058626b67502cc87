import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Schema } from './schema.ts';
import type { OpenSql } from './sqlite.ts';

// sequences and times fit a double exactly; a string would compare wrongly
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export function openPostgres(connectionString: string): OpenSql {
  const pool = new pg.Pool({ connectionString, max: 10, connectionTimeoutMillis: 5_000 });
  // without a listener the loss of an idle connection would end the process; the next query opens a new one
  pool.on('error', () => undefined);
  const sql = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  return { sql, close: () => sql.destroy() };
}
