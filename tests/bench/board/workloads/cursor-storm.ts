import * as encoding from 'lib0/encoding';
import { setTimeout as pause } from 'node:timers/promises';
import { sides, start, type Room } from '../contestants.ts';
import { plantedBoard } from '../content.ts';
import { joinAll, plant } from '../crowd.ts';
import { Durations } from '../figures.ts';
import { findMarks, markOf } from '../marks.ts';
import { clientFrame } from '../wire.ts';
import type { Workload } from '../workload.ts';

const PER_SECOND = 5;
const PATIENCE_MS = 30_000;

/** What a stock client says of its own cursor; the mark stands where the caret's type is named. */
function moveOf(room: Room, writer: number, stroke: number, client: number): Buffer {
  const place = { type: { client, clock: stroke }, tname: null, item: null, assoc: 0 };
  const state = {
    user: { name: `委员 ${writer}`, color: '#1f6feb', colorLight: '#1f6feb33' },
    card: `card-${writer}`,
    cursor: { anchor: place, head: { ...place, tname: markOf({ writer, stroke }) } },
  };
  const entries = encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, stroke + 1);
    encoding.writeVarString(encoder, JSON.stringify(state));
  });
  return clientFrame(room.dialect.awareness(room.name, entries));
}

/** How old what one sees of the others is. A move that a later one has overtaken was seen when that was. */
class Sight {
  readonly took = new Durations();
  readonly #movedAt: Float64Array[];
  readonly #seen: Int32Array[];
  readonly #last: number;
  /** Pairs of people of whom one has not seen the other's last move. */
  unseen: number;

  constructor(people: number, moves: number) {
    this.#movedAt = Array.from({ length: people }, () => new Float64Array(moves));
    this.#seen = Array.from({ length: people }, () => new Int32Array(people).fill(-1));
    this.#last = moves - 1;
    this.unseen = people * (people - 1);
  }

  moved(person: number, move: number): void {
    const moves = this.#movedAt[person];
    if (moves) moves[move] = performance.now();
  }

  sees(watcher: number, person: number, move: number): void {
    const seen = this.#seen[watcher];
    const before = seen?.[person];
    if (!seen || watcher === person || before === undefined || move <= before) return;
    const now = performance.now();
    for (let one = before + 1; one <= move; one += 1)
      this.took.add(now - (this.#movedAt[person]?.[one] ?? now));
    seen[person] = move;
    if (move === this.#last) this.unseen -= 1;
  }
}

/** Everyone's cursor moves. */
export const cursorStorm: Workload = {
  name: 'cursor-storm',
  what: '200 connections × 5 cursor moves/s for 10 s',
  sides,
  goals: [
    { figure: 'cpu', by: 'best peer', limit: 0.12 },
    { figure: 'p99', by: 'itself', limit: 120 },
    { figure: 'unseen', by: 'itself', limit: 0 },
  ],
  units: { cpu: 's CPU', p50: 'ms', p99: 'ms', unseen: 'pairs' },
  async measure(side, { short }) {
    const people = short ? 50 : 200;
    const moves = PER_SECOND * (short ? 4 : 10);
    const server = await start(side);
    try {
      await server.ready();
      // most who move a cursor write; here everyone has a person's own allowance
      const room = await server.openRoom('hall', { writers: people, readers: 0 });
      await plant(room, plantedBoard(room.author, people));
      const frames = Array.from({ length: people }, (_, person) =>
        Array.from({ length: moves }, (__, move) => moveOf(room, person, move, 1_000 + person)),
      );
      const sight = new Sight(people, moves);
      const clients = await joinAll(
        frames.map((_, seat) => {
          const found = (person: number, move: number) => sight.sees(seat, person, move);
          return { room, seat, hear: (bytes, from, to) => findMarks(bytes, from, to, found) };
        }),
      );
      const before = server.process.cpu();
      await beat(people * moves, people * PER_SECOND, (turn) => {
        const [person, move] = [turn % people, Math.floor(turn / people)];
        sight.moved(person, move);
        clients[person]?.send(frames[person]?.[move] ?? Buffer.alloc(0));
      });
      const deadline = performance.now() + PATIENCE_MS;
      while (sight.unseen > 0 && performance.now() < deadline) await pause(5);
      const cpu = (server.process.cpu() - before) / 1_000;
      clients.forEach((client) => client.end());
      const { took, unseen } = sight;
      return { cpu, p50: took.quantile(0.5), p99: took.quantile(0.99), unseen };
    } finally {
      await server.stop();
    }
  },
};

/** Calls `turn` so many times, so often a second. */
async function beat(
  total: number,
  perSecond: number,
  turn: (index: number) => void,
): Promise<void> {
  const start = performance.now();
  for (let done = 0; done < total; await pause(1)) {
    const due = Math.min(total, Math.ceil(((performance.now() - start) / 1_000) * perSecond));
    for (; done < due; done += 1) turn(done);
  }
}
