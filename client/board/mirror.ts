import type * as Y from 'yjs';
import type { BoardUser } from '../../shared/board/presence.ts';
import type { CardPicture } from '../../shared/pictures.ts';
import {
  byOrder,
  cardPictures,
  cardsOf,
  cardText,
  lanesOf,
  readCard,
  readLanes,
  type CardHead,
} from '../../shared/board/schema.ts';
import type { ConsultationState } from '../../shared/consultation/index.ts';
import { mainOf } from '../../shared/consultation/merged-opinions.ts';
import {
  isAssigned,
  tallyOf,
  type Opinion,
  type Tally,
} from '../../shared/consultation/opinions.ts';
import { stack } from './stacks.ts';
import {
  CardView,
  LaneList,
  LaneView,
  sameList,
  type CardStage,
  type Part,
} from './views.svelte.ts';

/** The lane of what came by QR code, where the board has none of that kind itself. */
export const PUBLIC_LANE = 'public';

type RecordSide = Pick<ConsultationState, 'opinions' | 'responses'>;

/**
 * The board as it is drawn: the document's cards with the record's opinions laid over them.
 *
 * 1. Views keep their identity for as long as their card exists, through resets as well.
 * 2. Only what has changed is assigned: one card for a keystroke, one or two lanes for a move.
 * 3. A fresh document replaces what is drawn when its first content arrives, not while it is empty.
 */
export class BoardMirror {
  readonly cards = new Map<string, CardView>();
  readonly #lanes = new LaneList();
  #doc: Y.Doc | undefined;
  #fresh = false;
  readonly #lanesById = new Map<string, LaneView>();
  readonly #hidden = new Set<string>();
  /** Lanes whose cards must be listed again. */
  readonly #dirty = new Set<string>();
  #opinions: ConsultationState['opinions'] = {};
  #responses: ConsultationState['responses'] = {};
  #opinionsByCard = new Map<string, Opinion>();
  #partsByCard = new Map<string, Part>();
  /** Cards that say they are merged into another. */
  readonly #pointing = new Set<string>();
  #held: string | undefined;
  /** By card: the one in which it is drawn. */
  #rootByCard: ReadonlyMap<string, string> = new Map();
  #stacksStale = false;
  #answered = new Set<string>();
  #support: Readonly<Record<string, Tally>> = {};
  /** The cards that somebody was writing on when last told. */
  #written: ReadonlySet<string> = new Set();

  get lanes(): readonly LaneView[] {
    return this.#lanes.all;
  }

  /** Follows a document from now on, instead of any before; returns how to stop. */
  follow(doc: Y.Doc): () => void {
    this.#doc = doc;
    this.#fresh = true;
    const lanes = lanesOf(doc);
    const cards = cardsOf(doc);
    const lanesChanged = () => this.#drawn(() => this.#drawLanes());
    const cardsChanged = (events: Y.YEvent<never>[]) =>
      this.#drawn(() => idsIn(events).forEach((id) => this.#drawCard(id)));
    lanes.observeDeep(lanesChanged);
    cards.observeDeep(cardsChanged as (events: Y.YEvent<Y.AbstractType<unknown>>[]) => void);
    if (lanes.size > 0) this.drawAll();
    return () => {
      lanes.unobserveDeep(lanesChanged);
      cards.unobserveDeep(cardsChanged as (events: Y.YEvent<Y.AbstractType<unknown>>[]) => void);
    };
  }

