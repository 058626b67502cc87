import type { RecordedConsultationEvent } from '../../shared/consultation/index.ts';
import { creditLine } from '../../shared/consultation/people.ts';
import { creditsOf, mainOf } from '../../shared/consultation/merged-opinions.ts';
import type { Opinions } from '../../shared/consultation/opinions.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import { can } from '../../shared/policy/can.ts';
import { MOST_SIMILAR, worthShowing } from './likeness.ts';
import { Vocabulary } from './similar-index.ts';
import { termsOf } from './words.ts';
import type { Similar } from '../../shared/wire/rest.ts';
import { EarlierAnswers, type EarlierAnswer } from './earlier-answers.ts';
import type { LiveConsultation, SimilarParts } from './parts.ts';
import { answerTo } from './released-answer.ts';
import { RoomPool, type FoundSaid, type Said } from './room-pool.ts';

export type { SimilarParts } from './parts.ts';

export interface SimilarOpinions {
  /** What says much the same as a text, as far as the actor may know it, the most similar first. */
  find(actor: Actor, live: LiveConsultation, asked: Asked): Promise<Similar[]>;
  /** What was appended to a consultation: `record.onAppended`. */
  hear(consultation: string, events: readonly RecordedConsultationEvent[]): void;
  /** So many answered opinions are known. */
  size(): number;
  close(): Promise<void>;
}

export interface Asked {
  readonly text: string;
  /** A card, an opinion or a submission that the text itself belongs to. */
  readonly except?: string;
}

/** So many consultations are kept at hand; the one that was asked about longest ago makes room. */
const ROOMS = 20;

export function findSimilar(parts: SimilarParts): SimilarOpinions {
  const vocabulary = new Vocabulary();
  const earlier = new EarlierAnswers(vocabulary, parts);
  const poolById = new Map<string, RoomPool>();

  function poolOf(consultation: string): RoomPool {
    const pool = poolById.get(consultation) ?? new RoomPool(vocabulary);
    poolById.delete(consultation);
    poolById.set(consultation, pool);
    const [oldest] = poolById.keys();
    if (poolById.size > ROOMS && oldest !== undefined) {
      poolById.get(oldest)?.close();
      poolById.delete(oldest);
    }
    return pool;
  }

  return {
    async find(actor, live, { text, except }) {
      const terms = termsOf(text);
      if (terms.size === 0) return [];
      const seesDrafts = can(actor, 'board.read');
      const { id } = live.state;
      const tabled = tabledCards(live.state.opinions);
      const drafts = seesDrafts ? await parts.drafts(id, (card) => tabled.has(card)) : undefined;
      const pool = poolOf(id);
      await pool.follow(live, drafts);
      await earlier.upToDate();
      const here = pool.find(terms, (said) => !isThat(said, except) && maySee(actor, said));
      const before = await earlier.find(terms, live.state);
      return together(
        here.map((found) => asSimilar(found, live)),
        before.map(asEarlier),
      );
    },
    hear: (consultation, events) => earlier.hear(consultation, events),
    size: () => earlier.size,
    close: () => earlier.close(),
  };
}

const isThat = (said: Said, except: string | undefined): boolean =>
  except !== undefined &&
  (said.id === except ||
    (said.source === 'draft' && said.draft.root === except) ||
    (said.source === 'opinion' && said.opinion.card === except));

function tabledCards(opinions: Opinions): ReadonlySet<string> {
  const cards = Object.values(opinions).flatMap(({ card, merged = [] }) => [
    card,
    ...merged.map((each) => each.card),
  ]);
  return new Set(cards.filter((card) => card !== undefined));
}

function maySee(actor: Actor, said: Said): boolean {
  switch (said.source) {
    case 'draft':
      return can(actor, 'board.read');
    case 'opinion':
      return can(actor, 'opinion.read', { released: said.opinion.published });
    case 'submission':
      return can(actor, 'submission.accept');
  }
}

/** However much is being said in the room, an answer from earlier keeps a place. */
function together(here: readonly Similar[], before: readonly Similar[]): Similar[] {
  const shown = worthShowing(onceEach(here));
  const answered = worthShowing(onceEach(before));
  const kept = worthShowing(shown.concat(answered));
  const [best] = answered;
  if (!best || kept.includes(best)) return kept;
  return [...kept.slice(0, MOST_SIMILAR - 1), best];
}

/** What is merged comes by several wordings: the most similar one stands for it. */
function onceEach(found: readonly Similar[]): Similar[] {
  const bestByKey = new Map<string, Similar>();
  for (const similar of found) {
    const key = `${similar.consultation}/${similar.card ?? similar.id}`;
    if (similar.score > (bestByKey.get(key)?.score ?? -1)) bestByKey.set(key, similar);
  }
  return [...bestByKey.values()];
}

function asSimilar({ said, score }: FoundSaid, { state }: LiveConsultation): Similar {
  const { source, id, text } = said;
  const common = { source, id, consultation: state.id, title: state.lifecycle.title, text, score };
  switch (said.source) {
    case 'draft': {
      const { card: own, root: card = own, author, createdAt: at } = said.draft;
      const by = state.roster[author]?.name;
      return { ...common, card, at, ...(by === undefined ? {} : { by }) };
    }
    case 'opinion': {
      // what is merged is dealt with, and answered, as its main one
      const main = mainOf(state.opinions, said.opinion);
      const { no, card, text, tabledAt: at } = main;
      const answer = answerTo(state, main.id);
      return {
        ...common,
        id: main.id,
        no,
        text,
        at,
        by: creditLine(creditsOf(state.opinions, main)),
        ...(card === undefined ? {} : { card }),
        ...(answer ? { answer } : {}),
      };
    }
    case 'submission':
      return { ...common, at: said.submission.at };
  }
}

function asEarlier({ consultation, title, opinion, state, score }: EarlierAnswer): Similar {
  const { id, no, text, tabledAt: at } = opinion;
  const answer = answerTo(state, id);
  const by = creditLine(creditsOf(state.opinions, opinion));
  const similar = { source: 'earlier' as const, id, no, consultation, title, text, score, by, at };
  return { ...similar, ...(answer ? { answer } : {}) };
}
