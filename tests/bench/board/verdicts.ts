/** What is measured of one side in one round, by name: `cpu`, `editorsP99`, … */
export type Figures = Readonly<Record<string, number>>;

export interface Goal {
  readonly figure: string;
  /** What is held against the limit; `best` is the peers' smallest. */
  readonly by: 'itself' | 'best peer' | 'bare';
  readonly limit: number;
  /** `least`: not less than the limit. */
  readonly is?: 'most' | 'least';
}

export interface Verdict {
  readonly goal: Goal;
  /** The figure, or its ratio to the side it is held against. */
  readonly value: number;
  readonly holds: boolean | undefined;
}

/** The sides' medians, by name of the side. */
export type Medians = ReadonlyMap<string, Figures>;

export const peers = ['reference', 'hocuspocus'] as const;

/** `holds` is undefined when what is needed was not measured. */
export function judge(goal: Goal, medians: Medians): Verdict {
  const own = figureOf(medians, 'ours', goal.figure);
  const value = goal.by === 'itself' ? own : own / heldAgainst(goal, medians);
  if (!Number.isFinite(value)) return { goal, value, holds: undefined };
  return { goal, value, holds: goal.is === 'least' ? value >= goal.limit : value <= goal.limit };
}

function heldAgainst({ figure, by, is }: Goal, medians: Medians): number {
  if (by === 'bare') return figureOf(medians, 'bare', figure);
  const theirs = peers.map((peer) => figureOf(medians, peer, figure)).filter(Number.isFinite);
  if (theirs.length === 0) return NaN;
  return is === 'least' ? Math.max(...theirs) : Math.min(...theirs);
}

const figureOf = (medians: Medians, side: string, figure: string): number =>
  medians.get(side)?.[figure] ?? NaN;
