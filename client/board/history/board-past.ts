import * as Y from 'yjs';
import { Authorship, spansOf, type AuthoredText } from '../../../shared/board/authorship.ts';
import type { HistoryRow } from '../../../shared/board/history-page.ts';
import { cardBody, cardsOf, cardText, lanesOf, readCard } from '../../../shared/board/schema.ts';
import { followSteps, type PastStep } from './past-steps.ts';

/** So long, in milliseconds, and then the page has a turn. */
const SLICE_MS = 12;
const CHECKPOINTS = 24;
const LEAST_BETWEEN = 250;

interface Checkpoint {
  readonly seq: number;
  readonly state: Uint8Array;
}

/** A card that is there no more. */
export interface RemovedCard {
  readonly id: string;
  /** Where it was last there. */
  readonly seq: number;
  readonly author: string;
  readonly text: string;
  readonly by: string;
  readonly at: number;
}

/**
 * A board's past, replayed on this device from the server's rows.
 *
 * 1. `rows` are whole from 1 on; each is learned once, in order: who wrote what, and what was done.
 * 2. Where the board was is a document that goes forward row by row. Backward goes by a checkpoint before the place.
 */
export class BoardPast {
  readonly rows: HistoryRow[] = [];
  readonly steps: PastStep[] = [];
  readonly tabledAt = new Map<string, number>();
  readonly removed = new Map<string, RemovedCard>();
  readonly #authorship = new Authorship();
  readonly #newest = boardDocument();
  readonly #note = followSteps(this.#newest, this.steps);
  readonly #heads = new Map<string, { author: string; text: string }>();
  readonly #checkpoints: Checkpoint[] = [];
  #doc = boardDocument();
  #seq = 0;
  #seeking = 0;
  readonly #sliceMs: number;

  constructor(sliceMs = SLICE_MS) {
    this.#sliceMs = sliceMs;
  }

  get head(): number {
    return this.rows.length;
  }

  /** Where the board is shown now. */
  get doc(): Y.Doc {
    return this.#doc;
  }

  get seq(): number {
    return this.#seq;
  }

  /** Takes rows that follow on what is here; `head` is how far the board goes. */
  async learn(rows: readonly HistoryRow[], head: number): Promise<void> {
    const every = Math.max(LEAST_BETWEEN, Math.ceil(head / CHECKPOINTS));
    await inSlices(this.#sliceMs, rows, (row) => {
      if (row.seq !== this.head + 1) return;
      this.rows.push(row);
      this.#authorship.learn(row);
      this.#follow(row);
      const last = this.#checkpoints[this.#checkpoints.length - 1]?.seq ?? 0;
      if (row.seq - last >= every)
        this.#checkpoints.push({ seq: row.seq, state: Y.encodeStateAsUpdate(this.#newest) });
    });
  }

  #follow(row: HistoryRow): void {
    const { kind, card, bytes, seq, person, at } = row;
    if (kind === 'tabled' && card !== null) this.tabledAt.set(card, seq);
    if (bytes) Y.applyUpdate(this.#newest, bytes);
    for (const id of this.#note(row)) {
      const head = readCard(this.#newest, id);
      const known = this.#heads.get(id);
      if (head) {
        const author = head.onBehalfOf ?? head.author;
        this.#heads.set(id, { author, text: cardText(this.#newest, id) });
        this.removed.delete(id);
      } else if (known) {
        this.#heads.delete(id);
        this.removed.set(id, { id, seq: seq - 1, by: person, at, ...known });
      }
    }
  }

  /**
   * Brings the board to a number. `onDoc` hears of a document that takes the other's place, when it is there. False:
   * another seek came meanwhile.
   */
  async seek(seq: number, onDoc: (doc: Y.Doc) => void): Promise<boolean> {
    const ticket = (this.#seeking += 1);
    const meant = () => ticket === this.#seeking;
    const start = this.#nearest(seq);
    const doc = start ? boardDocument(start.state) : this.#doc;
    const from = start ? start.seq : this.#seq;
    const rows = this.rows.slice(from, seq);
    const stayed = await inSlices(
      this.#sliceMs,
      rows,
      ({ bytes, seq: at }) => {
        if (bytes) Y.applyUpdate(doc, bytes);
        if (!start) this.#seq = at;
      },
      meant,
    );
    if (!stayed) {
      if (start) doc.destroy();
      return false;
    }
    if (start) {
      this.#doc.destroy();
      this.#doc = doc;
      this.#seq = Math.max(from, seq);
      onDoc(doc);
    }
    return true;
  }

  /** The checkpoint to start from; none where going on from here is shorter. */
  #nearest(seq: number): Checkpoint | undefined {
    const before = this.#checkpoints.filter((each) => each.seq <= seq);
    const last = before[before.length - 1];
    if (seq >= this.#seq && (last?.seq ?? 0) <= this.#seq) return undefined;
    return last ?? { seq: 0, state: Y.encodeStateAsUpdate(boardDocument()) };
  }

  /** Of the board as it is shown. */
  authorsOf(card: string): AuthoredText[] {
    const body = cardBody(this.#doc, card);
    return body ? this.#authorship.authorsOf(spansOf(body)) : [];
  }

  textAt(card: string): string | undefined {
    return cardBody(this.#doc, card) ? cardText(this.#doc, card) : undefined;
  }

  textNow(card: string): string | undefined {
    return cardBody(this.#newest, card) ? cardText(this.#newest, card) : undefined;
  }

  stepsOf(card: string): PastStep[] {
    return this.steps.filter((step) => step.card === card);
  }

  destroy(): void {
    this.#seeking += 1;
    this.#doc.destroy();
    this.#newest.destroy();
  }
}

function boardDocument(state?: Uint8Array): Y.Doc {
  const doc = new Y.Doc();
  cardsOf(doc);
  lanesOf(doc);
  if (state) Y.applyUpdate(doc, state);
  return doc;
}

/** False: it was broken off. */
async function inSlices<T>(
  sliceMs: number,
  items: readonly T[],
  work: (item: T) => void,
  goOn: () => boolean = () => true,
): Promise<boolean> {
  let begun = performance.now();
  for (const item of items) {
    work(item);
    if (performance.now() - begun < sliceMs) continue;
    await new Promise((resolve) => setTimeout(resolve));
    if (!goOn()) return false;
    begun = performance.now();
  }
  return true;
}
