import { Authorship } from '../../shared/board/authorship.ts';
import type { PastStore } from './past-store.ts';
import { everyRow } from './replay.ts';

interface Learned {
  readonly authorship: Authorship;
  seq: number;
  learning: Promise<void>;
}

/** So many boards are kept in mind; another is learned again. */
const MAX_BOARDS = 16;

/**
 * Who wrote what on the boards that were lately asked about. It is learned from SQL, when it is asked for and not
 * while people write: so that writing costs nothing more, and that it is the same on every node and after a restart.
 */
export class LearnedAuthorship {
  readonly #learnedByBoard = new Map<string, Learned>();
  readonly #store: PastStore;

  constructor(store: PastStore) {
    this.#store = store;
  }

  /** Knows every row up to a sequence, which must be stored. */
  async upTo(consultation: string, seq: number): Promise<Authorship> {
    const learned = this.#learned(consultation);
    learned.learning = learned.learning.then(() => this.#learn(consultation, learned, seq));
    try {
      await learned.learning;
    } catch (fault) {
      if (this.#learnedByBoard.get(consultation) === learned)
        this.#learnedByBoard.delete(consultation);
      throw fault;
    }
    return learned.authorship;
  }

  #learned(consultation: string): Learned {
    const fresh = () => ({ authorship: new Authorship(), seq: 0, learning: Promise.resolve() });
    const learned = this.#learnedByBoard.get(consultation) ?? fresh();
    // the one that was asked for last is the last to go
    this.#learnedByBoard.delete(consultation);
    this.#learnedByBoard.set(consultation, learned);
    const [oldest] = this.#learnedByBoard.keys();
    if (this.#learnedByBoard.size > MAX_BOARDS && oldest !== undefined)
      this.#learnedByBoard.delete(oldest);
    return learned;
  }

  async #learn(consultation: string, learned: Learned, upTo: number): Promise<void> {
    const { authorship, seq: after } = learned;
    await everyRow(this.#store, consultation, { after, upTo }, (rows) => {
      for (const row of rows) {
        authorship.learn(row);
        learned.seq = row.seq;
      }
    });
  }
}
