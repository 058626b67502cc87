import type { CardStage, CardView } from './views.svelte.ts';

/** What of a card a filter asks for; a test gives it plainly. */
export type Filtered = Pick<CardView, 'text' | 'stage' | 'author' | 'opinion'> &
  Partial<Pick<CardView, 'part'>>;

/** Which cards are looked for; what is not chosen lets everything through. All that is chosen must hold. */
export class BoardFilter {
  text = $state('');
  stage = $state<CardStage | ''>('');
  /** A person's id. */
  author = $state('');
  /** A lane's id. */
  lane = $state('');
  /** A department: lead or assisting. */
  unit = $state('');

  get active(): boolean {
    return this.text.trim() !== '' || [this.stage, this.author, this.unit, this.lane].some(Boolean);
  }

  /** Of the card alone; what is merged into it is asked by itself, and its lane by `hasLane`. */
  matches(card: Filtered): boolean {
    return (
      (this.stage === '' || card.stage === this.stage) &&
      (this.author === '' || authorsOf(card).includes(this.author)) &&
      (this.unit === '' || unitsOf(card).includes(this.unit)) &&
      this.#words().every((word) => textOf(card).includes(word))
    );
  }

  hasLane({ id }: { readonly id: string }): boolean {
    return this.lane === '' || this.lane === id;
  }

  clear(): void {
    this.text = '';
    this.stage = '';
    this.author = '';
    this.unit = '';
    this.lane = '';
  }

  /** Each word must be there, in any order; a number finds the opinion of that number too. */
  #words(): string[] {
    return this.text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  }
}

const textOf = ({ text, opinion }: Pick<Filtered, 'text' | 'opinion'>): string =>
  `${opinion ? `${opinion.no}号 ` : ''}${text}`.toLowerCase();

/** Those to whom a card is credited: by the record once it is tabled. */
export const authorsOf = ({
  author,
  opinion,
  part,
}: Pick<Filtered, 'author' | 'opinion' | 'part'>): string[] =>
  (opinion ?? part)?.authors.map(({ person }) => person) ?? [author];

export const unitsOf = ({ opinion, part }: Pick<Filtered, 'opinion' | 'part'>): string[] => {
  const assigned = (opinion ?? part?.of)?.assigned;
  return assigned ? [assigned.lead, ...assigned.assist] : [];
};
