import type { Workload } from '../workload.ts';
import { ceiling } from './ceiling.ts';
import { coldOpen } from './cold-open.ts';
import { cursorStorm } from './cursor-storm.ts';
import { durability } from './durability.ts';
import { fanOut } from './fan-out.ts';
import { gateCost } from './gate-cost.ts';
import { joinStorm } from './join-storm.ts';
import { manyRooms } from './many-rooms.ts';
import { memory } from './memory.ts';

/** In the order of the table. */
export const workloads: readonly Workload[] = [
  ...[50, 200, 500, 1_000].map(fanOut),
  manyRooms,
  joinStorm,
  coldOpen,
  cursorStorm,
  ceiling,
  memory,
  gateCost,
  durability,
];
