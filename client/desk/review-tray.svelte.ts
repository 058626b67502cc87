import type { ConsultationState } from '../../shared/consultation/index.ts';
import type { Submission } from '../../shared/consultation/submissions.ts';

/** Submissions that wait for review, oldest first: whoever wrote first is read first. */
export const waitingSubmissions = ({
  submissions,
}: Pick<ConsultationState, 'submissions'>): Submission[] =>
  Object.values(submissions)
    .filter(({ status, text }) => status === 'received' && text !== undefined)
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));

/**
 * Which submission the keys act on. It holds on to one submission by its id, so that what the other moderator decides,
 * or what arrives meanwhile, never puts another text under A or D.
 */
export class ReviewTray {
  #chosen = $state<string>();
  /** The submission for which a reason is being chosen. */
  declining = $state<string>();
  readonly #list: () => readonly Submission[];
  /** Where the chosen one stood, to go on from there once it is decided. */
  #place = 0;

  constructor(list: () => readonly Submission[]) {
    this.#list = list;
  }

  get current(): Submission | undefined {
    const list = this.#list();
    const found = list.find(({ id }) => id === this.#chosen);
    return found ?? list[Math.min(this.#place, list.length - 1)];
  }

  choose(id: string): void {
    this.#place = Math.max(
      0,
      this.#list().findIndex((submission) => submission.id === id),
    );
    this.#chosen = id;
    if (this.declining !== id) this.declining = undefined;
  }

  step(by: number): void {
    const list = this.#list();
    const at = list.findIndex(({ id }) => id === this.current?.id);
    const next = list[Math.min(list.length - 1, Math.max(0, at + by))];
    if (next) this.choose(next.id);
  }

  /** Keeps the place, so that the next one is under the keys after this one is gone. */
  hold(): void {
    const { current } = this;
    if (current) this.choose(current.id);
  }
}
