import { MAX_OPINION_CHARS } from '../../shared/consultation/opinions.ts';
import type { Similar } from '../../shared/wire/rest.ts';
import { post, type Answer } from '../ui/api.ts';

/** Milliseconds without a keystroke until one asks. */
const PAUSE_MS = 800;
/** Fewer characters say nothing that could be compared. */
const LEAST_CHARS = 8;

export interface SearchOptions {
  readonly pauseMs?: number;
  readonly ask?: (path: string, body: object) => Promise<Answer<Similar[]>>;
}

/**
 * What others have said already, for a text that is being written or reviewed.
 *
 * 1. The server is asked after a pause only, never while an input method composes, and not twice for the same text.
 * 2. Of several answers the one to the newest text counts, whatever comes last.
 * 3. Without an answer nothing is said: this is a help, and writing goes on without it.
 */
export class SimilarSearch {
  found = $state.raw<readonly Similar[]>([]);
  readonly #path: string;
  readonly #pauseMs: number;
  readonly #ask: NonNullable<SearchOptions['ask']>;
  #text = '';
  #except: string | undefined;
  #composing = false;
  /** What the last question was about. */
  #asked: string | undefined;
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(consultation: string, { pauseMs = PAUSE_MS, ask = post }: SearchOptions = {}) {
    this.#path = `/api/consultations/${encodeURIComponent(consultation)}/similar`;
    this.#pauseMs = pauseMs;
    this.#ask = ask;
  }

  /** What is written now; `except` names what it is written in, which is not similar to itself. */
  follow(text: string, except?: string): void {
    const trimmed = text.trim().slice(0, MAX_OPINION_CHARS);
    if (except !== this.#except) this.#forget();
    this.#except = except;
    if (trimmed === this.#text) return;
    this.#text = trimmed;
    if (trimmed.length < LEAST_CHARS) this.#forget();
    this.#wait();
  }

  set composing(composing: boolean) {
    this.#composing = composing;
    this.#wait();
  }

  /** What was found belongs to a text that is gone. */
  #forget(): void {
    this.#turn += 1;
    this.#asked = undefined;
    this.#text = '';
    this.found = [];
  }

  #wait(): void {
    clearTimeout(this.#timer);
    const nothingNew = this.#text === this.#asked || this.#text.length < LEAST_CHARS;
    if (this.#composing || nothingNew) return;
    this.#timer = setTimeout(() => void this.#askNow(), this.#pauseMs);
  }

  async #askNow(): Promise<void> {
    const text = this.#text;
    const turn = (this.#turn += 1);
    this.#asked = text;
    const except = this.#except;
    const answer = await this.#ask(this.#path, {
      text,
      ...(except === undefined ? {} : { except }),
    });
    if (turn !== this.#turn) return;
    if ('body' in answer) this.found = answer.body;
    else this.#asked = undefined;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#turn += 1;
  }
}
