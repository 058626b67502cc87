import { sides, start } from '../contestants.ts';
import { cardsFor, plantedBoard } from '../content.ts';
import { plant } from '../crowd.ts';
import { settle, type, Typists } from '../typing.ts';
import { warmUp } from '../warm-up.ts';
import type { Goal } from '../verdicts.ts';
import type { Workload } from '../workload.ts';

const WRITERS = 10;
const PER_SECOND = WRITERS * 5;

const goalsAt: Readonly<Record<number, readonly Goal[]>> = {
  200: [{ figure: 'cpu', by: 'best peer', limit: 0.5 }],
  1000: [{ figure: 'cpu', by: 'best peer', limit: 0.35 }],
};

/** One room: ten people type five times a second, everyone receives. */
export const fanOut = (connections: number): Workload => ({
  name: `fan-out-${connections}`,
  what: `one room, ${connections} connections, ${WRITERS} editors × 5 inserts/s`,
  sides,
  goals: [
    ...(goalsAt[connections] ?? []),
    { figure: 'editorsP99', by: 'best peer', limit: 1 },
    { figure: 'readersP99', by: 'itself', limit: 80 },
    { figure: 'delivery', by: 'itself', limit: 1, is: 'least' },
  ],
  units: {
    cpu: 'ms CPU / 1,000 deliveries',
    editorsP50: 'ms',
    editorsP99: 'ms',
    readersP99: 'ms',
    delivery: '',
    late: 'ms',
  },
  async measure(side, { short }) {
    const seconds = short ? 4 : 10;
    const strokes = (seconds * PER_SECOND) / WRITERS;
    const server = await start(side);
    try {
      await server.ready();
      await warmUp(server);
      const readers = connections - WRITERS;
      const room = await server.openRoom('hall', { writers: WRITERS, readers });
      const planted = plantedBoard(room.author, Math.max(100, cardsFor(WRITERS, strokes)));
      await plant(room, planted);
      const typists = await Typists.gather({ room, planted, writers: WRITERS, readers, strokes });
      const { ledger } = typists;
      ledger.begin();
      const before = server.process.cpu();
      const late = await type([typists], { perSecond: PER_SECOND, seconds });
      await settle([typists]);
      const cpu = ((server.process.cpu() - before) / ledger.measured) * 1_000;
      typists.leave();
      return {
        cpu,
        editorsP50: ledger.editors.quantile(0.5),
        editorsP99: ledger.editors.quantile(0.99),
        readersP99: ledger.readers.quantile(0.99),
        delivery: ledger.delivery,
        late,
      };
    } finally {
      await server.stop();
    }
  },
});
