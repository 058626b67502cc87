// A process full of readers, for a test that stops it with SIGSTOP: from then on nothing of it reads, and nothing of
// it closes. Arguments: the consultation, then pairs of a link and how many read by it. Answers `state` over IPC.
import { enter } from '../../scripts/demonstration/participant.ts';
import { wordsOn } from './words-on.ts';

// every provider listens for the end of the process
process.setMaxListeners(0);
const [, , consultation = '', ...pairs] = process.argv;

const readers = await Promise.all(
  pairs.flatMap((link, index) =>
    index % 2 === 1
      ? []
      : Array.from({ length: Number(pairs[index + 1]) }, async () => {
          const person = await enter(link, consultation);
          return { person, board: await person.board() };
        }),
  ),
);

export interface Read {
  /** What each has on its board, and how far each has heard the record. */
  readonly boards: string[];
  readonly heard: number[];
}

process.on('message', () => {
  const read: Read = {
    boards: [...new Set(readers.map(({ board }) => wordsOn(board.doc)))],
    heard: [...new Set(readers.map(({ person }) => person.state().seq))],
  };
  process.send?.(read);
});
process.on('disconnect', () => process.exit());
process.send?.('reading');
