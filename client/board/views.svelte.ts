import type { CardPicture } from '../../shared/pictures.ts';
import type { BoardUser } from '../../shared/board/presence.ts';
import type { CardHead, LaneKind } from '../../shared/board/schema.ts';
import type { MergedDraft, Opinion, Tally } from '../../shared/consultation/opinions.ts';

export type CardStage = 'draft' | 'tabled' | 'assigned' | 'answered' | 'withdrawn';

/** A draft that was tabled as part of an opinion: its wording as the record keeps it. */
export interface Part extends MergedDraft {
  readonly of: Opinion;
}

/**
 * One card as it is drawn. Each field is assigned only when its value has changed, so that a keystroke redraws one
 * card and nothing else.
 */
export class CardView {
  readonly id: string;
  /** Absent for what came by QR code: an opinion that never was a card. */
  head = $state.raw<CardHead>();
  draft = $state.raw('');
  /** The record's word: once tabled, this is what is shown, whatever the board's text says. */
  opinion = $state.raw<Opinion>();
  part = $state.raw<Part>();
  /** Ids of the cards that are merged into this one and drawn in it, in order. */
  merged = $state.raw<readonly string[]>([]);
  stage = $state.raw<CardStage>('draft');
  support = $state.raw<Tally>();
  /** What is on the draft; tabled, the record's word is what counts. */
  draftPictures = $state.raw<readonly CardPicture[]>([]);
  /** Pictures that this device is bringing to it. */
  arriving = $state(0);
  /** Others who have this card open for editing now. */
  writers = $state.raw<readonly BoardUser[]>([]);

  constructor(id: string) {
    this.id = id;
  }

  get pictures(): readonly CardPicture[] {
    return this.opinion ? (this.opinion.pictures ?? []) : this.draftPictures;
  }

  get text(): string {
    return this.opinion?.text ?? this.part?.text ?? this.draft;
  }

  /** An opinion of the record, or part of one. */
  get tabled(): boolean {
    return this.opinion !== undefined || this.part !== undefined;
  }

  /** Whose words they are: one to whom they are credited, or who wrote them. */
  get author(): string {
    return this.head?.onBehalfOf ?? this.head?.author ?? '';
  }

  /** For asking `policy/`. */
  get subject(): { owners: string[]; tabled: boolean } {
    const { head, tabled } = this;
    const owners = [head?.author, head?.onBehalfOf].filter((owner) => owner !== undefined);
    return { owners, tabled };
  }
}

export class LaneView {
  readonly id: string;
  title = $state.raw('');
  kind = $state.raw<LaneKind>('common');
  site = $state.raw<string>();
  /** The group whose lane it is. */
  group = $state.raw<string>();
  /** In order. The array stays the same one while its content does. */
  cardIds = $state.raw<readonly string[]>([]);

  constructor(id: string) {
    this.id = id;
  }
}

/** The lanes in order: the same array while they are the same lanes. */
export class LaneList {
  all = $state.raw<readonly LaneView[]>([]);
}

export const sameList = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index]);
