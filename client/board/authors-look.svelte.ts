import type { CardAuthors } from '../../shared/wire/board-past.ts';
import { get } from '../ui/api.ts';

/** A pointer that only passes by asks for nothing. */
const DWELL_MS = 350;
/** While somebody writes in the card, it is asked anew so often. */
const AGAIN_MS = 1_500;

/** The one card of the board whose authors are shown: while it is pointed at, or until it is closed. */
export class AuthorsLook {
  readonly #consultation: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;
  card = $state.raw<string>();
  /** Asked for by a tap or a key, with all that is known. */
  pinned = $state(false);
  answer = $state.raw<CardAuthors>();
  problem = $state('');

  constructor(consultation: string) {
    this.#consultation = consultation;
  }

  hover(card: string): void {
    if (this.pinned) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#show(card), DWELL_MS);
  }

  leave(card: string): void {
    clearTimeout(this.#timer);
    if (this.card === card && !this.pinned) this.close();
  }

  toggle(card: string): void {
    if (this.pinned && this.card === card) return this.close();
    this.pinned = true;
    void this.#show(card);
  }

  /** Its text has changed since. */
  again(): void {
    const { card } = this;
    clearTimeout(this.#timer);
    if (card !== undefined) this.#timer = setTimeout(() => void this.#show(card), AGAIN_MS);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#asked += 1;
    this.card = undefined;
    this.pinned = false;
    this.answer = undefined;
  }

  async #show(card: string): Promise<void> {
    if (this.card !== card) this.answer = undefined;
    this.card = card;
    this.problem = '';
    const ticket = (this.#asked += 1);
    const path = `/api/consultations/${encodeURIComponent(this.#consultation)}/board/cards/${encodeURIComponent(card)}/authors`;
    const answer = await get<CardAuthors>(path);
    if (ticket !== this.#asked) return;
    if ('refused' in answer) this.problem = answer.refused.message;
    else this.answer = answer.body;
  }
}
