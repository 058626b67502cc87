import type { Kysely, Selectable } from 'kysely';
import type { Trx } from '../database/group-commit.ts';
import type { Schema } from '../database/schema.ts';
import type { PictureTable, PictureUseTable } from '../database/tables/files.ts';

export type PictureRow = Selectable<PictureTable>;
export type PictureUse = Selectable<PictureUseTable>;
type Sql = Kysely<Schema>;
type Place = Pick<PictureUse, 'consultation' | 'card' | 'picture'>;

/** Keeps a picture that may be kept already, and that this card uses it. */
export async function keepPicture(trx: Trx, picture: PictureRow, use: PictureUse): Promise<void> {
  await trx
    .insertInto('picture')
    .values(picture)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  await trx
    .insertInto('picture_use')
    .values(use)
    .onConflict((conflict) =>
      conflict
        .columns(['consultation', 'card', 'picture'])
        .doUpdateSet({ at: use.at, gone_at: null }),
    )
    .execute();
}

/**
 * The card no longer shows it; nor is it kept when nobody else does. A use that was meanwhile begun anew stays: its time
 * is another.
 */
export async function dropUse(
  trx: Trx,
  { consultation, card, picture, at }: Place & Pick<PictureUse, 'at'>,
): Promise<void> {
  await trx
    .deleteFrom('picture_use')
    .where('consultation', '=', consultation)
    .where('card', '=', card)
    .where('picture', '=', picture)
    .where('at', '=', at)
    .execute();
  const used = trx.selectFrom('picture_use').select('picture').where('picture', '=', picture);
  await trx.deleteFrom('picture').where('id', '=', picture).where('id', 'not in', used).execute();
}

export const useOf = (sql: Sql, place: Place): Promise<PictureUse | undefined> =>
  sql
    .selectFrom('picture_use')
    .selectAll()
    .where('consultation', '=', place.consultation)
    .where('card', '=', place.card)
    .where('picture', '=', place.picture)
    .executeTakeFirst();

/** Is it on a card of this consultation? */
export async function isUsedIn(sql: Sql, consultation: string, picture: string): Promise<boolean> {
  const use = await sql
    .selectFrom('picture_use')
    .select('card')
    .where('picture', '=', picture)
    .where('consultation', '=', consultation)
    .limit(1)
    .executeTakeFirst();
  return use !== undefined;
}

export async function picturesUsedIn(sql: Sql, consultation: string): Promise<number> {
  const { count } = await sql
    .selectFrom('picture_use')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('consultation', '=', consultation)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function picturesUsedOn(
  sql: Sql,
  consultation: string,
  card: string,
): Promise<string[]> {
  const uses = await sql
    .selectFrom('picture_use')
    .select('picture')
    .where('consultation', '=', consultation)
    .where('card', '=', card)
    .execute();
  return uses.map(({ picture }) => picture);
}

export async function pictureBytes(
  sql: Sql,
  id: string,
  size: 'whole' | 'thumb',
): Promise<Uint8Array | undefined> {
  const column = size === 'thumb' ? 'thumb' : 'bytes';
  const row = await sql
    .selectFrom('picture')
    .select(`${column} as bytes`)
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.bytes;
}

export const noteGone = (
  trx: Trx,
  { consultation, cards, at }: { consultation: string; cards: readonly string[]; at: number },
): Promise<unknown> =>
  trx
    .updateTable('picture_use')
    .set({ gone_at: at })
    .where('consultation', '=', consultation)
    .where('card', 'in', cards)
    .where('gone_at', 'is', null)
    .execute();

export const noteBack = (trx: Trx, { consultation, card, picture }: Place): Promise<unknown> =>
  trx
    .updateTable('picture_use')
    .set({ gone_at: null })
    .where('consultation', '=', consultation)
    .where('card', '=', card)
    .where('picture', '=', picture)
    .execute();

export const usesGoneBefore = (sql: Sql, before: number): Promise<PictureUse[]> =>
  sql
    .selectFrom('picture_use')
    .selectAll()
    .where('gone_at', '<', before)
    .orderBy('gone_at')
    .limit(100)
    .execute();
