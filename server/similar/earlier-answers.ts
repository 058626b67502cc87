import {
  evolve,
  initialState,
  type ConsultationState,
  type RecordedConsultationEvent,
} from '../../shared/consultation/index.ts';
import { mainOf } from '../../shared/consultation/merged-opinions.ts';
import type { Opinion } from '../../shared/consultation/opinions.ts';
import { visibleTo } from '../../shared/consultation/reading.ts';
import type { Reader } from '../../shared/policy/audience.ts';
import { SIMILAR } from './likeness.ts';
import { SimilarIndex, type Vocabulary } from './similar-index.ts';
import { termsOf, type Terms } from './words.ts';
import { breather } from './breath.ts';
import { answerTo } from './released-answer.ts';
import type { ReleasedRecord } from './parts.ts';

/** Anyone from the street: what is kept here was told to everybody. */
const anyone: Reader = { role: 'public', person: '' };
const releasing = [
  'consultation.created',
  'opinion.published',
  'opinion.revised',
  'opinion.withdrawn',
  'opinion.merged',
  'opinion.split',
  'submission.accepted',
  'response.published',
  'response.corrected',
] as const satisfies readonly RecordedConsultationEvent['type'][];
const isReleasing: ReadonlySet<string> = new Set(releasing);

const PAGE = 500;
/** How old may what is known of other nodes' consultations be, in milliseconds? */
const LOOK_AGAIN_MS = 5_000;
/** How long an answer waits for the first reading, in milliseconds; what is there by then has to do. */
const PATIENCE_MS = 400;
const MOST_FOUND = 10;

export interface EarlierAnswer {
  readonly consultation: string;
  readonly title: string;
  readonly opinion: Opinion;
  readonly state: ConsultationState;
  readonly score: number;
}

interface Released {
  /** Every event up to here has been looked at. */
  readonly seq: number;
  /** The fold of what everybody was told. */
  readonly state: ConsultationState;
}

interface Place {
  readonly consultation: string;
  readonly opinion: string;
}

/**
 * Opinions that were answered, of all consultations, by what they are about.
 *
 * 1. Only what everybody was told is folded in: nothing here needs hiding from anyone.
 * 2. `seq` of a consultation moves without a gap: an event is folded in once, whether it was heard or read.
 * 3. What nobody told us (other nodes, the time before the start) is read from the record, in short turns.
 * 4. A guest's words are looked up once more before they are shown: they may have been erased meanwhile, by any node.
 */
export class EarlierAnswers {
  readonly #record: ReleasedRecord;
  readonly #onFault: (fault: unknown) => void;
  readonly #now: () => number;
  readonly #index: SimilarIndex<string>;
  readonly #releasedById = new Map<string, Released>();
  readonly #placeByKey = new Map<string, Place & { readonly text: string }>();
  /** The event that holds a guest's words, by the key of the opinion that they became. */
  readonly #wordsSeqByKey = new Map<string, number>();
  #reading: Promise<void> | undefined;
  #readAt = -Infinity;
  /** Something was released that is not known here. */
  #behind = true;
  #closed = false;

  constructor(
    vocabulary: Vocabulary,
    {
      record,
      onFault,
      now = Date.now,
    }: { record: ReleasedRecord; onFault: (fault: unknown) => void; now?: () => number },
  ) {
    this.#index = new SimilarIndex(vocabulary);
    this.#record = record;
    this.#onFault = onFault;
    this.#now = now;
  }

  get size(): number {
    return this.#index.size;
  }