  /** What the document holds, all of it. */
  drawAll(): void {
    if (!this.#doc) return;
    this.#fresh = false;
    const there = cardsOf(this.#doc);
    for (const id of this.cards.keys()) if (!there.has(id)) this.#drawCard(id);
    this.#drawLanes();
    for (const id of there.keys()) this.#drawCard(id);
    this.#layOpinions();
    this.count(this.#support);
    this.#listLanes();
  }

  #drawn(change: () => void): void {
    if (this.#fresh) return this.drawAll();
    change();
    this.#listLanes();
  }

  #drawLanes(): void {
    if (!this.#doc) return;
    const lanes = readLanes(this.#doc).map((lane) => {
      const view = this.#laneView(lane.id);
      view.title = lane.title;
      view.kind = lane.kind;
      view.site = lane.site;
      view.group = lane.group;
      return view;
    });
    if (!lanes.some(({ kind }) => kind === 'public') && this.#withoutCard().length > 0) {
      const view = this.#laneView(PUBLIC_LANE);
      view.kind = 'public';
      lanes.push(view);
    }
    if (sameList(lanes, this.lanes)) return;
    for (const id of this.#lanesById.keys())
      if (!lanes.some((lane) => lane.id === id)) this.#lanesById.delete(id);
    this.#lanes.all = lanes;
    for (const { id } of lanes) this.#dirty.add(id);
  }

  #laneView(id: string): LaneView {
    const view = this.#lanesById.get(id) ?? new LaneView(id);
    this.#lanesById.set(id, view);
    return view;
  }

  #drawCard(id: string): void {
    const head = this.#doc && readCard(this.#doc, id);
    const known = this.cards.get(id);
    const before = known?.head;
    const moved = before?.lane !== head?.lane || before?.order !== head?.order;
    this.#notePointer(id, before, head);
    if (known && before && moved) this.#dirty.add(this.#laneOf(known));
    if (!this.#doc || !head) {
      if (before) this.cards.delete(id);
      return;
    }
    const view = known ?? new CardView(id);
    this.cards.set(id, view);
    if (!sameHead(before, head)) view.head = head;
    view.draft = cardText(this.#doc, id);
    const pictures = cardPictures(this.#doc, id);
    if (!samePictures(view.draftPictures, pictures)) view.draftPictures = pictures;
    if (!known) this.#layOpinion(view);
    if (moved) this.#dirty.add(this.#laneOf(view));
  }

  #notePointer(id: string, before: CardHead | undefined, head: CardHead | undefined): void {
    if (head?.into === undefined) this.#pointing.delete(id);
    else this.#pointing.add(id);
    // a card that came or went may be what another points to
    const cameOrWent = !before !== !head && (this.#pointing.size > 0 || this.#rootByCard.size > 0);
    if (cameOrWent || before?.into !== head?.into) this.#stacksStale = true;
  }

  #stack(): void {
    if (!this.#stacksStale) return;
    this.#stacksStale = false;
    const before = this.#rootByCard;
    const after = stack(
      {
        cards: this.cards,
        pointing: this.#pointing,
        opinions: Object.values(this.#opinions),
        idOf: viewIdOf,
        isHidden: (id) => this.#hidden.has(id),
        held: this.#held,
      },
      before,
    );
    this.#rootByCard = after;
    for (const id of new Set([...before.keys(), ...after.keys()])) {
      const view = this.cards.get(id);
      if (view && before.has(id) !== after.has(id)) this.#dirty.add(this.#laneOf(view));
    }
  }

  /** A card of a lane that is gone is shown in the first. */
  #laneOf(view: CardView): string {
    const lane = view.head ? view.head.lane : this.#publicLane();
    return this.#lanesById.has(lane) ? lane : (this.lanes[0]?.id ?? lane);
  }

  #publicLane(): string {
    return this.lanes.find(({ kind }) => kind === 'public')?.id ?? PUBLIC_LANE;
  }

  #listLanes(): void {
    this.#stack();
    if (this.#dirty.size === 0) return;
    const cardsByLane = new Map<string, CardView[]>();
    for (const lane of this.#dirty) cardsByLane.set(lane, []);
    for (const view of this.cards.values()) {
      const inSight = !this.#hidden.has(view.id) && !this.#rootByCard.has(view.id);
      if (inSight) cardsByLane.get(this.#laneOf(view))?.push(view);
    }
    this.#dirty.clear();
    for (const [lane, views] of cardsByLane) {
      const ids = views.sort(inLane).map(({ id }) => id);
      const view = this.#lanesById.get(lane);
      if (view && !sameList(view.cardIds, ids)) view.cardIds = ids;
    }
  }

  /** Takes the record's side; cheap when nothing of it has changed. */
  lay({ opinions, responses }: RecordSide): void {
    if (opinions === this.#opinions && responses === this.#responses) return;
    this.#opinions = opinions;
    if (responses !== this.#responses) {
      this.#responses = responses;
      const published = Object.values(responses).filter(({ status }) => status === 'published');
      this.#answered = new Set(published.map(({ opinion }) => opinion));
    }
    this.#layOpinions();
    this.#listLanes();
  }

  #layOpinions(): void {
    const all = Object.values(this.#opinions);
    const before = this.#opinionsByCard;
    this.#opinionsByCard = new Map(
      all.flatMap((opinion) => (opinion.card ? [[opinion.card, opinion]] : [])),
    );
    const partsBefore = this.#partsByCard;
    this.#partsByCard = new Map(
      all.flatMap((of) => (of.merged ?? []).map((part) => [part.card, { ...part, of }])),
    );
    this.#stacksStale = true;
    // thousands of drafts have none, and had none
    const ids = [before, this.#opinionsByCard, partsBefore, this.#partsByCard].map((map) => [
      ...map.keys(),
    ]);
    for (const id of new Set(ids.flat())) {
      const view = this.cards.get(id);
      if (view?.head) this.#layOpinion(view);
    }

    const loose = this.#withoutCard();
    const wanted = new Set(loose.map(viewIdOf));
    for (const [id, view] of this.cards) {
      if (view.head || wanted.has(id)) continue;
      this.#dirty.add(this.#laneOf(view));
      this.cards.delete(id);
    }
    if (loose.length > 0) this.#drawLanes();
    for (const opinion of loose) {
      const id = viewIdOf(opinion);
      const known = this.cards.get(id);
      const view = known ?? new CardView(id);
      this.#lay(view, opinion);
      if (known) continue;
      this.cards.set(id, view);
      this.#dirty.add(this.#laneOf(view));
    }
  }

  #withoutCard(): Opinion[] {
    return Object.values(this.#opinions).filter(({ card }) => card === undefined);
  }

  #layOpinion(view: CardView): void {
    this.#lay(view, this.#opinionsByCard.get(view.id), this.#partsByCard.get(view.id));
  }

  #lay(view: CardView, opinion: Opinion | undefined, part?: Part): void {
    if (view.opinion !== opinion) view.opinion = opinion;
    if (view.part?.of !== part?.of) view.part = part;
    view.stage = this.#stageOf(opinion ?? part?.of);
  }

