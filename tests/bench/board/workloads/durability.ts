import { setTimeout as pause } from 'node:timers/promises';
import type * as Y from 'yjs';
import { cardsOf, cardText } from '../../../../shared/board/schema.ts';
import { start, type Contestant, type Side } from '../contestants.ts';
import { cardsFor, plantedBoard } from '../content.ts';
import { bytesOf, openCopy, plant, WHOLE } from '../crowd.ts';
import { findMarks, keyOf } from '../marks.ts';
import { type, Typists } from '../typing.ts';
import type { Workload } from '../workload.ts';

const WRITERS = 4;
const READERS = 2;
const PER_SECOND = 80;
const MAX_SECONDS = 1.5;
const killsOf = (side: Side, short: boolean): number =>
  short ? 3 : side === 'ours' ? Number(process.env['KILLS'] ?? 200) : 20;

/** The power goes while people type; then a stranger looks for everything that anyone had received from another. */
export const durability: Workload = {
  name: 'durability',
  what: 'SIGKILL while four type (ours 200 times, peers 20): received by another, and gone after the restart',
  sides: ['ours', 'reference', 'hocuspocus'],
  goals: [{ figure: 'lost', by: 'itself', limit: 0 }],
  units: { kills: '', received: 'marks', lost: 'marks' },
  async measure(side, { short }) {
    const kills = killsOf(side, short);
    const strokes = Math.ceil((PER_SECOND * MAX_SECONDS) / WRITERS) + 10;
    let [received, lost] = [0, 0];
    const server = await start(side);
    try {
      await server.ready();
      for (let kill = 0; kill < kills; kill += 1) {
        // a room of its own each time: what is looked for is what was typed since
        const seats = { writers: WRITERS, readers: READERS };
        const room = await server.openRoom(`kill-${kill}`, seats);
        const planted = plantedBoard(room.author, cardsFor(WRITERS, strokes));
        await plant(room, planted);
        const typists = await Typists.gather({ room, planted, ...seats, strokes });
        const had = await cutOff(server, typists);
        server.again();
        await server.ready();
        const kept = marksIn(await openCopy(room, bytesOf(planted) * WHOLE));
        received += had.size;
        lost += [...had].filter((mark) => !kept.has(mark)).length;
      }
    } finally {
      await server.stop();
    }
    return { kills, received, lost };
  },
};

/** What others had received of each writer when the power went. */
async function cutOff(server: Contestant, typists: Typists): Promise<Set<number>> {
  const seconds = 0.3 + Math.random() * (MAX_SECONDS - 0.3);
  const typing = type([typists], { perSecond: PER_SECOND, seconds: MAX_SECONDS });
  await pause(seconds * 1_000);
  await server.process.end('SIGKILL');
  await typing;
  await Promise.all(typists.clients.map(({ closed }) => closed));
  return typists.ledger.receivedByAnyone();
}

function marksIn(doc: Y.Doc): Set<number> {
  const marks = new Set<number>();
  for (const id of cardsOf(doc).keys()) {
    const text = Buffer.from(cardText(doc, id));
    findMarks(text, 0, text.length, (writer, stroke) => marks.add(keyOf(writer, stroke)));
  }
  return marks;
}
