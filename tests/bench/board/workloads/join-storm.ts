import { setTimeout as pause } from 'node:timers/promises';
import { sides, start } from '../contestants.ts';
import { plantedBoard } from '../content.ts';
import { bytesOf, join, plant, WHOLE } from '../crowd.ts';
import { Durations } from '../figures.ts';
import type { Workload } from '../workload.ts';

const SPREAD_MS = 2_000;
const PATIENCE_MS = 60_000;

/** A meeting begins: everyone opens the board within two seconds. */
export const joinStorm: Workload = {
  name: 'join-storm',
  what: '500 join a board of 2,000 cards of 60 characters within 2 s',
  sides,
  goals: [
    { figure: 'syncedP99', by: 'best peer', limit: 0.1 },
    { figure: 'cpu', by: 'best peer', limit: 0.2 },
    { figure: 'joined', by: 'itself', limit: 1, is: 'least' },
  ],
  units: { cpu: 's CPU', syncedP50: 'ms', syncedP99: 'ms', joined: 'share', boardKB: 'kB' },
  async measure(side, { short }) {
    const [people, cards] = short ? [100, 500] : [500, 2_000];
    const server = await start(side);
    try {
      await server.ready();
      const room = await server.openRoom('hall', { writers: 0, readers: people });
      const planted = plantedBoard(room.author, cards);
      await plant(room, planted);
      const boardBytes = bytesOf(planted);
      const took = new Durations();
      const before = server.process.cpu();
      const joining = Array.from({ length: people }, async (_, seat) => {
        await pause((seat / people) * SPREAD_MS);
        const began = performance.now();
        const client = await join({ room, seat, boardBytes: boardBytes * WHOLE });
        await client.synced;
        took.add(performance.now() - began);
        return client;
      });
      await Promise.race([Promise.allSettled(joining), pause(PATIENCE_MS)]);
      const cpu = (server.process.cpu() - before) / 1_000;
      for (const settled of await Promise.allSettled(joining))
        if (settled.status === 'fulfilled') settled.value.end();
      return {
        cpu,
        syncedP50: took.quantile(0.5),
        syncedP99: took.quantile(0.99),
        joined: took.total / people,
        boardKB: Math.round(boardBytes / 1_000),
      };
    } finally {
      await server.stop();
    }
  },
};
