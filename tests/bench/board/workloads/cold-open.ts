import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { copyData, sides, start, type Room, type Side } from '../contestants.ts';
import { CHARS_PER_EDIT, grownCards } from '../content.ts';
import { join, joinAll, untilGrown, WHOLE } from '../crowd.ts';
import { clientFrame } from '../wire.ts';
import type { Workload } from '../workload.ts';

const GROWERS = 20;
const EDITS_PER_CARD = 10;
const CHARS_PER_CARD = EDITS_PER_CARD * CHARS_PER_EDIT;
/** A person may write two hundred times a second. */
const BEAT_MS = 6;
const PATIENCE_MS = 60_000;

interface Grown {
  readonly data: string;
  readonly port: number;
  readonly room: Room;
  readonly boardBytes: number;
}

const grownBySide = new Map<string, Promise<Grown>>();

/** A server starts, and somebody opens a large old board. */
export const coldOpen: Workload = {
  name: 'cold-open',
  what: 'a board of 5,000 cards made by 50,000 edits: from process start until the first has it',
  sides: sides.filter((side) => side !== 'bare'),
  goals: [{ figure: 'synced', by: 'best peer', limit: 0.3 }],
  units: { synced: 'ms', listening: 'ms', cpu: 's CPU', boardKB: 'kB' },
  async measure(side, { short }) {
    const cards = short ? 500 : 5_000;
    const key = `${side} ${cards}`;
    const growing = grownBySide.get(key) ?? grow(side, cards);
    grownBySide.set(key, growing);
    const { data, port, room, boardBytes } = await growing;
    const began = performance.now();
    const server = await start(side, { data, port });
    try {
      const spawned = performance.now() - began; // copying the data is none of the server's doing
      const client = await patiently(() => join({ room, seat: 0, boardBytes: boardBytes * WHOLE }));
      const listening = performance.now() - began - spawned;
      await client.synced;
      const synced = performance.now() - began - spawned;
      const cpu = server.process.cpu() / 1_000;
      client.end();
      return { synced, listening, cpu, boardKB: Math.round(boardBytes / 1_000) };
    } finally {
      await server.stop();
    }
  },
};

async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await pause(2);
    }
  }
}

/** Twenty people write it, through the server, as fast as a person may. Ours is then killed, for it need not be warned. */
async function grow(side: Side, cards: number): Promise<Grown> {
  const server = await start(side);
  await server.ready();
  const room = await server.openRoom('hall', { writers: GROWERS, readers: 0 });
  const each = cards / GROWERS;
  const edits = Array.from({ length: GROWERS }, (_, seat) =>
    grownCards(room.personAt(seat), seat * each, each, EDITS_PER_CARD),
  );
  const clients = await joinAll(edits.map((_, seat) => ({ room, seat })));
  for (let edit = 0; edit < each * EDITS_PER_CARD; edit += 1) {
    for (const [seat, client] of clients.entries()) {
      const update = edits[seat]?.[edit];
      if (update) client.send(clientFrame(room.dialect.update(room.name, update)));
    }
    await pause(BEAT_MS);
  }
  const boardBytes = await untilGrown(room, cards, cards * CHARS_PER_CARD);
  for (const client of clients) client.end();
  await server.process.end(side === 'ours' ? 'SIGKILL' : 'SIGTERM');
  const data = mkdtempSync(path.join(tmpdir(), 'board-bench-grown-'));
  process.once('exit', () => rmSync(data, { recursive: true, force: true }));
  copyData(server.dataDir, data);
  await server.stop();
  return { data, port: server.port, room, boardBytes };
}
