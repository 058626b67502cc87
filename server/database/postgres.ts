import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Schema } from './schema.ts';

// sequences and times fit a double exactly; a string would compare wrongly
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export function openPostgres(connectionString: string): Kysely<Schema> {
  const pool = new pg.Pool({ connectionString, max: 10, connectionTimeoutMillis: 5_000 });
  // without a listener the loss of an idle connection would end the process; the next query opens a new one
  pool.on('error', () => undefined);
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
}
