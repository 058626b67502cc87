import type { AuthoredText } from '../../../shared/board/authorship.ts';
import type { Names } from '../../../shared/board/history-page.ts';
import type { RestoredCard } from '../../../shared/wire/board-past.ts';
import { post } from '../../ui/api.ts';
import { BoardMirror } from '../mirror.ts';
import type { CardView, LaneView } from '../views.svelte.ts';
import { BoardPast, type RemovedCard } from './board-past.ts';
import { fetchPage, pathOf } from './past-rows.ts';
import type { PastStep } from './past-steps.ts';

/** Steps a second. */
export const speeds = [1, 2, 5, 20] as const;

/** What is drawn of a board's past: where it is, what was done there, and what it looked like. */
export class PastView {
  readonly consultation: string;
  readonly #past = new BoardPast();
  readonly #mirror = new BoardMirror();
  #unfollow = this.#mirror.follow(this.#past.doc);
  #timer: ReturnType<typeof setInterval> | undefined;
  #closed = false;

  loading = $state(true);
  /** Rows that are here, and rows that there are. */
  progress = $state.raw({ here: 0, all: 0 });
  problem = $state('');
  /** Of people who may no longer be on the roster. */
  names = $state.raw<Names>({});
  /** All of the board's, or one card's. */
  steps = $state.raw<readonly PastStep[]>([]);
  removed = $state.raw<readonly RemovedCard[]>([]);
  /** Index into `steps` of the last that is shown; -1 before the first. */
  at = $state(-1);
  playing = $state(false);
  speed = $state<number>(1);
  /** The card that is looked at; none: the whole board. */
  card = $state.raw<string>();
  /** Grows when the board that is shown has become another one. */
  moment = $state(0);

  constructor(consultation: string) {
    this.consultation = consultation;
  }

  get lanes(): readonly LaneView[] {
    return this.#mirror.lanes;
  }

  get cards(): ReadonlyMap<string, CardView> {
    return this.#mirror.cards;
  }

  get step(): PastStep | undefined {
    return this.steps[this.at];
  }

  /** Reads what is not here yet, and shows the board as it is now or, of a card, its last step. */
  async load(): Promise<void> {
    this.loading = true;
    this.problem = '';
    for (;;) {
      const page = await fetchPage(this.consultation, this.#past.head);
      if (this.#closed) return;
      if ('problem' in page) {
        this.problem = page.problem;
        break;
      }
      await this.#past.learn(page.rows, page.head);
      this.names = { ...this.names, ...page.names };
      this.progress = { here: this.#past.head, all: page.head };
      if (page.rows.length === 0 || this.#past.head >= page.head) break;
    }
    this.loading = false;
    this.removed = [...this.#past.removed.values()].sort((a, b) => b.at - a.at);
    await this.look(this.card);
  }

  /** The whole board, or one card; at the last that was done to it, or at a number of the board's. */
  async look(card: string | undefined, seq = this.#past.head): Promise<void> {
    this.pause();
    this.card = card;
    this.steps = card === undefined ? [...this.#past.steps] : this.#past.stepsOf(card);
    let at = this.steps.length - 1;
    while (at > 0 && (this.steps[at]?.seq ?? 0) > seq) at -= 1;
    await this.go(at);
  }

  async go(at: number): Promise<void> {
    this.at = Math.min(Math.max(at, 0), this.steps.length - 1);
    const { step } = this;
    if (!step) return;
    // a card that was removed is shown as it last was
    const seq = this.card !== undefined && step.kind === 'removed' ? step.seq - 1 : step.seq;
    const there = await this.#past.seek(seq, (doc) => {
      this.#unfollow();
      this.#unfollow = this.#mirror.follow(doc);
      this.#mirror.drawAll();
    });
    if (there && !this.#closed) this.moment += 1;
  }

  play(): void {
    if (this.at >= this.steps.length - 1) this.at = -1;
    this.playing = true;
    this.setSpeed(this.speed);
  }

  setSpeed(speed: number): void {
    this.speed = speed;
    clearInterval(this.#timer);
    if (this.playing) this.#timer = setInterval(() => this.#tick(), 1_000 / speed);
  }

  #tick(): void {
    if (this.at >= this.steps.length - 1) return this.pause();
    void this.go(this.at + 1);
  }

  pause(): void {
    this.playing = false;
    clearInterval(this.#timer);
  }

  /** Where the board is shown: these are asked anew when `moment` grows, or a card's own view changes. */
  authorsOf(card: string): AuthoredText[] {
    return this.#past.authorsOf(card);
  }

  textAt(card: string): string | undefined {
    return this.#past.textAt(card);
  }

  textNow(card: string): string | undefined {
    return this.#past.textNow(card);
  }

  isTabled(card: string): boolean {
    return this.#past.tabledAt.has(card);
  }

  isTabledAt(card: string): boolean {
    return (this.#past.tabledAt.get(card) ?? Infinity) <= this.#past.seq;
  }

  /** What went wrong, in the reader's words; nothing: it is done, and shown. */
  async restore(card: string, seq: number): Promise<string | undefined> {
    const answer = await post<RestoredCard>(`${pathOf(this.consultation)}/restore`, { card, seq });
    if ('refused' in answer) return answer.refused.message;
    await this.load();
    return undefined;
  }

  close(): void {
    this.#closed = true;
    this.pause();
    this.#unfollow();
    this.#past.destroy();
  }
}
