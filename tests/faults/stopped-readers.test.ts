// Readers whose process is stopped: their sockets stay open, take nothing, and say nothing. The others go on as if
// they were not there, the server's memory stays where it is, and whoever wakes has everything.
// STOPPED=200 STOPPED_SECONDS=180 for the long form.
import { fork, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type * as Y from 'yjs';
import { enter, type Participant } from '../../scripts/demonstration/participant.ts';
import { addCard, cardBody, readLanes } from '../../shared/board/schema.ts';
import { endWith, tieToThisProcess } from '../helpers/processes.ts';
import { startServer, type StartedServer } from '../helpers/server.ts';
import type { Read } from './reading-process.ts';
import { wordsOn } from './words-on.ts';

const READERS = Number(process.env['STOPPED'] ?? 24);
const SECONDS = Number(process.env['STOPPED_SECONDS'] ?? 9);
/** More would be turned away: one person has twenty connections. */
const PER_PERSON = 19;
const PER_PROCESS = 25;
/** A stroke of each writer: long enough that a socket which nobody reads is full within seconds. */
const STROKE_CHARS = 3_000;
const STROKE_MS = 25;
/** What a run of the same length may have grown by for reasons of its own: heaps are swept when they like. */
const AMPLE_MB = 64;

// each process is ended with this one
process.setMaxListeners(50);

interface Writer {
  readonly person: Participant;
  readonly doc: Y.Doc;
  readonly card: string;
}

async function enterAsWriter(link: string, consultation: string): Promise<Writer> {
  const person = await enter(link, consultation);
  const { doc } = await person.board();
  const card = `stopped-${person.me.person}`;
  const [lane] = readLanes(doc);
  doc.transact(() =>
    addCard(doc, { id: card, lane: lane!.id, author: person.me.person, createdAt: 1 }),
  );
  return { person, doc, card };
}

/** The processes, with readers spread over everyone who does not write. */
async function startReaders({ links: { demo } }: StartedServer): Promise<ChildProcess[]> {
  const { consultation, members, departments, clerk, observer } = demo;
  const people = [...members.slice(1), ...departments, clerk, observer];
  const places = people.flatMap((link) => Array<string>(PER_PERSON).fill(link));
  expect(places.length).toBeGreaterThanOrEqual(READERS);
  // a few of everyone, so that a short run stops them all as well
  const taken = Array.from({ length: READERS }, (_, n) => people[n % people.length]!);
  const processes: Promise<ChildProcess>[] = [];
  for (let from = 0; from < READERS; from += PER_PROCESS) {
    const links = taken.slice(from, from + PER_PROCESS);
    const pairs = [...new Set(links)].flatMap((link) => [
      link,
      String(links.filter((each) => each === link).length),
    ]);
    const child = fork(path.join(import.meta.dirname, 'reading-process.ts'), [
      consultation,
      ...pairs,
    ]);
    tieToThisProcess(child);
    processes.push(
      new Promise((resolve, reject) => {
        child.once('message', () => resolve(child));
        child.once('exit', (code) => reject(new Error(`a reader ended with ${code}`)));
      }),
    );
  }
  return Promise.all(processes);
}

const ask = (child: ChildProcess): Promise<Read> =>
  new Promise((resolve) => {
    child.once('message', (read) => resolve(read as Read));
    child.send('state');
  });

/** Resident memory of the server, in MB. */
const memoryOf = ({ pid }: StartedServer): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;

const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? NaN;

interface Run {
  /** From one writer's stroke to the other's board, in ms. */
  readonly strokes: number[];
  /** From a command to the other's record. */
  readonly commands: number[];
  /** The server's memory, once a quarter of a second. */
  readonly memory: number[];
}

/** Both write, and speak, for so long; each stroke and each command is timed at the other. */
async function meet(
  server: StartedServer,
  [one, other]: readonly [Writer, Writer],
  seconds: number,
): Promise<Run> {
  const run: Run = { strokes: [], commands: [], memory: [] };
  const until = Date.now() + seconds * 1_000;
  const going = () => Date.now() < until;
  const watch = setInterval(() => run.memory.push(memoryOf(server)), 250);
  const strike = async (writer: Writer, reader: Writer) => {
    for (let n = 0; going(); n += 1) {
      const begun = performance.now();
      const mark = `〔${n}〕`;
      const seen = new Promise<void>((resolve) => {
        const look = () => {
          if (!cardBody(reader.doc, writer.card)?.toJSON().startsWith(mark)) return;
          reader.doc.off('afterTransaction', look);
          resolve();
        };
        reader.doc.on('afterTransaction', look);
      });
      const body = cardBody(writer.doc, writer.card)!;
      writer.doc.transact(() => {
        body.delete(0, body.length);
        body.insert(0, mark + '商'.repeat(STROKE_CHARS));
      });
      await seen;
      run.strokes.push(performance.now() - begun);
      await new Promise((resolve) => setTimeout(resolve, STROKE_MS));
    }
  };
  const speak = async () => {
    for (let raised = false; going(); raised = !raised) {
      const begun = performance.now();
      await one.person.send(raised ? 'floor.withdraw' : 'floor.raise', {});
      const { seq } = one.person.state();
      await other.person.until((state) => state.seq >= seq);
      run.commands.push(performance.now() - begun);
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
  };
  try {
    await Promise.all([strike(one, other), strike(other, one), speak()]);
  } finally {
    clearInterval(watch);
  }
  return run;
}

const third = (values: readonly number[], index: number): readonly number[] =>
  values.slice(
    Math.floor((values.length * index) / 3),
    Math.floor((values.length * (index + 1)) / 3),
  );

const figures = ({ strokes, commands }: Run): string =>
  Object.entries({ strokes, commands })
    .map(([what, values]) => {
      const [p50, p95] = [0.5, 0.95].map((share) => percentile(values, share).toFixed(1));
      return `${what} p50 ${p50} p95 ${p95} ms (${values.length})`;
    })
    .join(', ');

test(
  `[LIV6] [BRD22] ${READERS} readers stopped for ${SECONDS} s: nobody notices, and nothing grows`,
  { timeout: 120_000 + SECONDS * 4_000 },
  async () => {
    const server = await startServer();
    let readers: ChildProcess[] = [];
    try {
      const { consultation, moderator, members } = server.links.demo;
      const writers = [
        await enterAsWriter(moderator, consultation),
        await enterAsWriter(members[0]!, consultation),
      ] as const;
      // warm, and then as it is without anyone else
      await meet(server, writers, 2);
      const alone = await meet(server, writers, Math.min(SECONDS, 20));
      readers = await startReaders(server);
      const before = memoryOf(server);
      for (const child of readers) child.kill('SIGSTOP');
      const stopped = await meet(server, writers, SECONDS);
      for (const child of readers) child.kill('SIGCONT');

      const truth = () => wordsOn(writers[0].doc);
      const { seq } = writers[0].person.state();
      await expect
        .poll(
          async () => {
            const reads = await Promise.all(readers.map(ask));
            const boards = new Set([truth(), ...reads.flatMap((read) => read.boards)]);
            return [boards.size, Math.min(...reads.flatMap((read) => read.heard)) >= seq];
          },
          { timeout: 60_000, interval: 500 },
        )
        .toEqual([1, true]);
      await Promise.all(readers.map((child) => endWith(child, 'SIGKILL')));
      readers = [];
      // once more without anyone: the machine has other work, now more and now less
      const afterwards = await meet(server, writers, Math.min(SECONDS, 20));
      for (const what of ['strokes', 'commands'] as const) alone[what].push(...afterwards[what]);

      const level = Math.max(...third(stopped.memory, 2)) - Math.max(...third(stopped.memory, 1));
      const thirds = [0, 1, 2].map((n) => Math.max(...third(stopped.memory, n)).toFixed(0));
      console.log(`alone: ${figures(alone)}\n${READERS} stopped: ${figures(stopped)}`);
      console.log(
        `memory: ${before.toFixed(0)} MB when they stopped, then at most ${thirds.join(', ')} MB by thirds`,
      );
      for (const what of ['strokes', 'commands'] as const) {
        const [without, withThem] = [percentile(alone[what], 0.5), percentile(stopped[what], 0.5)];
        expect(withThem, what).toBeLessThan(2 * without + 10);
      }
      expect(level).toBeLessThan(AMPLE_MB);

      writers.forEach(({ person }) => person.leave());
    } finally {
      await Promise.all(readers.map((child) => endWith(child, 'SIGKILL')));
      await server.stop();
    }
  },
);
