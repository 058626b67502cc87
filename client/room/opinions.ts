import { unitsOf } from '../../shared/consultation/attendance.ts';
import type { ConsultationState } from '../../shared/consultation/index.ts';
import { isAnswered, mainOf } from '../../shared/consultation/merged-opinions.ts';
import {
  isAssigned,
  tallyOf,
  type Opinion,
  type Tally,
} from '../../shared/consultation/opinions.ts';
import type { Response } from '../../shared/consultation/responses.ts';

/** How far an opinion has come, in the words of the card: 已提交, 已交办, 已回应. One that is merged goes with its main one. */
export type OpinionStage = 'tabled' | 'assigned' | 'answered' | 'withdrawn';

export function stageOf(state: ConsultationState, opinion: Opinion): OpinionStage {
  if (opinion.withdrawn) return 'withdrawn';
  if (isAnswered(state, opinion)) return 'answered';
  return isAssigned(mainOf(state.opinions, opinion)) ? 'assigned' : 'tabled';
}

export const opinionsInOrder = ({ opinions }: Pick<ConsultationState, 'opinions'>): Opinion[] =>
  Object.values(opinions).sort((a, b) => a.no - b.no);

/** Those that are dealt with for themselves: neither withdrawn nor merged into another. */
export const mainOpinions = (state: Pick<ConsultationState, 'opinions'>): Opinion[] =>
  opinionsInOrder(state).filter(
    ({ withdrawn, mergedInto }) => !withdrawn && mergedInto === undefined,
  );

/** Every response to one opinion that this reader knows of, oldest first. */
export const responsesTo = (
  { responses }: Pick<ConsultationState, 'responses'>,
  opinion: string,
): Response[] =>
  Object.values(responses)
    .filter((response) => response.opinion === opinion)
    .sort((a, b) => a.recordedAt - b.recordedAt);

export interface AnsweredOpinion {
  readonly opinion: Opinion;
  readonly responses: readonly Response[];
  /** When the newest of them was published, or written down while it isn't. */
  readonly latest: number;
}

/** What the responses' column shows: by opinion, the newest answer first. */
export function answeredOpinions(state: ConsultationState): AnsweredOpinion[] {
  return mainOpinions(state)
    .map((opinion) => {
      const responses = responsesTo(state, opinion.id);
      const latest = Math.max(0, ...responses.map((r) => r.publishedAt ?? r.recordedAt));
      return { opinion, responses, latest };
    })
    .filter(({ responses }) => responses.length > 0)
    .sort((a, b) => b.latest - a.latest || b.opinion.no - a.opinion.no);
}

/** Opinions nobody has answered yet, for the desk: not assigned first, then unit by unit. */
export interface UnansweredGroup {
  /** Absent: not assigned to anyone yet. */
  readonly unit?: string;
  readonly opinions: readonly Opinion[];
}

export function unansweredByUnit(state: ConsultationState): UnansweredGroup[] {
  const open = mainOpinions(state).filter((opinion) => {
    const stage = stageOf(state, opinion);
    return stage === 'tabled' || stage === 'assigned';
  });
  const units = [
    ...new Set([...unitsOf(state.roster), ...open.flatMap((o) => o.assigned?.lead ?? [])]),
  ];
  const unassigned = open.filter((opinion) => !isAssigned(opinion));
  const groups: UnansweredGroup[] = unassigned.length > 0 ? [{ opinions: unassigned }] : [];
  for (const unit of units) {
    const opinions = open.filter(
      (opinion) => isAssigned(opinion) && opinion.assigned?.lead === unit,
    );
    if (opinions.length > 0) groups.push({ unit, opinions });
  }
  return groups;
}

export interface UnitFigures {
  readonly unit: string;
  readonly assigned: number;
  readonly answered: number;
  readonly commitments: number;
  /** Milliseconds from being given an opinion to the first published answer; absent before there is one. */
  readonly medianTime?: number;
}

/** Per department: how many opinions it leads, how many of them are answered, what it has promised. */
export function unitFigures(state: ConsultationState): UnitFigures[] {
  const opinions = mainOpinions(state);
  return unitsOf(state.roster).map((unit) => {
    const own = opinions.filter(
      (opinion) => isAssigned(opinion) && opinion.assigned?.lead === unit,
    );
    const median = medianOf(own.flatMap((opinion) => timeToAnswer(state, opinion) ?? []));
    const published = Object.values(state.responses).filter(
      (response) => response.unit === unit && response.status === 'published',
    );
    return {
      unit,
      assigned: own.length,
      answered: own.filter((opinion) => stageOf(state, opinion) === 'answered').length,
      commitments: published.reduce((sum, { current }) => sum + current.commitments.length, 0),
      ...(median === undefined ? {} : { medianTime: median }),
    };
  });
}

/** Milliseconds from when the lead unit was given it to its first published answer. */
export function timeToAnswer(state: ConsultationState, opinion: Opinion): number | undefined {
  const { assigned } = opinion;
  const published = responsesTo(state, opinion.id).flatMap(({ unit, publishedAt }) =>
    publishedAt !== undefined && unit === assigned?.lead ? [publishedAt] : [],
  );
  if (!assigned || published.length === 0) return undefined;
  return Math.max(0, Math.min(...published) - assigned.at);
}

function medianOf(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [below, at] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 0 && below !== undefined && at !== undefined ? (below + at) / 2 : at;
}

/** The server's count where it has told one, else what this reader knows; members and the public never added up. */
export const supportOf = (opinion: Opinion, counts: Readonly<Record<string, Tally>>): Tally =>
  counts[opinion.id] ?? tallyOf(opinion);
