import type { Contestant } from './contestants.ts';
import { cardsFor, plantedBoard } from './content.ts';
import { plant } from './crowd.ts';
import { settle, type, Typists } from './typing.ts';

const WRITERS = 10;
const READERS = 2;
const PER_SECOND = 500;
const SECONDS = 4;

/** Two thousand strokes in a small room apart: a server in the middle of its day has its code compiled. */
export async function warmUp(server: Contestant): Promise<void> {
  const seats = { writers: WRITERS, readers: READERS };
  const strokes = (PER_SECOND * SECONDS) / WRITERS;
  const room = await server.openRoom('warm-up', seats);
  const planted = plantedBoard(room.author, cardsFor(WRITERS, strokes));
  await plant(room, planted);
  const typists = await Typists.gather({ room, planted, ...seats, strokes });
  await type([typists], { perSecond: PER_SECOND, seconds: SECONDS });
  await settle([typists]);
  typists.leave();
}
