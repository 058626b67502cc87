import type { Side } from './contestants.ts';
import type { Figures, Goal, Medians, Verdict } from './verdicts.ts';
import type { Workload } from './workload.ts';

const NAME = 14;
const COLUMN = 13;

/** Three digits that mean something. */
export function inShort(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  if (Number.isInteger(value)) return value.toString();
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(4, digits));
}

const row = (name: string, cells: readonly string[]): string =>
  `  ${name.padEnd(NAME)}${cells.map((cell) => cell.padStart(COLUMN)).join('')}`;

export function printWorkload({ name, what, units }: Workload): void {
  console.log(`\n${name}: ${what}`);
  console.log(row('', Object.keys(units)));
  console.log(
    row(
      '',
      Object.values(units).map((unit) => unit.slice(0, COLUMN - 1)),
    ),
  );
}

export const printRound = ({ units }: Workload, side: Side, figures: Figures): void =>
  console.log(
    row(
      side,
      Object.keys(units).map((figure) => inShort(figures[figure])),
    ),
  );

export function printVerdicts(
  workload: Workload,
  medians: Medians,
  verdicts: readonly Verdict[],
): void {
  console.log('  medians');
  for (const [side, figures] of medians) printRound(workload, side as Side, figures);
  for (const verdict of verdicts) console.log(`  ${sentenceOf(verdict)}`);
}

export function sentenceOf({ goal, value, holds }: Verdict): string {
  const word = holds === undefined ? 'NOT MEASURED' : holds ? 'HOLDS' : 'MISSES';
  return `${word.padEnd(13)}${goal.figure}: ${inShort(value)}${unitOf(goal)}, goal ${goal.is === 'least' ? '≥' : '≤'} ${goal.limit}${unitOf(goal)}`;
}

const unitOf = ({ by }: Goal): string => (by === 'itself' ? '' : ` × ${by}`);
