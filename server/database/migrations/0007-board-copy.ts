import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const boardCopy: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('board_copy')
      .addColumn('consultation', 'text', (column) => column.notNull())
      .addColumn('seq', 'integer', (column) => column.notNull())
      .addColumn('client_id', 'bigint', (column) => column.notNull())
      .addColumn('clock', 'bigint', (column) => column.notNull())
      .addColumn('length', 'integer', (column) => column.notNull())
      .addColumn('of_client', 'bigint', (column) => column.notNull())
      .addColumn('of_clock', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('board_copy_pk', ['consultation', 'seq', 'client_id', 'clock'])
      .execute();
  },
};
