import { sides, start } from '../contestants.ts';
import { cardsFor, plantedBoard } from '../content.ts';
import { plant } from '../crowd.ts';
import { settle, type, Typists } from '../typing.ts';
import { warmUp } from '../warm-up.ts';
import type { Workload } from '../workload.ts';

const WRITERS = 3;
const READERS = 17;
const PER_WRITER = 2;

/** Many meetings on one server at a time. */
export const manyRooms: Workload = {
  name: 'many-rooms',
  what: '50 rooms × 20 connections, 3 editors × 2 inserts/s in each',
  sides,
  goals: [
    { figure: 'cpu', by: 'best peer', limit: 0.7 },
    { figure: 'delivery', by: 'itself', limit: 1, is: 'least' },
  ],
  units: { cpu: 'ms CPU / 1,000', editorsP99: 'ms', readersP99: 'ms', delivery: '', late: 'ms' },
  async measure(side, { short }) {
    const count = short ? 10 : 50;
    const seconds = short ? 4 : 10;
    const strokes = seconds * PER_WRITER;
    const server = await start(side);
    try {
      await server.ready();
      await warmUp(server);
      const rooms: Typists[] = [];
      for (let index = 0; index < count; index += 1) {
        const seats = { writers: WRITERS, readers: READERS };
        const room = await server.openRoom(`room-${index}`, seats);
        const planted = plantedBoard(room.author, Math.max(20, cardsFor(WRITERS, strokes)));
        await plant(room, planted);
        rooms.push(await Typists.gather({ room, planted, ...seats, strokes }));
      }
      for (const { ledger } of rooms) ledger.begin();
      const before = server.process.cpu();
      const late = await type(rooms, { perSecond: count * WRITERS * PER_WRITER, seconds });
      await settle(rooms);
      const delivered = rooms.reduce((sum, { ledger }) => sum + ledger.measured, 0);
      const cpu = ((server.process.cpu() - before) / delivered) * 1_000;
      rooms.forEach((room) => room.leave());
      const worst = (of: (room: Typists) => number) => Math.max(...rooms.map(of));
      return {
        cpu,
        editorsP99: worst(({ ledger }) => ledger.editors.quantile(0.99)),
        readersP99: worst(({ ledger }) => ledger.readers.quantile(0.99)),
        delivery: Math.min(...rooms.map(({ ledger }) => ledger.delivery)),
        late,
      };
    } finally {
      await server.stop();
    }
  },
};
