/* eslint-disable svelte/prefer-svelte-reactivity -- what is drawn is in the views; these maps are bookkeeping */
import { untrack } from 'svelte';
import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import type { BoardPresence, BoardUser } from '../../shared/board/presence.ts';
import {
  addCard,
  cardBody,
  cardsOf,
  cardText,
  moveCard,
  removeCard,
} from '../../shared/board/schema.ts';
import { lookedHash, mergeCard, splitCard, type MergedCard } from '../../shared/board/merging.ts';
import { groupOf } from '../../shared/consultation/groups.ts';
import type { CardPicture } from '../../shared/pictures.ts';
import type { CommandAnswer } from '../../shared/wire/down.ts';
import type { RecordStore } from '../record/record-store.svelte.ts';
import { randomId } from '../record/random-id.ts';
import { Arrivals } from './arrivals.svelte.ts';
import { BoardSession } from './board-session.ts';
import { deviceStorage, sessionStore } from './device-storage.ts';
import type { KeptDraft } from './kept-drafts.ts';
import { orderLanes } from './lane-order.ts';
import { BoardMirror } from './mirror.ts';
import type { CardView, LaneView } from './views.svelte.ts';

export interface BoardStatus {
  readonly kind: 'saved' | 'saving' | 'offline';
  /** Own edits that are not on the server yet. */
  readonly waiting: number;
}

/** What the board needs of the record. */
export type BoardRecord = Pick<
  RecordStore,
  'state' | 'me' | 'counts' | 'connection' | 'can' | 'send' | 'now'
>;

