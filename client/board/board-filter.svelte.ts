import type { CardStage, CardView } from './views.svelte.ts';

/** What of a card a filter asks for; a test gives it plainly. */
export type Filtered = Pick<CardView, 'text' | 'stage' | 'author' | 'opinion'>;

/** Which cards are looked for; what is not chosen lets everything through. All that is chosen must hold. */
export class BoardFilter {
  text = $state('');
  stage = $state<CardStage | ''>('');
  /** A person's id. */
  author = $state('');
  /** A department: lead or assisting. */
  unit = $state('');

  get active(): boolean {
    return this.text.trim() !== '' || this.stage !== '' || this.author !== '' || this.unit !== '';
  }

  matches({ text, stage, author, opinion }: Filtered): boolean {
    return (
      (this.stage === '' || stage === this.stage) &&
      (this.author === '' || authorsOf({ author, opinion }).includes(this.author)) &&
      (this.unit === '' || unitsOf({ opinion }).includes(this.unit)) &&
      this.#words().every((word) => textOf({ text, opinion }).includes(word))
    );
  }

  clear(): void {
    this.text = '';
    this.stage = '';
    this.author = '';
    this.unit = '';
  }

  /** Each word must be there, in any order; a number finds the opinion of that number too. */
  #words(): string[] {
    return this.text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  }
}

const textOf = ({ text, opinion }: Pick<Filtered, 'text' | 'opinion'>): string =>
  `${opinion ? `${opinion.no}号 ` : ''}${text}`.toLowerCase();

/** Those to whom a card is credited: by the record once it is tabled. */
export const authorsOf = ({ author, opinion }: Pick<Filtered, 'author' | 'opinion'>): string[] =>
  opinion ? opinion.authors.map(({ person }) => person) : [author];

export const unitsOf = ({ opinion }: Pick<Filtered, 'opinion'>): string[] =>
  opinion?.assigned ? [opinion.assigned.lead, ...opinion.assigned.assist] : [];
