import type { Terms } from './words.ts';

/*
 * How rare a term must at least be thought to be, and is thought to be before anything is known: as if so many texts had
 * been read, and it had stood in such a share of them.
 */
const READ_BEFORE = 50;
const USUAL_SHARE = 0.01;
const LEAST_SHARE = 0.002;
/** What nobody has said yet may just be another word for what they have: it is held against a text less. */
const UNHEARD = 0.8;

/** How often each term occurs in all that is known: what everyone speaks of says little about any one opinion. */
export class Vocabulary {
  readonly #numberByTerm = new Map<string, number>();
  readonly #textsByNumber: number[] = [];
  #texts = 0;

  find(term: string): number | undefined {
    return this.#numberByTerm.get(term);
  }

  /** The term's number, known from then on. */
  learn(term: string): number {
    const known = this.#numberByTerm.get(term);
    if (known !== undefined) return known;
    const number = this.#textsByNumber.push(0) - 1;
    this.#numberByTerm.set(term, number);
    return number;
  }

  /** One text more, or less, with these terms. */
  count(numbers: Uint32Array, by: 1 | -1): void {
    this.#texts += by;
    for (const number of numbers) this.#textsByNumber[number] = this.#textsWith(number) + by;
  }

  rarity(number: number | undefined): number {
    const texts = number === undefined ? 0 : this.#textsWith(number);
    const share = (texts + READ_BEFORE * USUAL_SHARE) / (this.#texts + READ_BEFORE);
    return -Math.log(Math.max(share, LEAST_SHARE)) * (texts === 0 ? UNHEARD : 1);
  }

  #textsWith(number: number): number {
    return this.#textsByNumber[number] ?? 0;
  }
}

/** Weights are kept in whole steps: a text's terms are many, and there may be twenty thousand texts. */
const STEPS = 64;
const STEP = 1 / 20;
const stepsOf = (weight: number): number =>
  Math.max(1, Math.min(STEPS - 1, Math.round(weight / STEP)));

/** So many places are looked up, those of the rarest terms first: what an answer may cost, however many texts there are. */
const LOOKED_UP = 30_000;
/** So many of those with the greatest weight in common by then are looked at closely. */
const LOOKS = 200;

interface Entry<Key> {
  readonly key: Key;
  readonly numbers: Uint32Array;
  readonly steps: Uint8Array;
}

export interface Found<Key> {
  readonly key: Key;
  /** 0: nothing in common, 1: the same words. */
  readonly score: number;
}

/**
 * Texts by what they are about. Similarity is the cosine of the terms' weights times their rarity, moved towards how much
 * of the shorter text is in the longer one: what is half written already resembles what says it in full. Unlike the
 * scores of full-text search it can be compared from text to text, so that a threshold means something.
 */
export class SimilarIndex<Key> {
  readonly #vocabulary: Vocabulary;
  readonly #slotByKey = new Map<Key, number>();
  readonly #entries: (Entry<Key> | undefined)[] = [];
  /** By term number: slot × STEPS + steps. */
  readonly #postingsByNumber = new Map<number, number[]>();

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  get size(): number {
    return this.#slotByKey.size;
  }

  put(key: Key, terms: Terms): void {
    this.remove(key);
    const slot = this.#entries.length;
    const numbers = new Uint32Array(terms.size);
    const steps = new Uint8Array(terms.size);
    let at = 0;
    for (const [term, weight] of terms) {
      const number = this.#vocabulary.learn(term);
      numbers[at] = number;
      steps[at] = stepsOf(weight);
      const postings = this.#postingsByNumber.get(number);
      const posting = slot * STEPS + stepsOf(weight);
      if (postings) postings.push(posting);
      else this.#postingsByNumber.set(number, [posting]);
      at += 1;
    }
    this.#entries.push({ key, numbers, steps });
    this.#slotByKey.set(key, slot);
    this.#vocabulary.count(numbers, 1);
  }

  remove(key: Key): void {
    const slot = this.#slotByKey.get(key);
    const entry = slot === undefined ? undefined : this.#entries[slot];
    if (slot === undefined || !entry) return;
    this.#vocabulary.count(entry.numbers, -1);
    this.#entries[slot] = undefined;
    this.#slotByKey.delete(key);
    for (const number of entry.numbers) {
      const postings = this.#postingsByNumber.get(number);
      const at = postings?.findIndex((posting) => Math.floor(posting / STEPS) === slot) ?? -1;
      if (at >= 0) postings?.splice(at, 1);
    }
  }

  clear(): void {
    for (const key of [...this.#slotByKey.keys()]) this.remove(key);
  }

  /** The most similar first, at most `limit` of those that are asked for, none below `atLeast`. */
  find(
    terms: Terms,
    limit: number,
    atLeast: number,
    accepts: (key: Key) => boolean = () => true,
  ): Found<Key>[] {
    let asked = 0;
    const worthByNumber = new Map<number, number>();
    for (const [term, weight] of terms) {
      const number = this.#vocabulary.find(term);
      const rarity = this.#vocabulary.rarity(number);
      asked += (weight * rarity) ** 2;
      if (number !== undefined) worthByNumber.set(number, weight * rarity ** 2 * STEP);
    }
    const found: Found<Key>[] = [];
    for (const entry of this.#closest(worthByNumber, accepts)) {
      const score = this.#likeness(entry, worthByNumber, asked);
      if (score >= atLeast) found.push({ key: entry.key, score });
    }
    return found.sort((a, b) => b.score - a.score).slice(0, limit);
  }

  /** Those with the greatest weight in common, as far as the rarest terms tell. */
  #closest(
    worthByNumber: ReadonlyMap<number, number>,
    accepts: (key: Key) => boolean,
  ): Entry<Key>[] {
    const commonBySlot = new Float64Array(this.#entries.length);
    const slots: number[] = [];
    const lists = [...worthByNumber]
      .map(([number, worth]) => ({ worth, postings: this.#postingsByNumber.get(number) ?? [] }))
      .sort((a, b) => a.postings.length - b.postings.length);
    let lookedUp = 0;
    for (const { worth, postings } of lists) {
      lookedUp += postings.length;
      if (lookedUp > LOOKED_UP && slots.length > 0) break;
      for (const posting of postings) {
        const slot = Math.floor(posting / STEPS);
        const before = commonBySlot[slot] ?? 0;
        if (before === 0) slots.push(slot);
        commonBySlot[slot] = before + worth * (posting % STEPS);
      }
    }
    const asked = slots.filter((slot) => {
      const entry = this.#entries[slot];
      return entry !== undefined && accepts(entry.key);
    });
    const common = Float64Array.from(asked, (slot) => commonBySlot[slot] ?? 0).sort();
    const least = common.at(-LOOKS) ?? 0;
    return asked
      .filter((slot) => (commonBySlot[slot] ?? 0) >= least)
      .slice(0, LOOKS)
      .flatMap((slot) => this.#entries[slot] ?? []);
  }

  #likeness(
    { numbers, steps }: Entry<Key>,
    worthByNumber: ReadonlyMap<number, number>,
    asked: number,
  ): number {
    let common = 0;
    let own = 0;
    for (let at = 0; at < numbers.length; at += 1) {
      const number = numbers[at] ?? 0;
      const step = steps[at] ?? 0;
      common += (worthByNumber.get(number) ?? 0) * step;
      own += (step * STEP * this.#vocabulary.rarity(number)) ** 2;
    }
    const cosine = common / Math.sqrt(asked * own);
    const within = common / Math.min(asked, own);
    return Math.min(1, (cosine + within) / 2);
  }
}
