import { createHash } from 'node:crypto';
import type * as Y from 'yjs';
import { cardPictures, putPicture, readCard, takePicture } from '../../shared/board/schema.ts';
import { pictureLimits, type Picture } from '../../shared/pictures.ts';
import { can, type Subject } from '../../shared/policy/can.ts';
import { refuse, type Refused } from '../../shared/refusal.ts';
import { defaultFilesLimits, type Entered, type FilesParts } from './parts.ts';
import {
  dropUse,
  isUsedIn,
  keepPicture,
  noteBack,
  noteGone,
  pictureBytes,
  picturesUsedIn,
  picturesUsedOn,
  useOf,
  usesGoneBefore,
} from './picture-store.ts';
import type { Developed } from './re-encode.ts';

/** A card of a consultation. */
export interface CardPlace {
  readonly consultation: string;
  readonly card: string;
}

export interface Pictures {
  /** May this person put one more picture there? */
  mayAdd(place: CardPlace, entered: Entered): Promise<Refused | undefined>;
  /** Keeps it, once, and puts it on the card in this person's name. May be asked again for the same. */
  add(place: CardPlace, entered: Entered, developed: Developed): Promise<Picture | Refused>;
  remove(place: CardPlace, entered: Entered, picture: string): Promise<{ ok: true } | Refused>;
  /** The bytes, if this reader may see them. */
  read(
    consultation: string,
    entered: Entered,
    picture: string,
    size: 'whole' | 'thumb',
  ): Promise<Uint8Array | undefined>;
  /** These cards were removed: their pictures go after a while. */
  cardsRemoved(consultation: string, cards: readonly string[]): Promise<void>;
  /** The pictures of a card that can be read, for as long as it has not been removed for too long. */
  keptOn(consultation: string, card: string): Promise<ReadonlySet<string>>;
  sweep(): Promise<void>;
}

/**
 * Pictures on cards.
 *
 * 1. A card never names a picture that can't be read there: it is on disk, with its use, before the card is changed.
 * 2. What a card may hold is decided in a turn of its board, by the board as it is on disk: two at once don't pass a
 *    limit, and nothing is added to what was tabled.
 */
export function createPictures(parts: FilesParts): Pictures {
  const { database, boards, now } = parts;
  const { sql, commit } = database;
  const limits = { ...defaultFilesLimits, ...parts.limits };

  return {
    mayAdd: ({ consultation, card }, entered) =>
      boards.read(consultation, (doc, tabled) => whyNotAdded(doc, card, entered, tabled(card))),

    async add({ consultation, card }, entered, { picture: bytes, thumb, width, height }) {
      if ((await picturesUsedIn(sql, consultation)) >= pictureLimits.perBoard)
        return refuse('pictures_full', 'board');
      const id = createHash('sha256').update(bytes).digest('hex');
      const at = now();
      const { person } = entered.actor;
      const place = { consultation, card, picture: id };
      await commit((trx) =>
        keepPicture(
          trx,
          { id, width, height, bytes, thumb, at },
          { ...place, person, at, gone_at: null },
        ),
      );
      const picture = { id, width, height };
      let refused: Refused | undefined;
      await boards.edit(consultation, entered.actor, (doc, tabled) => {
        refused = undefined;
        if (isOnCard(doc, card, id)) return;
        refused = whyNotAdded(doc, card, entered, tabled(card));
        if (!refused) putPicture(doc, card, { ...picture, by: person }, at);
      });
      if (!refused) return picture;
      await commit((trx) => dropUse(trx, { ...place, at }));
      return refused;
    },

    async remove({ consultation, card }, entered, picture) {
      const use = await useOf(sql, { consultation, card, picture });
      if (!use) return refuse('not_found');
      let outcome: Refused | undefined;
      await boards.edit(consultation, entered.actor, (doc, tabled) => {
        outcome = whyNotRemoved(doc, { card, picture, person: use.person }, entered, tabled(card));
        if (!outcome) takePicture(doc, card, picture);
      });
      if (outcome) return outcome;
      await commit((trx) => dropUse(trx, use));
      return { ok: true };
    },

    async read(consultation, { actor, state }, picture, size) {
      const released = Object.values(state.opinions).some(
        ({ pictures, published, withdrawn }) =>
          published && !withdrawn && pictures?.some(({ id }) => id === picture),
      );
      const may =
        (released && can(actor, 'consultation.read')) ||
        (can(actor, 'board.read') && (await isUsedIn(sql, consultation, picture)));
      return may ? pictureBytes(sql, picture, size) : undefined;
    },

    async cardsRemoved(consultation, cards) {
      await commit((trx) => noteGone(trx, { consultation, cards, at: now() }));
    },

    async keptOn(consultation, card) {
      return new Set(await picturesUsedOn(sql, consultation, card));
    },

    async sweep() {
      for (const use of await usesGoneBefore(sql, now() - limits.keptAfterRemovalMs)) {
        const { consultation, card, picture } = use;
        const back = await boards.read(consultation, (doc) => isOnCard(doc, card, picture));
        await commit(async (trx) => void (await (back ? noteBack : dropUse)(trx, use)));
      }
    },
  };
}

const isOnCard = (doc: Y.Doc, card: string, picture: string): boolean =>
  cardPictures(doc, card).some(({ id }) => id === picture);

function whyNotAdded(
  doc: Y.Doc,
  card: string,
  { actor, state }: Entered,
  tabled: boolean,
): Refused | undefined {
  if (!can(actor, 'board.read')) return refuse('not_found');
  const subject = subjectOf(doc, card, tabled);
  if (!subject) return refuse('not_found', 'card');
  if (tabled && can(actor, 'picture.add')) return refuse('already_tabled');
  if (!can(actor, 'picture.add', subject)) return refuse('forbidden');
  if (state.lifecycle.phase === 'archived') return refuse('not_open');
  return cardPictures(doc, card).length >= pictureLimits.perCard
    ? refuse('pictures_full')
    : undefined;
}

function whyNotRemoved(
  doc: Y.Doc,
  { card, picture, person }: { card: string; picture: string; person: string },
  { actor, state }: Entered,
  tabled: boolean,
): Refused | undefined {
  if (!can(actor, 'board.read')) return refuse('not_found');
  const subject = subjectOf(doc, card, tabled);
  if (!subject || !isOnCard(doc, card, picture)) return refuse('not_found');
  const owners = [...(subject.owners ?? []), person];
  if (tabled && can(actor, 'picture.remove', { owners })) return refuse('already_tabled');
  if (!can(actor, 'picture.remove', { ...subject, owners })) return refuse('forbidden');
  return state.lifecycle.phase === 'archived' ? refuse('not_open') : undefined;
}

function subjectOf(doc: Y.Doc, card: string, tabled: boolean): Subject | undefined {
  const head = readCard(doc, card);
  if (!head) return undefined;
  const { author, onBehalfOf } = head;
  return { owners: onBehalfOf === undefined ? [author] : [author, onBehalfOf], tabled };
}
