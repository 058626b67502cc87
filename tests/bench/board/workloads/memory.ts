import { setTimeout as pause } from 'node:timers/promises';
import { sides, start } from '../contestants.ts';
import { plantedBoard } from '../content.ts';
import { joinAll, plant, type Joining } from '../crowd.ts';
import type { Workload } from '../workload.ts';

const FIRST = 200;
const QUIET_MS = 2_000;

/** What one more person at a board takes. */
export const memory: Workload = {
  name: 'memory',
  what: 'resident memory per connection: 2,000 at a board, beside the 200 that came first',
  sides,
  goals: [{ figure: 'perConnection', by: 'bare', limit: 1.5 }],
  units: { perConnection: 'kB', empty: 'MB', full: 'MB' },
  async measure(side, { short }) {
    const people = short ? 600 : 2_000;
    const server = await start(side);
    try {
      await server.ready();
      const room = await server.openRoom('hall', { writers: 0, readers: FIRST + people });
      await plant(room, plantedBoard(room.author, 20));
      const joinings = Array.from({ length: FIRST + people }, (_, seat): Joining => ({
        room,
        seat,
      }));
      const first = await joinAll(joinings.slice(0, FIRST));
      await pause(QUIET_MS);
      const before = server.process.memory();
      const more = await joinAll(joinings.slice(FIRST));
      await pause(QUIET_MS);
      const after = server.process.memory();
      for (const client of [...first, ...more]) client.end();
      const inMB = (kB: number) => Math.round(kB / 1_000);
      return {
        perConnection: (after - before) / people,
        empty: inMB(before),
        full: inMB(after),
      };
    } finally {
      await server.stop();
    }
  },
};
