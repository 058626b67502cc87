import type { Opinion } from '../../shared/consultation/opinions.ts';
import type { Submission } from '../../shared/consultation/submissions.ts';
import { SIMILAR } from './likeness.ts';
import { SimilarIndex, type Vocabulary } from './similar-index.ts';
import { termsOf, type Terms } from './words.ts';
import { breather } from './breath.ts';
import type { DraftCard, LiveConsultation } from './parts.ts';

/** Something said in a consultation, tabled or not. */
export type Said =
  | {
      readonly source: 'draft';
      readonly id: string;
      readonly text: string;
      readonly draft: DraftCard;
    }
  | {
      readonly source: 'opinion';
      readonly id: string;
      readonly text: string;
      readonly opinion: Opinion;
    }
  | {
      readonly source: 'submission';
      readonly id: string;
      readonly text: string;
      readonly submission: Submission;
    };

export interface FoundSaid {
  readonly said: Said;
  readonly score: number;
}

const MOST_FOUND = 10;

/** What is being said in one consultation, by what it is about. Who may see which of it is for the asker to say. */
export class RoomPool {
  readonly #index: SimilarIndex<string>;
  readonly #saidByKey = new Map<string, Said>();
  #turn: Promise<void> = Promise.resolve();

  constructor(vocabulary: Vocabulary) {
    this.#index = new SimilarIndex(vocabulary);
  }

  /** Takes in what is new, one after another. `drafts` absent: the board was not looked at, what is known of it stays. */
  follow(live: LiveConsultation, drafts: readonly DraftCard[] | undefined): Promise<void> {
    const turn = this.#turn.then(() => this.#take(live, drafts));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  find(terms: Terms, accepts: (said: Said) => boolean): FoundSaid[] {
    const asked = (key: string) => {
      const said = this.#saidByKey.get(key);
      return said !== undefined && accepts(said);
    };
    return this.#index.find(terms, MOST_FOUND, SIMILAR, asked).flatMap(({ key, score }) => {
      const said = this.#saidByKey.get(key);
      return said ? [{ said, score }] : [];
    });
  }

  async #take(live: LiveConsultation, drafts: readonly DraftCard[] | undefined): Promise<void> {
    const breath = breather();
    const present = new Set<string>();
    for (const said of allSaid(live, drafts)) {
      const key = `${said.source}/${said.id}`;
      present.add(key);
      const known = this.#saidByKey.get(key);
      this.#saidByKey.set(key, said);
      if (known?.text === said.text) continue;
      this.#index.put(key, termsOf(said.text));
      await breath();
    }
    for (const [key, { source }] of this.#saidByKey) {
      if (present.has(key) || (source === 'draft' && drafts === undefined)) continue;
      this.#saidByKey.delete(key);
      this.#index.remove(key);
    }
  }

  /** What it taught the vocabulary is forgotten with it. */
  close(): void {
    this.#saidByKey.clear();
    this.#index.clear();
  }
}

function* allSaid(
  { state }: LiveConsultation,
  drafts: readonly DraftCard[] | undefined,
): Iterable<Said> {
  for (const opinion of Object.values(state.opinions)) {
    if (opinion.withdrawn || opinion.text === '') continue;
    yield { source: 'opinion', id: opinion.id, text: opinion.text, opinion };
  }
  for (const submission of Object.values(state.submissions)) {
    const { id, text, status } = submission;
    if (status === 'received' && text !== undefined)
      yield { source: 'submission', id, text, submission };
  }
  for (const draft of drafts ?? []) {
    const { card: id, text } = draft;
    if (text.trim() !== '') yield { source: 'draft', id, text, draft };
  }
}