  /** What was appended to a consultation, in order; where something is missing before it, it is read when next asked. */
  hear(consultation: string, events: readonly RecordedConsultationEvent[]): void {
    const [first] = events;
    const seq = this.#releasedById.get(consultation)?.seq ?? 0;
    if (!first) return;
    if (first.seq > seq + 1) {
      this.#behind ||= events.some(({ type }) => isReleasing.has(type));
      return;
    }
    if (this.#fold(consultation, events, events.at(-1)?.seq ?? seq))
      for (const place of this.#answered(consultation)) this.#put(place);
  }

  /** Resolves when the answers are read, or when that takes longer than one would wait. */
  async upToDate(): Promise<void> {
    const behind = this.#behind;
    if (!this.#reading && (behind || this.#now() - this.#readAt >= LOOK_AGAIN_MS))
      this.#reading = this.#readAll()
        .catch((fault: unknown) => {
          this.#behind = true;
          this.#onFault(fault);
        })
        .finally(() => (this.#reading = undefined));
    if (behind && this.#reading) await within(PATIENCE_MS, this.#reading);
  }

  /** Those most similar, of other consultations than this one, fictional ones only beside fictional ones. */
  async find(terms: Terms, { id, lifecycle }: ConsultationState): Promise<EarlierAnswer[]> {
    const accepts = (key: string) => {
      const place = this.#placeByKey.get(key);
      const state = place && this.#releasedById.get(place.consultation)?.state;
      return state?.lifecycle.sample === lifecycle.sample && place?.consultation !== id;
    };
    const found: EarlierAnswer[] = [];
    for (const { key, score } of this.#index.find(terms, MOST_FOUND, SIMILAR, accepts)) {
      const place = this.#placeByKey.get(key);
      if (!place || !(await this.#isThere(key, place))) continue;
      const { consultation } = place;
      const state = this.#releasedById.get(consultation)?.state;
      const said = state?.opinions[place.opinion];
      if (!state || !said) continue;
      const opinion = mainOf(state.opinions, said);
      found.push({ consultation, title: state.lifecycle.title, opinion, state, score });
    }
    return found;
  }

  async #isThere(key: string, place: Place): Promise<boolean> {
    const seq = this.#wordsSeqByKey.get(key);
    if (seq === undefined) return true;
    const [event] = await this.#record.read(place.consultation, seq - 1, 1);
    if (event?.personal) return true;
    this.#put({ ...place, text: '' });
    return false;
  }

  /** Reads every consultation that has come further than is known here. */
  async #readAll(): Promise<void> {
    const breath = breather();
    this.#behind = false;
    for (let after = ''; !this.#closed;) {
      const heads = await this.#record.heads(after, PAGE);
      for (const { consultation, seq } of heads) {
        if (this.#closed) return;
        if (seq > (this.#releasedById.get(consultation)?.seq ?? 0))
          await this.#read(consultation, seq, breath);
      }
      const last = heads.at(-1);
      if (!last) break;
      after = last.consultation;
    }
    this.#readAt = this.#now();
  }

  async #read(consultation: string, head: number, breath: () => Promise<void>): Promise<void> {
    let changed = false;
    for (let more = true; more && !this.#closed;) {
      const { seq } = this.#releasedById.get(consultation) ?? { seq: 0 };
      const events = await this.#record.read(consultation, seq, PAGE, releasing);
      more = events.length === PAGE;
      const upTo = more ? (events.at(-1)?.seq ?? head) : Math.max(head, events.at(-1)?.seq ?? 0);
      changed = this.#fold(consultation, events, upTo) || changed;
      await breath();
    }
    if (!changed) return;
    for (const place of this.#answered(consultation)) {
      this.#put(place);
      await breath();
    }
  }

  /** Answers whether anything was released by them. */
  #fold(consultation: string, events: readonly RecordedConsultationEvent[], upTo: number): boolean {
    const known = this.#releasedById.get(consultation) ?? { seq: 0, state: initialState };
    const fresh = visibleTo(
      events.filter(({ seq, type }) => seq > known.seq && isReleasing.has(type)),
      anyone,
    );
    for (const { type, seq, data } of fresh) {
      if (type === 'submission.accepted')
        this.#wordsSeqByKey.set(`${consultation}/${data.opinion}`, seq);
    }
    const seq = Math.max(known.seq, upTo);
    this.#releasedById.set(consultation, { seq, state: fresh.reduce(evolve, known.state) });
    return fresh.length > 0;
  }

  /** The consultation's opinions, with their text where they have an answer. */
  *#answered(consultation: string): Iterable<Place & { readonly text: string }> {
    const state = this.#releasedById.get(consultation)?.state ?? initialState;
    for (const opinion of Object.values(state.opinions)) {
      const main = mainOf(state.opinions, opinion);
      const shown = !opinion.withdrawn && answerTo(state, main.id) !== undefined;
      yield { consultation, opinion: opinion.id, text: shown ? opinion.text : '' };
    }
  }

  #put(place: Place & { readonly text: string }): void {
    const key = `${place.consultation}/${place.opinion}`;
    if (this.#placeByKey.get(key)?.text === place.text) return;
    if (place.text === '') {
      this.#index.remove(key);
      this.#placeByKey.delete(key);
    } else {
      this.#placeByKey.set(key, place);
      this.#index.put(key, termsOf(place.text));
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#reading;
  }
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, enough]);
  clearTimeout(timer);
}
