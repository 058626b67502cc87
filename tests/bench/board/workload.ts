import type { Side } from './contestants.ts';
import type { Figures, Goal } from './verdicts.ts';

/** Something that is measured, of each side in turn. */
export interface Workload {
  readonly name: string;
  readonly what: string;
  readonly sides: readonly Side[];
  readonly goals: readonly Goal[];
  /** A figure's unit, in the order of the table; what is not named here is not printed. */
  readonly units: Readonly<Record<string, string>>;
  /** Measures one side once, on a server of its own. */
  measure(side: Side, options: Options): Promise<Figures>;
}

export interface Options {
  /** A look, not a measurement: smaller and shorter. */
  readonly short: boolean;
}
