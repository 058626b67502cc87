import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { binaryType } from '../binary-type.ts';

export const pictures: Migration = {
  async up(db: Kysely<unknown>) {
    const binary = binaryType(db);
    await db.schema
      .createTable('picture')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('width', 'integer', (column) => column.notNull())
      .addColumn('height', 'integer', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('thumb', binary, (column) => column.notNull())
      .addColumn('bytes', binary, (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('picture_use')
      .addColumn('consultation', 'text', (column) => column.notNull())
      .addColumn('card', 'text', (column) => column.notNull())
      .addColumn('picture', 'text', (column) => column.notNull())
      .addColumn('person', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('gone_at', 'bigint')
      .addPrimaryKeyConstraint('picture_use_pk', ['consultation', 'card', 'picture'])
      .execute();
    await db.schema
      .createIndex('picture_use_picture')
      .on('picture_use')
      .columns(['picture', 'consultation'])
      .execute();
    await db.schema
      .createTable('picture_upload')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('consultation', 'text', (column) => column.notNull())
      .addColumn('card', 'text', (column) => column.notNull())
      .addColumn('person', 'text', (column) => column.notNull())
      .addColumn('size', 'integer', (column) => column.notNull())
      .addColumn('received', 'integer', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('touched_at', 'bigint', (column) => column.notNull())
      .addColumn('outcome', 'text')
      .execute();
    await db.schema
      .createIndex('picture_upload_person')
      .on('picture_upload')
      .columns(['person', 'created_at'])
      .execute();
    await db.schema
      .createTable('picture_chunk')
      .addColumn('upload', 'text', (column) => column.notNull())
      .addColumn('start', 'integer', (column) => column.notNull())
      .addColumn('bytes', binary, (column) => column.notNull())
      .addPrimaryKeyConstraint('picture_chunk_pk', ['upload', 'start'])
      .execute();
  },
};
