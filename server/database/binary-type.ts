import { PostgresAdapter, sql, type Kysely } from 'kysely';

/** The column type for bytes: `blob` is unknown to PostgreSQL, `bytea` to SQLite. Both give a Buffer back. */
export const binaryType = (db: Kysely<unknown>) =>
  db.getExecutor().adapter instanceof PostgresAdapter ? sql`bytea` : sql`blob`;
