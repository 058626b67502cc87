import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const agendaTemplate: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('agenda_template')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull().unique())
      .addColumn('stages', 'text', (column) => column.notNull())
      .addColumn('saved_by', 'text', (column) => column.notNull())
      .addColumn('saved_at', 'bigint', (column) => column.notNull())
      .execute();
  },
};
