import { pictureLimits } from '../../shared/pictures.ts';
import type { Upload, Uploads } from '../pictures/uploads.svelte.ts';
import { t } from '../ui/messages.svelte.ts';
import { toast } from '../ui/toast.svelte.ts';
import type { CardView } from './views.svelte.ts';

/** What pictures need of the board that they come to. */
export interface ArrivalsBoard {
  readonly consultation: string;
  readonly cards: ReadonlyMap<string, CardView>;
  saved(): Promise<boolean>;
}

/** Pictures that this device is bringing to cards. What does the work is loaded with the first of them. */
export class Arrivals {
  uploads = $state.raw<Uploads>();
  readonly #board: ArrivalsBoard;
  readonly #me: () => string | undefined;
  #restored = false;
  #closed = false;

  constructor(board: ArrivalsBoard, me: () => string | undefined) {
    this.#board = board;
    this.#me = me;
  }

  of(card: string): readonly Upload[] {
    return this.uploads?.of(card) ?? [];
  }

  /** Puts pictures on their way to a card, as far as there is room for them. */
  async add(view: CardView, files: readonly File[]): Promise<void> {
    const taken = files.slice(0, roomOn(view));
    // counted at once, so that a card without words is not taken for one opened by mistake
    view.arriving += taken.length;
    const uploads = await this.#open();
    if (uploads && taken.length < files.length) {
      const left = files.length - taken.length;
      toast.show(t.pictures.tooMany(pictureLimits.perCard, left), { kind: 'refused' });
    }
    await uploads?.add(view.id, taken);
  }

  /** Takes up what a reload cut off. */
  async restore(): Promise<void> {
    if (this.#restored) return;
    this.#restored = true;
    await (await this.#open())?.restore();
  }

  async #open(): Promise<Uploads | undefined> {
    const person = this.#me();
    if (this.uploads || person === undefined) return this.uploads;
    const code = await import('../pictures/uploads.svelte.ts').catch(() => undefined);
    if (!code || this.#closed) return undefined;
    const { consultation, cards } = this.#board;
    this.uploads ??= new code.Uploads({
      consultation,
      person,
      saved: () => this.#board.saved(),
      isThere: (card) => cards.has(card),
      onStray: (problem) => toast.show(problem, { kind: 'refused' }),
      onCount: (card, count) => {
        const view = cards.get(card);
        if (view) view.arriving = count;
      },
    });
    return this.uploads;
  }

  close(): void {
    this.#closed = true;
    this.uploads?.close();
  }
}

/** How many more pictures fit on a card, beside those on their way. */
export const roomOn = ({ pictures, arriving }: CardView): number =>
  Math.max(0, pictureLimits.perCard - pictures.length - arriving);

/** The pictures among what was pasted or dropped; words that come with them are what was meant. */
export function picturesIn(data: DataTransfer | null): File[] {
  if (!data || data.types.includes('text/plain')) return [];
  return Array.from(data.files).filter(({ type }) => type.startsWith('image/'));
}