  #stageOf(opinion: Opinion | undefined): CardStage {
    if (!opinion) return 'draft';
    if (opinion.withdrawn) return 'withdrawn';
    const main = mainOf(this.#opinions, opinion);
    if (this.#answered.has(main.id)) return 'answered';
    return isAssigned(main) ? 'assigned' : 'tabled';
  }

  count(support: Readonly<Record<string, Tally>>): void {
    this.#support = support;
    for (const opinion of Object.values(this.#opinions)) {
      const view = this.cards.get(viewIdOf(opinion));
      if (!view) continue;
      const tally = support[opinion.id] ?? tallyOf(opinion);
      const { members, public: citizens } = view.support ?? {};
      if (members !== tally.members || citizens !== tally.public) view.support = tally;
    }
  }

  showWriters(writersByCard: ReadonlyMap<string, readonly BoardUser[]>): void {
    for (const id of new Set([...this.#written, ...writersByCard.keys()])) {
      const view = this.cards.get(id);
      const writers = writersByCard.get(id) ?? [];
      if (view && !sameWriters(view.writers, writers)) view.writers = writers;
    }
    this.#written = new Set(writersByCard.keys());
  }

  /** Takes a card out of sight before it is really removed, or brings it back. */
  hide(id: string, hidden: boolean): void {
    if (hidden) this.#hidden.add(id);
    else this.#hidden.delete(id);
    const view = this.cards.get(id);
    if (view) this.#dirty.add(this.#laneOf(view));
    this.#stacksStale = true;
    this.#listLanes();
  }

  /** The card in which it is drawn, unless it stands for itself. */
  rootOf(id: string): string | undefined {
    return this.#rootByCard.get(id);
  }

  /** The card that is being written here: whoever merges it, it stays in its lane until it is let go. */
  hold(id: string | undefined): void {
    this.#held = id;
    if (this.#pointing.size === 0) return;
    this.#stacksStale = true;
    this.#listLanes();
  }
}

/** What came by QR code never was a card. */
export const viewIdOf = ({ id, card }: Opinion): string => card ?? `opinion:${id}`;

/** A change inside a card is told by the card's id at the head of its path; one of the map itself by its keys. */
function idsIn(events: readonly Y.YEvent<never>[]): Set<string> {
  const ids = new Set<string>();
  for (const { path, changes } of events) {
    const [id] = path;
    if (id !== undefined) ids.add(String(id));
    else for (const key of changes.keys.keys()) ids.add(key);
  }
  return ids;
}

const sameHead = (a: CardHead | undefined, b: CardHead): boolean =>
  a?.lane === b.lane &&
  a.order === b.order &&
  a.kind === b.kind &&
  a.author === b.author &&
  a.onBehalfOf === b.onBehalfOf &&
  a.origin === b.origin &&
  a.into === b.into;

const samePictures = (a: readonly CardPicture[], b: readonly CardPicture[]): boolean =>
  a.length === b.length && a.every(({ id }, index) => id === b[index]?.id);

const sameWriters = (a: readonly BoardUser[], b: readonly BoardUser[]): boolean =>
  a.length === b.length &&
  a.every((user, index) => user.id === b[index]?.id && user.name === b[index].name);

/** Cards by their order; after them, by number, what never was a card. */
function inLane(a: CardView, b: CardView): number {
  if (a.head && b.head) return byOrder(a.head, b.head);
  if (a.head || b.head) return a.head ? -1 : 1;
  return (a.opinion?.no ?? 0) - (b.opinion?.no ?? 0);
}
