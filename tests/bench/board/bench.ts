// The board against its peers: `npm run bench:board -- [workload …] [--rounds 3] [--short] [--only ours,bare]`.
// Server and load have a core each; the sides take turns, round by round; what is printed are medians.
import { parseArgs } from 'node:util';
import { sides, type Side } from './contestants.ts';
import { median } from './figures.ts';
import { installPeers } from './peers-folder.ts';
import { stayOnLoadCore } from './process.ts';
import { printRound, printVerdicts, printWorkload } from './report.ts';
import { judge, type Figures } from './verdicts.ts';
import type { Workload } from './workload.ts';
import { workloads } from './workloads/index.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string' },
    short: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  },
});
const { short } = values;
const rounds = Number(values.rounds ?? (short ? 1 : 3));
const wanted = workloads.filter(
  ({ name }) => positionals.length === 0 || positionals.some((part) => name.startsWith(part)),
);
if (wanted.length === 0) {
  console.log(`there are: ${workloads.map(({ name }) => name).join(', ')}`);
  process.exit(1);
}

/** Sides that take part, beginning with another one each round. */
function order(workload: Workload, round: number): Side[] {
  const only = values.only.split(',').filter(Boolean);
  const taking = workload.sides.filter((side) => only.length === 0 || only.includes(side));
  return taking.map((_, index) => taking[(index + round) % taking.length] as Side);
}

async function run(workload: Workload): Promise<void> {
  const roundsBySide = new Map<Side, Figures[]>();
  printWorkload(workload);
  for (let round = 0; round < rounds; round += 1) {
    for (const side of order(workload, round)) {
      const figures = await workload.measure(side, { short });
      printRound(workload, side, figures);
      roundsBySide.set(side, [...(roundsBySide.get(side) ?? []), figures]);
    }
  }
  const medians = new Map([...roundsBySide].map(([side, all]) => [side, mediansOf(all)] as const));
  printVerdicts(
    workload,
    medians,
    workload.goals.map((goal) => judge(goal, medians)),
  );
}

function mediansOf(all: readonly Figures[]): Figures {
  const names = Object.keys(all[0] ?? {});
  return Object.fromEntries(
    names.map((name) => [name, median(all.map((figures) => figures[name] ?? NaN))]),
  );
}

stayOnLoadCore();
if (values.only === '' || sides.some((side) => side !== 'ours' && values.only.includes(side)))
  installPeers();
for (const workload of wanted) await run(workload);
