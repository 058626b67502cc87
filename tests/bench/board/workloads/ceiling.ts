import { sides, start } from '../contestants.ts';
import { cardsFor, plantedBoard } from '../content.ts';
import { plant } from '../crowd.ts';
import { MAX_LATE_MS, settle, type, Typists } from '../typing.ts';
import type { Workload } from '../workload.ts';

const PEOPLE = 100;
const SECONDS = 4;
const MAX_P99_MS = 250;
const PATIENCE_MS = 30_000;
const rates = [200, 400, 800, 1_600, 3_200, 4_800, 6_400, 9_600, 12_800, 16_000];

/** Everyone types, faster and faster, until it takes too long. One step further, nothing may be lost. */
export const ceiling: Workload = {
  name: 'ceiling',
  what: `${PEOPLE} connections that all type, faster until p99 > ${MAX_P99_MS} ms`,
  sides,
  goals: [
    { figure: 'rate', by: 'best peer', limit: 1, is: 'least' },
    { figure: 'cpu', by: 'best peer', limit: 0.5 },
    { figure: 'beyond', by: 'itself', limit: 1, is: 'least' },
  ],
  units: {
    rate: 'inserts/s',
    p99: 'ms',
    cpu: 'ms / 1,000',
    delivery: '',
    beyond: 'delivery',
    byLoad: 'inserts/s',
  },
  async measure(side, { short }) {
    const steps = short ? rates.slice(0, 5) : rates;
    const total = steps.reduce((sum, rate) => sum + rate, 0) + 2 * Math.max(...steps);
    const strokes = Math.ceil((total * SECONDS) / PEOPLE) + steps.length;
    const server = await start(side);
    try {
      await server.ready();
      const seats = { writers: PEOPLE, readers: 0 };
      const room = await server.openRoom('hall', seats);
      const planted = plantedBoard(room.author, cardsFor(PEOPLE, strokes), 20);
      await plant(room, planted);
      const typists = await Typists.gather({ room, planted, ...seats, strokes });
      let reached = { rate: 0, p99: NaN, cpu: NaN, delivery: NaN, beyond: NaN, byLoad: NaN };
      const cpu = () => server.process.cpu();
      for (const rate of steps) {
        let step = await climb(typists, rate, cpu);
        // once more: whatever else the machine did just then is no ceiling
        if (step.p99 > MAX_P99_MS) step = await climb(typists, rate, cpu);
        // beyond this the load itself can't keep time: what is measured is not the server any more
        if (step.late > MAX_LATE_MS) reached = { ...reached, byLoad: rate };
        if (step.p99 > MAX_P99_MS || step.delivery < 1) {
          reached = { ...reached, beyond: step.delivery };
          break;
        }
        reached = { ...reached, ...step, rate, beyond: step.delivery };
      }
      typists.leave();
      return reached;
    } finally {
      await server.stop();
    }
  },
};

async function climb(typists: Typists, rate: number, cpu: () => number) {
  const { ledger } = typists;
  ledger.begin();
  const before = cpu();
  const late = await type([typists], { perSecond: rate, seconds: SECONDS });
  await settle([typists], PATIENCE_MS);
  return {
    p99: ledger.editors.quantile(0.99),
    cpu: ((cpu() - before) / ledger.measured) * 1_000,
    delivery: ledger.delivery,
    late,
  };
}
