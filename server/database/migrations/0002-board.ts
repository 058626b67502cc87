import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { binaryType } from '../binary-type.ts';

export const board: Migration = {
  async up(db: Kysely<unknown>) {
    const binary = binaryType(db);
    await db.schema
      .createTable('board_head')
      .addColumn('consultation', 'text', (column) => column.primaryKey())
      .addColumn('seq', 'integer', (column) => column.notNull())
      .addColumn('epoch', 'integer', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('board_update')
      .addColumn('consultation', 'text', (column) => column.notNull())
      .addColumn('seq', 'integer', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('card', 'text')
      .addColumn('person', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('bytes', binary)
      .addPrimaryKeyConstraint('board_update_pk', ['consultation', 'seq'])
      .execute();
    // which cards are tabled, without reading the updates
    await db.schema
      .createIndex('board_update_tabled')
      .on('board_update')
      .columns(['consultation', 'card'])
      .where(sql.ref('kind'), '=', sql.lit('tabled'))
      .execute();
    await db.schema
      .createTable('board_snapshot')
      .addColumn('consultation', 'text', (column) => column.primaryKey())
      .addColumn('seq', 'integer', (column) => column.notNull())
      .addColumn('bytes', binary, (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('board_lease')
      .addColumn('consultation', 'text', (column) => column.notNull())
      .addColumn('client_id', 'bigint', (column) => column.notNull())
      .addColumn('person', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('board_lease_pk', ['consultation', 'client_id'])
      .execute();
  },
};
