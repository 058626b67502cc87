import type { ConsultationState } from '../../shared/consultation/index.ts';
import type { Submission } from '../../shared/consultation/submissions.ts';

/** Submissions that wait for review, oldest first: whoever wrote first is read first. */
export const waitingSubmissions = ({
  submissions,
}: Pick<ConsultationState, 'submissions'>): Submission[] =>
  Object.values(submissions)
    .filter(({ status, text }) => status === 'received' && text !== undefined)
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));

/** So long after another text has come under the keys unasked, they do nothing: nobody accepts what they haven't read. */
const READ_MS = 700;

/**
 * Which submission the keys act on. It holds on to one submission by its id, so that what the other moderator decides,
 * or what arrives meanwhile, never puts another text under A or D.
 */
export class ReviewTray {
  #chosen = $state<string>();
  /** The submission for which a reason is being chosen. */
  declining = $state<string>();
  /** Is what is similar to the chosen one unfolded? */
  showsSimilar = $state(false);
  /** Grows when the keys moved on, so that what they are on is brought into sight; nothing else scrolls the desk. */
  steps = $state(0);
  readonly #list: () => readonly Submission[];
  readonly #now: () => number;
  /** Where the chosen one stood, to go on from there once it is decided. */
  #place = 0;
  #shown: string | undefined;
  #decided: string | undefined;
  #surprisedAt = -READ_MS;

  constructor(list: () => readonly Submission[], now: () => number = () => performance.now()) {
    this.#list = list;
    this.#now = now;
  }

  get current(): Submission | undefined {
    const list = this.#list();
    const found = list.find(({ id }) => id === this.#chosen);
    return found ?? list[Math.min(this.#place, list.length - 1)];
  }

  /** Has another text come under the keys just now, although this desk decided nothing? */
  get surprised(): boolean {
    return this.#now() - this.#surprisedAt < READ_MS;
  }

  /** To be called whenever what is shown may have changed. */
  noticed(): void {
    const id = this.current?.id;
    if (id === this.#shown) return;
    if (this.#shown !== undefined && this.#shown !== this.#decided) this.#surprisedAt = this.#now();
    this.choose(id);
  }

  choose(id: string | undefined): void {
    const place = this.#list().findIndex((submission) => submission.id === id);
    if (place >= 0) this.#place = place;
    this.#chosen = id;
    this.#shown = id;
    if (this.declining !== id) this.declining = undefined;
  }

  step(by: number): void {
    const list = this.#list();
    const at = list.findIndex(({ id }) => id === this.current?.id);
    const next = list[Math.min(list.length - 1, Math.max(0, at + by))];
    if (!next) return;
    this.choose(next.id);
    this.steps += 1;
  }

  beginDecline(): void {
    this.choose(this.current?.id);
    this.declining = this.current?.id;
  }

  /** The chosen one is being decided here: the next in line is expected under the keys. */
  decided(): void {
    this.#decided = this.current?.id;
    this.declining = undefined;
  }
}
