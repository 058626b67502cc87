import { createContext, tick } from 'svelte';
import { announce } from '../ui/announce.svelte.ts';
import { t } from '../ui/messages.svelte.ts';
import { toast } from '../ui/toast.svelte.ts';
import { BoardFilter } from './board-filter.svelte.ts';
import type { BoardRecord, BoardStore } from './board-store.svelte.ts';
import type * as CardDrag from './card-drag.ts';
import type { Drop } from './card-drag.ts';
import type { CardView, LaneView } from './views.svelte.ts';

type DragModule = typeof CardDrag;
export type Step = 'up' | 'down' | 'left' | 'right';

/** What the parts of one board on one page share: moving by any means, what is announced, what is shown on a phone. */
export class BoardUi {
  readonly board: BoardStore;
  readonly record: BoardRecord;
  readonly onopen: (opinion: string) => void;
  /** The card whose fixed text is being looked at before tabling. */
  tabling = $state.raw<string>();
  /** The one lane that a phone shows. */
  shown = $state.raw<string>();
  drag = $state.raw<DragModule>();
  readonly filter = new BoardFilter();

  constructor(board: BoardStore, record: BoardRecord, onopen: (opinion: string) => void) {
    this.board = board;
    this.record = record;
    this.onopen = onopen;
  }

  laneOf(card: string): LaneView | undefined {
    return this.board.lanes.find(({ cardIds }) => cardIds.includes(card));
  }

  /** The cards of a lane that are shown; one that is being written stays, whatever is looked for. */
  shownIn({ cardIds }: LaneView): readonly string[] {
    if (!this.filter.active) return cardIds;
    return cardIds.filter((id) => {
      const view = this.board.cards.get(id);
      return view && (id === this.board.editing || this.filter.matches(view));
    });
  }

  nameOf(person: string): string {
    return this.record.state.roster[person]?.name ?? t.board.someone;
  }

  title = (lane: LaneView): string =>
    lane.title === '' && lane.kind === 'public' ? t.board.publicLane : lane.title;

  /** One step by key or menu: up or down within the lane, left or right to the next lane's end. */
  step(card: string, step: Step): void {
    const lane = this.laneOf(card);
    if (!lane) return;
    if (step === 'left' || step === 'right') {
      const lanes = this.board.lanes.filter(({ kind }) => kind !== 'public');
      const next = lanes[lanes.indexOf(lane) + (step === 'left' ? -1 : 1)];
      if (next) this.moveTo(card, next);
      return;
    }
    const others = this.#movable(lane).filter((id) => id !== card);
    const index = this.#movable(lane).indexOf(card) + (step === 'up' ? -1 : 1);
    if (index < 0 || index > others.length) return;
    this.#place(card, lane, others, index);
  }

  /** To the end of a lane. */
  moveTo(card: string, lane: LaneView): void {
    const others = this.#movable(lane).filter((id) => id !== card);
    this.#place(card, lane, others, others.length);
  }

  drop = ({ card, lane: id, beside }: Drop): void => {
    const lane = this.board.lanes.find((each) => each.id === id);
    if (!lane) return;
    const others = this.#movable(lane).filter((each) => each !== card);
    const at = beside
      ? others.indexOf(beside.card) + (beside.edge === 'top' ? 0 : 1)
      : others.length;
    this.#place(card, lane, others, at);
  };

  /** What came by QR code keeps its number's order, after the cards. */
  #movable = (lane: LaneView): string[] =>
    lane.cardIds.filter((id) => this.board.cards.get(id)?.head);

  #place(card: string, lane: LaneView, others: readonly string[], at: number): void {
    this.board.move(card, lane.id, { before: others[at - 1], after: others[at] });
    announce(t.board.movedTo(this.title(lane), at + 1));
    void tick().then(() => this.focus(card));
  }

  focus(card: string): void {
    document.getElementById(`card-${card}`)?.focus();
  }

  remove(view: CardView): void {
    this.board.remove(view.id);
    const action = { label: t.board.undo, run: () => this.board.restore(view.id) };
    toast.show(t.board.removed, { action });
  }
}

export const [getBoardUi, setBoardUi] = createContext<BoardUi>();