/** Neighbours in the lane; absent: the lane's end on that side. */
export interface Place {
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

/** What an editor is tied to. */
export interface EditorBinding {
  readonly text: Y.Text;
  readonly awareness: Awareness;
  readonly hold: NonNullable<BoardSession['socket']>['hold'] | undefined;
}

/** A removal can be taken back for as long as its toast is shown; only then does it leave this device. */
export const REMOVAL_DELAY_MS = 9_500;
const SAVED_LIMIT_MS = 10_000;

/** Own moves, merges and splits, which `undo` takes back. */
const ownMove = Symbol('own move');
/** Own cards made or removed; a removal has its own way back, and nobody's words go by an undo. */
const ownCards = Symbol('own cards');

export class BoardStore {
  readonly consultation: string;
  status = $state.raw<BoardStatus>({ kind: 'saving', waiting: 0 });
  /** There is something to show: from the server, or from this device. */
  ready = $state(false);
  /** The server will not have this browser on the board: 4401, 4403, 4404, 4429. */
  closedCode = $state<number>();
  /** The card whose editor is open. */
  editing = $state.raw<string>();
  /** Grows when a fresh document took the place of the one that editors are tied to. */
  generation = $state(0);
  keptDrafts = $state.raw<readonly KeptDraft[]>([]);
  canUndo = $state(false);
  readonly arrivals: Arrivals;
  readonly #record: BoardRecord;
  readonly #mirror = new BoardMirror();
  readonly #group = $derived.by(() => {
    const { me, state } = this.#record;
    return me && groupOf(state.groups, me.person)?.id;
  });
  readonly #lanes = $derived(orderLanes(this.#mirror.lanes, this.#group));
  #session: BoardSession | undefined;
  #undo: Y.UndoManager | undefined;
  #unfollow: () => void = () => undefined;
  readonly #removals = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #waiters = new Set<() => void>();
  readonly #stopEffects: () => void;

  constructor(
    consultation: string,
    record: BoardRecord,
    options: { url?: string; WebSocket?: typeof WebSocket } = {},
  ) {
    this.consultation = consultation;
    this.#record = record;
    this.arrivals = new Arrivals(this, () => record.me?.person);
    this.#stopEffects = $effect.root(() => {
      $effect(() => {
        const person = record.me?.person;
        if (person !== undefined && !this.#session) untrack(() => this.#start(person, options));
      });
      $effect(() => {
        const { state, counts } = record;
        untrack(() => {
          this.#mirror.lay(state);
          this.#mirror.count(counts);
        });
      });
    });
    addEventListener('pagehide', this.#removeNow);
  }

  /** In the order in which this person is shown them. */
  get lanes(): readonly LaneView[] {
    return this.#lanes;
  }

  /** The lane of the group that this person is in, while they are apart. */
  get groupLane(): LaneView | undefined {
    const group = this.#group;
    return group === undefined ? undefined : this.lanes.find((lane) => lane.group === group);
  }

  get cards(): ReadonlyMap<string, CardView> {
    return this.#mirror.cards;
  }

  /** May this person write on the board, now? */
  get writable(): boolean {
    const { phase } = this.#record.state.lifecycle;
    return this.closedCode === undefined && phase !== 'archived' && this.#record.can('card.create');
  }

  #start(
    person: string,
    { url = boardUrl(), WebSocket }: { url?: string; WebSocket?: typeof globalThis.WebSocket },
  ): void {
    this.#session = new BoardSession({
      url,
      consultation: this.consultation,
      person,
      storage: deviceStorage(),
      session: sessionStore(),
      ...(WebSocket ? { WebSocket } : {}),
      onDocument: (doc, awareness) => this.#follow(doc, awareness),
      onChange: () => this.#changed(),
    });
    this.#changed();
  }

  #follow(doc: Y.Doc, awareness: Awareness): void {
    this.#unfollow();
    this.editing = undefined;
    this.#mirror.hold(undefined);
    this.generation += 1;
    const undo = new Y.UndoManager([cardsOf(doc)], {
      trackedOrigins: new Set([ownMove]),
      captureTimeout: 0,
    });
    this.#undo = undo;
    const moved = () => {
      this.canUndo = undo.canUndo();
    };
    for (const event of ['stack-item-added', 'stack-item-popped', 'stack-cleared'] as const)
      undo.on(event, moved);
    const unmirror = this.#mirror.follow(doc);
    const others = () =>
      this.#mirror.showWriters(writersByCard(awareness, this.#record.me?.person));
    awareness.on('change', others);
    this.#unfollow = () => {
      undo.destroy();
      unmirror();
      awareness.off('change', others);
    };
  }

  #changed(): void {
    const session = this.#session;
    if (!session) return;
    const { socket, unsaved } = session;
    const waiting = unsaved.count;
    const kind = socket?.lost ? 'offline' : waiting > 0 || !socket?.synced ? 'saving' : 'saved';
    if (this.status.kind !== kind || this.status.waiting !== waiting)
      this.status = { kind, waiting };
    if (socket?.synced || this.lanes.length > 0) this.ready = true;
    this.closedCode = session.closedCode;
    this.keptDrafts = session.drafts.list();
    if (kind === 'saved') for (const resolve of this.#waiters) resolve();
  }

  /** `true` once everything written is on the server's disk; `false` when that takes longer than it may. */
  saved(limitMs = SAVED_LIMIT_MS): Promise<boolean> {
    if (this.status.kind === 'saved') return Promise.resolve(true);
    return new Promise((resolve) => {
      const done = (saved: boolean) => {
        clearTimeout(timer);
        this.#waiters.delete(safe);
        resolve(saved);
      };
      const safe = () => done(true);
      const timer = setTimeout(() => done(false), limitMs);
      this.#waiters.add(safe);
    });
  }

  /** The lane where this person's own cards go: their group's or their site's, else the first common one. */
  ownLane(): string | undefined {
    const { me, state } = this.#record;
    const site = me && state.roster[me.person]?.site;
    const own = this.lanes.find(
      (lane) => lane.kind === 'site' && lane.site !== undefined && lane.site === site,
    );
    return (
      this.groupLane ??
      own ??
      this.lanes.find(({ kind }) => kind === 'common') ??
      this.lanes.find(({ kind }) => kind !== 'public' && kind !== 'group')
    )?.id;
  }

  /** Makes a card at the lane's end and returns its id. */
  addCard(lane = this.ownLane(), text = ''): string | undefined {
    const { me } = this.#record;
    const doc = this.#session?.doc;
    if (!doc || !me || lane === undefined || !this.writable) return undefined;
    const id = randomId();
    doc.transact(
      () => addCard(doc, { id, lane, author: me.person, text, createdAt: this.#record.now() }),
      ownCards,
    );
    return id;
  }

  /** 写意见: a new card with its editor open. */
  write(lane?: string): string | undefined {
    const id = this.addCard(lane);
    if (id !== undefined) this.edit(id);
    return id;
  }

  edit(id: string): void {
    const view = this.cards.get(id);
    if (!view || !this.mayEdit(view)) return;
    this.finishEditing();
    this.editing = id;
    this.#mirror.hold(id);
    this.#session?.awareness.setLocalStateField('card', id);
  }

  finishEditing(): void {
    const id = this.editing;
    if (id === undefined) return;
    this.editing = undefined;
    this.#mirror.hold(undefined);
    this.#session?.awareness.setLocalState({});
    const view = this.cards.get(id);
    // a card opened by mistake leaves nothing behind
    const mine = view?.head?.author === this.#record.me?.person;
    const blank = view?.draft.trim() === '' && view.pictures.length === 0 && view.arriving === 0;
    if (view && mine && blank && view.writers.length === 0) this.#remove(id);
  }

  binding(id: string): EditorBinding | undefined {
    const session = this.#session;
    const text = session && cardBody(session.doc, id);
    return text && { text, awareness: session.awareness, hold: session.socket?.hold };
  }

  mayEdit(view: CardView): boolean {
    return this.writable && view.head !== undefined && this.#record.can('card.edit', view.subject);
  }

  mayMove(view: CardView): boolean {
    return this.writable && view.head !== undefined && this.#record.can('card.move', view.subject);
  }

  mayRemove(view: CardView): boolean {
    return (
      this.writable && view.head !== undefined && this.#record.can('card.delete', view.subject)
    );
  }

  mayTable(view: CardView): boolean {
    if (!view.head || view.tabled || this.#record.state.lifecycle.phase !== 'open') return false;
    const { owners } = view.subject;
    return this.writable && this.#record.can('opinion.table', { owners });
  }

  mayAddPictures(view: CardView): boolean {
    return (
      this.writable && view.head !== undefined && this.#record.can('picture.add', view.subject)
    );
  }

  mayRemovePicture(view: CardView, { by }: CardPicture): boolean {
    if (!this.writable || !view.head) return false;
    const { owners, tabled } = view.subject;
    const subject = { tabled, owners: by === undefined ? owners : [...owners, by] };
    return this.#record.can('picture.remove', subject);
  }

  move(id: string, lane: string, { before, after }: Place): void {
    const doc = this.#session?.doc;
    const view = this.cards.get(id);
    if (!doc || !view || !this.mayMove(view)) return;
    const order = (neighbour: string | undefined) =>
      neighbour === undefined ? undefined : this.cards.get(neighbour)?.head?.order;
    doc.transact(() => moveCard(doc, id, lane, order(before), order(after)), ownMove);
  }

  /** May this draft go into another, or be taken out? */
  mayMerge(view: CardView): boolean {
    return this.writable && view.head !== undefined && this.#record.can('card.merge', view.subject);
  }

  /** 并案 of drafts. */
  merge(id: string, into: string): void {
    const doc = this.#session?.doc;
    const view = this.cards.get(id);
    if (doc && view && this.mayMerge(view)) doc.transact(() => mergeCard(doc, id, into), ownMove);
  }

  /** 拆出. */
  split(id: string): void {
    const doc = this.#session?.doc;
    const view = this.cards.get(id);
    if (!doc || !view || !this.mayMerge(view)) return;
    const root = this.rootOf(id);
    doc.transact(() => {
      splitCard(doc, id);
      // in a circle the root points back, and would come along
      if (root !== undefined) splitCard(doc, root);
    }, ownMove);
  }

  /** The card in which it is drawn, unless it stands for itself. */
  rootOf(id: string): string | undefined {
    return this.#mirror.rootOf(id);
  }

  /** What of a card there is to look at before tabling, besides its own text. */
  mergedTexts({ merged }: CardView): Pick<MergedCard, 'card' | 'text'>[] {
    return merged.map((card) => ({ card, text: this.cards.get(card)?.draft ?? '' }));
  }

  undo(): void {
    this.#undo?.undo();
  }

  /** Takes the card out of sight at once, and off the board unless `restore` comes first. */
  remove(id: string): void {
    const view = this.cards.get(id);
    if (!view || !this.mayRemove(view)) return;
    if (this.editing === id) this.finishEditing();
    this.#mirror.hide(id, true);
    this.#removals.set(
      id,
      setTimeout(() => this.#remove(id), REMOVAL_DELAY_MS),
    );
  }

  restore(id: string): void {
    clearTimeout(this.#removals.get(id));
    this.#removals.delete(id);
    this.#mirror.hide(id, false);
  }

  #remove(id: string): void {
    clearTimeout(this.#removals.get(id));
    this.#removals.delete(id);
    this.#mirror.hide(id, false);
    const doc = this.#session?.doc;
    const view = this.cards.get(id);
    // tabled by someone meanwhile: it stays
    if (doc && view && this.mayRemove(view)) doc.transact(() => removeCard(doc, id), ownCards);
  }

  readonly #removeNow = (): void => {
    for (const id of [...this.#removals.keys()]) this.#remove(id);
  };

  /** Tables exactly the texts that were looked at; `unsaved` when the server does not have them yet. */
  async table(
    id: string,
    text: string,
    merged: readonly Pick<MergedCard, 'card' | 'text'>[] = [],
  ): Promise<CommandAnswer | 'unsaved'> {
    // a removal that may still be taken back would be the root of what is tabled here
    const into = this.cards.get(id)?.head?.into;
    if (into !== undefined && this.#removals.has(into)) this.#remove(into);
    if (!(await this.saved())) return 'unsaved';
    return this.#record.send('opinion.table', { card: id, textHash: lookedHash(text, merged) });
  }

  /** The draft's text as the server hashes it. */
  draftText(id: string): string {
    return this.#session ? cardText(this.#session.doc, id) : '';
  }

  /** Adds words that the server had not taken as a new card. */
  addKept(draft: KeptDraft): string | undefined {
    const lane = this.lanes.some(({ id }) => id === draft.lane) ? draft.lane : this.ownLane();
    const id = this.addCard(lane, draft.text);
    if (id !== undefined) this.dropKept(draft.id);
    return id;
  }

  dropKept(id: string): void {
    this.#session?.drafts.remove(id);
    this.keptDrafts = this.#session?.drafts.list() ?? [];
  }

  close(): void {
    removeEventListener('pagehide', this.#removeNow);
    this.#removeNow();
    this.#stopEffects();
    this.#unfollow();
    this.arrivals.close();
    this.#session?.close();
  }
}

export const openBoard = (consultation: string, record: BoardRecord): BoardStore =>
  new BoardStore(consultation, record);

const boardUrl = (): string =>
  `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/board`;

function writersByCard(awareness: Awareness, self: string | undefined): Map<string, BoardUser[]> {
  const writers = new Map<string, BoardUser[]>();
  for (const state of awareness.getStates().values()) {
    const { user, card } = state as Partial<BoardPresence>;
    if (!user || card === undefined || user.id === self) continue;
    const known = writers.get(card) ?? [];
    if (!known.some(({ id }) => id === user.id)) writers.set(card, [...known, user]);
  }
  return writers;
}
