import type { Kysely, Selectable } from 'kysely';
import type { Trx } from '../database/group-commit.ts';
import type { Schema } from '../database/schema.ts';
import type { PictureUploadTable } from '../database/tables/files.ts';

export type UploadRow = Selectable<PictureUploadTable>;
type Sql = Kysely<Schema>;

export const insertUpload = (trx: Trx, row: UploadRow): Promise<unknown> =>
  trx.insertInto('picture_upload').values(row).execute();

export const uploadById = (sql: Sql, id: string): Promise<UploadRow | undefined> =>
  sql.selectFrom('picture_upload').selectAll().where('id', '=', id).executeTakeFirst();

/** Adds what follows on `start`; `conflict` when that is not where the upload stands. */
export async function addChunk(
  trx: Trx,
  { id, start, bytes, at }: { id: string; start: number; bytes: Uint8Array; at: number },
): Promise<'done' | 'conflict'> {
  const { numUpdatedRows } = await trx
    .updateTable('picture_upload')
    .set({ received: start + bytes.length, touched_at: at })
    .where('id', '=', id)
    .where('received', '=', start)
    .where('size', '>=', start + bytes.length)
    .where('outcome', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) return 'conflict';
  await trx.insertInto('picture_chunk').values({ upload: id, start, bytes }).execute();
  return 'done';
}

export async function bytesOfUpload(sql: Sql, id: string): Promise<Uint8Array> {
  const rows = await sql
    .selectFrom('picture_chunk')
    .select('bytes')
    .where('upload', '=', id)
    .orderBy('start')
    .execute();
  return Buffer.concat(rows.map(({ bytes }) => bytes));
}

/** Says what became of it. The bytes that came are needed no more; the row is, for whoever asks again. */
export async function finishUpload(
  trx: Trx,
  { id, outcome, at }: { id: string; outcome: string; at: number },
): Promise<void> {
  const finished = { outcome, touched_at: at };
  await trx.updateTable('picture_upload').set(finished).where('id', '=', id).execute();
  await trx.deleteFrom('picture_chunk').where('upload', '=', id).execute();
}

/** How much this person asked for since then, and how much of it is under way. */
export async function usageSince(
  sql: Sql,
  person: string,
  since: number,
): Promise<{ bytes: number; uploads: number; open: number }> {
  const rows = await sql
    .selectFrom('picture_upload')
    .select(['size', 'outcome', 'created_at'])
    .where('person', '=', person)
    .execute();
  const lately = rows.filter((row) => row.created_at > since);
  const bytes = lately.reduce((sum, { size }) => sum + size, 0);
  const open = rows.filter(({ outcome }) => outcome === null).length;
  return { bytes, uploads: lately.length, open };
}

/** Those whose bytes have all come, and of which nothing has become yet. */
export const wholeUploads = (sql: Sql, touchedBefore: number): Promise<UploadRow[]> =>
  sql
    .selectFrom('picture_upload')
    .selectAll()
    .where('outcome', 'is', null)
    .whereRef('received', '=', 'size')
    .where('touched_at', '<', touchedBefore)
    .orderBy('touched_at')
    .limit(20)
    .execute();

/** Nobody came back for these: begun and nothing sent, sent in part, or long finished. */
export async function removeForgotten(
  trx: Trx,
  before: { readonly empty: number; readonly partial: number },
): Promise<void> {
  const forgotten = trx
    .selectFrom('picture_upload')
    .select('id')
    .where((where) =>
      where.or([
        where('touched_at', '<', before.partial),
        where.and([where('received', '=', 0), where('created_at', '<', before.empty)]),
      ]),
    );
  await trx.deleteFrom('picture_chunk').where('upload', 'in', forgotten).execute();
  await trx.deleteFrom('picture_upload').where('id', 'in', forgotten).execute();
}
