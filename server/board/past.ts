import { spansOf, type AuthoredText } from '../../shared/board/authorship.ts';
import type { HistoryPage } from '../../shared/board/history-page.ts';
import { restoreCard } from '../../shared/board/restore-card.ts';
import {
  boardLimits,
  cardBody,
  cardPictures,
  cardsOf,
  takePicture,
} from '../../shared/board/schema.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import { isRefused, refuse, type Refused } from '../../shared/refusal.ts';
import type { CommittedBoard } from './committed-board.ts';
import { LearnedAuthorship } from './learned-authorship.ts';
import type { Edit } from './own-edit.ts';
import type { BoardParts } from './parts.ts';
import type { PastStore } from './past-store.ts';
import { replay } from './replay.ts';

/** What was, told from the stored rows alone. */
export interface Past {
  /** Who wrote what of a card's text; `undefined`: there is no such card now. */
  authors(consultation: string, card: string): Promise<readonly AuthoredText[] | undefined>;
  history(consultation: string, after: number): Promise<HistoryPage>;
  /**
   * Makes a card what it was at a number of the board's sequence, as a change in the actor's name. `changed` is false
   * when it is that already: asking twice does it once.
   */
  restore(consultation: string, actor: Actor, wanted: PastCard): Promise<Restored | Refused>;
}

export interface PastCard {
  readonly card: string;
  readonly seq: number;
}

export interface Restored {
  readonly changed: boolean;
}

export interface PastParts {
  readonly store: PastStore;
  /** Looks at a board as it is on disk, between its turns. */
  readonly inTurn: <T>(consultation: string, look: (board: CommittedBoard) => T) => Promise<T>;
  readonly edit: (consultation: string, actor: Actor, change: Edit) => Promise<void>;
  readonly picturesKept?: BoardParts['picturesKept'];
}

/** Replays of a node follow one another: a few may wait, the others are told to come again. */
const MAX_WAITING = 5;

export function openPast({ store, inTurn, edit, picturesKept }: PastParts): Past {
  const learned = new LearnedAuthorship(store);
  let replays: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  async function restore(
    consultation: string,
    actor: Actor,
    { card, seq }: PastCard,
  ): Promise<Restored | Refused> {
    const past = await replay(store, consultation, seq);
    if (!past) return refuse('not_found', 'seq');
    try {
      if (!cardBody(past, card)) return refuse('not_found', 'card');
      const head = await inTurn(consultation, (board) => board.seq);
      const authorship = await learned.upTo(consultation, head);
      const kept = await picturesKept?.(consultation, card);
      let outcome: Restored | Refused = { changed: false };
      await edit(consultation, actor, (doc, tabled, broughtBack) => {
        outcome = { changed: false };
        const cards = cardsOf(doc);
        const full = !cards.has(card) && cards.size >= boardLimits.cards;
        if (tabled(card)) outcome = refuse('already_tabled');
        else if (full) outcome = refuse('too_large');
        if (isRefused(outcome)) return;
        const before = cardBody(doc, card)?.toJSON();
        broughtBack(restoreCard(doc, past, card, authorship));
        if (before === undefined && kept)
          for (const { id } of cardPictures(doc, card))
            if (!kept.has(id)) takePicture(doc, card, id);
        outcome = { changed: cardBody(doc, card)?.toJSON() !== before };
      });
      return outcome;
    } finally {
      past.destroy();
    }
  }

  return {
    async authors(consultation, card) {
      const looked = await inTurn(consultation, ({ doc, seq }) => {
        const body = cardBody(doc, card);
        return body && { seq, spans: spansOf(body) };
      });
      if (!looked) return undefined;
      return (await learned.upTo(consultation, looked.seq)).authorsOf(looked.spans);
    },

    history: (consultation, after) => store.page(consultation, after),

    async restore(...asked) {
      if (waiting >= MAX_WAITING) return refuse('busy');
      waiting += 1;
      const restored = replays.then(() => restore(...asked));
      replays = restored.catch(() => undefined);
      try {
        return await restored;
      } finally {
        waiting -= 1;
      }
    },
  };
}
