import { start } from '../contestants.ts';
import { cardsFor, plantedBoard } from '../content.ts';
import { plant } from '../crowd.ts';
import { settle, type, Typists } from '../typing.ts';
import { warmUp } from '../warm-up.ts';
import type { Workload } from '../workload.ts';

const WRITERS = 10;

/** What judging costs: the same server with and without it, few to tell. */
export const gateCost: Workload = {
  name: 'gate-cost',
  what: '10 people alone at a board, 300 inserts/s: with the gate’s judging and without',
  sides: ['ours', 'ours, ungated'],
  goals: [{ figure: 'delivery', by: 'itself', limit: 1, is: 'least' }],
  units: { cpu: 'ms / update', perSecond: 'updates/s', delivery: '' },
  async measure(side, { short }) {
    const [perSecond, seconds] = [300, short ? 4 : 10];
    const seats = { writers: WRITERS, readers: 0 };
    const strokes = (perSecond * seconds) / WRITERS;
    const server = await start(side);
    try {
      await server.ready();
      await warmUp(server);
      const room = await server.openRoom('hall', seats);
      const planted = plantedBoard(room.author, Math.max(100, cardsFor(WRITERS, strokes)));
      await plant(room, planted);
      const typists = await Typists.gather({ room, planted, ...seats, strokes });
      const before = server.process.cpu();
      await type([typists], { perSecond, seconds });
      await settle([typists]);
      const cpu = (server.process.cpu() - before) / (perSecond * seconds);
      typists.leave();
      return { cpu, perSecond, delivery: typists.ledger.delivery };
    } finally {
      await server.stop();
    }
  },
};
