import { setTimeout as pause } from 'node:timers/promises';
import type { Room } from './contestants.ts';
import { strokesOf } from './content.ts';
import { joinAll, type Client, type Joining } from './crowd.ts';
import { Ledger } from './ledger.ts';
import { findMarks } from './marks.ts';
import { clientFrame } from './wire.ts';

export interface TypistsPlan {
  readonly room: Room;
  /** What stands on the board, for the documents of those who type. */
  readonly planted: readonly Uint8Array[];
  readonly writers: number;
  readonly readers: number;
  /** The most that each will type. */
  readonly strokes: number;
}

/** How far behind its beat the load itself was, in milliseconds: above this, figures speak of the load. */
export const MAX_LATE_MS = 100;

/** Everyone of one room; the first of them type. */
export class Typists {
  readonly ledger: Ledger;
  readonly clients: readonly Client[];
  readonly #frames: Buffer[][];
  readonly #next: number[];
  latest = 0;

  private constructor(ledger: Ledger, clients: readonly Client[], frames: Buffer[][]) {
    this.ledger = ledger;
    this.clients = clients;
    this.#frames = frames;
    this.#next = frames.map(() => 0);
  }

  static async gather(plan: TypistsPlan): Promise<Typists> {
    const { room, planted, writers, readers, strokes } = plan;
    const frames = strokesOf(planted, writers, strokes).map((updates) =>
      updates.map((update) => clientFrame(room.dialect.update(room.name, update))),
    );
    const ledger = new Ledger(writers, strokes);
    const joinings = Array.from({ length: writers + readers }, (_, seat): Joining => {
      const found = ledger.page(seat < writers ? seat : undefined);
      return { room, seat, hear: (bytes, from, to) => findMarks(bytes, from, to, found) };
    });
    return new Typists(ledger, await joinAll(joinings), frames);
  }

  stroke(writer: number): void {
    const stroke = this.#next[writer] ?? 0;
    const frame = this.#frames[writer]?.[stroke];
    if (!frame) throw new Error('nothing left to type');
    this.#next[writer] = stroke + 1;
    this.ledger.typed(writer, stroke, this.clients.length - 1);
    this.clients[writer]?.send(frame);
  }

  get writers(): number {
    return this.#frames.length;
  }

  leave(): void {
    for (const client of this.clients) client.end();
  }
}

/**
 * Types evenly: so many strokes a second over all writers of all rooms, each in turn. Answers how late the load was at
 * worst, in milliseconds.
 */
export async function type(
  rooms: readonly Typists[],
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<number> {
  const turns = rooms.flatMap((room) =>
    Array.from({ length: room.writers }, (_, writer) => ({ room, writer })),
  );
  const total = Math.round(perSecond * seconds);
  const start = performance.now();
  let late = 0;
  for (let done = 0; done < total;) {
    const due = Math.min(total, Math.ceil(((performance.now() - start) / 1_000) * perSecond));
    if (due > done)
      late = Math.max(late, performance.now() - start - ((done + 1) / perSecond) * 1_000);
    for (; done < due; done += 1) {
      const turn = turns[done % turns.length];
      turn?.room.stroke(turn.writer);
    }
    await pause(1);
  }
  return late;
}

/** Waits until all that was typed has come, or for so long. */
export async function settle(rooms: readonly Typists[], patienceMs = 10_000): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (rooms.some(({ ledger }) => ledger.missing > 0) && performance.now() < deadline)
    await pause(2);
}
