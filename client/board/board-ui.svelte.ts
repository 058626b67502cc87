import { createContext, tick } from 'svelte';
import { merge } from '../../shared/consultation/merging.ts';
import { creditsOf } from '../../shared/consultation/merged-opinions.ts';
import { isRefused } from '../../shared/refusal.ts';
import { announce } from '../ui/announce.svelte.ts';
import { t } from '../ui/messages.svelte.ts';
import { toast } from '../ui/toast.svelte.ts';
import { AuthorsLook } from './authors-look.svelte.ts';
import { BoardFilter } from './board-filter.svelte.ts';
import type { BoardRecord, BoardStore } from './board-store.svelte.ts';
import type * as CardDrag from './card-drag.ts';
import type { Drop } from './card-drag.ts';
import { LaneFolding } from './lane-folding.svelte.ts';
import { mayHaveOrigin, originOf } from './origin.ts';
import type { CardView, LaneView } from './views.svelte.ts';

type DragModule = typeof CardDrag;
const none: readonly string[] = [];
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
  /** The card that has been given the focus. */
  sought = $state.raw<string>();
  drag = $state.raw<DragModule>();
  /** The card for which one to merge it into is being chosen. */
  merging = $state.raw<string>();
  readonly filter = new BoardFilter();
  readonly folding: LaneFolding;
  readonly authors: AuthorsLook;
  /** The past that is looked at: the board's, or one card's. */
  past = $state.raw<{ readonly card?: string }>();

  constructor(board: BoardStore, record: BoardRecord, onopen: (opinion: string) => void) {
    this.board = board;
    this.folding = new LaneFolding(() => board.groupLane);
    this.authors = new AuthorsLook(board.consultation);
    this.record = record;
    this.onopen = onopen;
  }

  laneOf(card: string): LaneView | undefined {
    return this.board.lanes.find(({ cardIds }) => cardIds.includes(card));
  }

  /** The cards of a lane that are shown; one that is being written stays, whatever is looked for. */
  shownIn(lane: LaneView): readonly string[] {
    if (!this.filter.active) return lane.cardIds;
    return lane.cardIds.filter((id) => {
      const view = this.board.cards.get(id);
      return view && (id === this.board.editing || this.isFound(view, lane));
    });
  }

  /** A card is found by its own words and authors, or by those of any that is merged into it. */
  isFound(view: CardView, lane: LaneView): boolean {
    if (!this.filter.hasLane(lane)) return false;
    return (
      this.filter.matches(view) || this.mergedIn(view).some((each) => this.filter.matches(each))
    );
  }

  mergedIn = ({ merged }: CardView): CardView[] =>
    merged.flatMap((id) => this.board.cards.get(id) ?? []);

  /** The lanes that are shown. A lane that is gone is looked for by nobody. */
  get lanes(): readonly LaneView[] {
    const { lanes } = this.board;
    const found = lanes.filter((lane) => this.filter.hasLane(lane));
    return found.length > 0 ? found : lanes;
  }

  /** To whom a card is credited: by the record once it is tabled, with all that is merged into it. */
  peopleOf(view: CardView, own = false): { id: string; name: string }[] {
    const { opinion, part } = view;
    const { opinions } = this.record.state;
    if (!opinion && !part) return [{ id: view.author, name: this.nameOf(view.author) }];
    const credits = opinion && !own ? creditsOf(opinions, opinion) : (opinion ?? part)?.authors;
    return (credits ?? []).map(({ person, name }) => ({ id: person || name, name }));
  }

  /** May this card be merged into any other at all? */
  mayMerge(view: CardView): boolean {
    if (!this.#isMain(view)) return false;
    if (!view.opinion) return this.board.mayMerge(view);
    const open = view.stage === 'tabled' || view.stage === 'assigned';
    return open && this.record.can('opinion.merge');
  }

  /** May it be merged into that one? Drafts into drafts, on the board; opinions into opinions, in the record. */
  canMerge(view: CardView, into: CardView): boolean {
    const { opinion } = view;
    if (view === into || !this.#isMain(view) || !this.#isMain(into)) return false;
    if (!opinion || !into.opinion) return !opinion && !into.opinion && this.board.mayMerge(view);
    return (
      this.record.can('opinion.merge') &&
      !isRefused(merge(this.record.state, opinion, into.opinion.id))
    );
  }

  mergeTargets(view: CardView): CardView[] {
    return this.board.lanes
      .flatMap(({ cardIds }) => cardIds)
      .flatMap((id) => this.board.cards.get(id) ?? [])
      .filter((each) => this.canMerge(view, each));
  }

  #isMain = ({ id }: CardView): boolean => this.board.rootOf(id) === undefined;

  /** 并案, by whatever means it was asked for. */
  merge(card: string, into: string): void {
    const [view, target] = [this.board.cards.get(card), this.board.cards.get(into)];
    if (!view || !target || !this.canMerge(view, target)) return;
    if (view.opinion && target.opinion) {
      const data = { opinion: view.opinion.id, into: target.opinion.id };
      void this.#tell(this.record.send('opinion.merge', data));
    } else this.board.merge(card, into);
    const said = t.board.merged(this.nameFor(target));
    toast.show(said, { action: { label: t.board.undo, run: () => this.split(card) } });
    void tick().then(() => this.focus(into));
  }

  maySplit(view: CardView): boolean {
    if (view.part) return false;
    return view.opinion ? this.record.can('opinion.split') : this.board.mayMerge(view);
  }

  /** 拆出. */
  split(card: string): void {
    const view = this.board.cards.get(card);
    if (!view || !this.maySplit(view)) return;
    if (view.opinion)
      void this.#tell(this.record.send('opinion.split', { opinion: view.opinion.id }));
    else this.board.split(card);
    announce(t.board.split(this.nameFor(view)));
    void tick().then(() => this.focus(card));
  }

  /** What was asked of the record may be refused; that another was faster is no news. */
  async #tell(answer: ReturnType<BoardRecord['send']>): Promise<void> {
    const given = await answer;
    if (!isRefused(given) || given.refused.code === 'already') return;
    toast.show(given.refused.message, { kind: 'refused' });
  }

  /** A card in a sentence: by its number, or by how it begins. */
  nameFor({ opinion, text }: CardView): string {
    return opinion ? t.board.no(opinion.no) : t.board.beginning(text.trim().slice(0, 12));
  }

  /** The groups that a card, and what is merged into it, were collected from: their names, each once. */
  originsOf(view: CardView): readonly string[] {
    const heads = [view, ...this.mergedIn(view)].flatMap(({ head }) =>
      head && mayHaveOrigin(head) ? [head] : [],
    );
    // most cards have none, and are not asked again whenever the record goes on
    if (heads.length === 0) return none;
    const { groups } = this.record.state;
    const titles = heads.flatMap((head) => originOf(head, groups)?.title ?? []);
    return titles.filter((title, index) => titles.indexOf(title) === index);
  }

  /** `known`: names of people who may no longer be on the roster. */
  nameOf(person: string, known: Readonly<Record<string, string>> = {}): string {
    if (person === 'system') return t.board.system;
    return this.record.state.roster[person]?.name ?? known[person] ?? t.board.someone;
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

  drop = ({ card, lane: id, beside, onto }: Drop): void => {
    if (onto !== undefined) return this.merge(card, onto);
    const lane = this.board.lanes.find((each) => each.id === id);
    const view = this.board.cards.get(card);
    if (!lane || !view || !this.board.mayMove(view)) return;
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
    if (this.folding.isFolded(lane)) this.folding.unfold(lane);
    this.board.move(card, lane.id, { before: others[at - 1], after: others[at] });
    announce(t.board.movedTo(this.title(lane), at + 1));
    void this.focus(card);
  }

  /** Wherever it is now: a long lane draws it for that. */
  async focus(card: string): Promise<void> {
    this.sought = card;
    await tick();
    document.getElementById(`card-${card}`)?.focus();
  }

  remove(view: CardView): void {
    this.board.remove(view.id);
    const action = { label: t.board.undo, run: () => this.board.restore(view.id) };
    toast.show(t.board.removed, { action });
  }
}

export const [getBoardUi, setBoardUi] = createContext<BoardUi>();
