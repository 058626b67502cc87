// Whatever is sent to the board's socket, by whomever: the server lives, what it refuses leaves no trace, and the
// others write on. FUZZ_FRAMES for the count of each opcode, SEED to replay.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { opcodes, regressions } from './attack-frames.ts';
import { seedOfRun } from './random.ts';
import { besiege, type Siege } from './siege.ts';

const frames = Number(process.env['FUZZ_FRAMES'] ?? 150);
/** A new board after so many: an old one grows, and hides what is wrong with a young one. */
const FRAMES_PER_BOARD = 500;
const seed = seedOfRun();

const uncaught: unknown[] = [];
const note = (error: unknown) => void uncaught.push(error);
let siege: Siege | undefined;
beforeAll(() => {
  console.log(`board fuzz: SEED=${seed} FUZZ_FRAMES=${frames}`);
  process.on('uncaughtException', note);
});
afterAll(() => void process.off('uncaughtException', note));
afterEach(async () => {
  await siege?.remove();
  siege = undefined;
});

async function round(name: string, count: number, opcode: (typeof opcodes)[number]) {
  siege = await besiege(name);
  for (let n = 0; n < count; n += 1) {
    await siege.attack(opcode);
    expect(uncaught, `seed ${name}, frame ${n + 1}`).toEqual([]);
  }
  const { outcomes, trips } = siege;
  await siege.end();
  siege = undefined;
  return { outcomes, trips };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;

/** What a stroke right behind an attack may take: the attack is dealt with first, and that must be quick. */
const MOST_TIMES = 3;
const MOST_MORE_MS = 10;

const patience = 60_000 + frames * 100;

test.each(opcodes)(
  '[BRD2] [BRD5] [BRD14] %s: no frame does harm',
  { timeout: patience },
  async (opcode) => {
    const total: Record<string, number> = {};
    const calm: number[] = [];
    const besieged: number[] = [];
    for (let left = frames, n = 0; left > 0; left -= FRAMES_PER_BOARD, n += 1) {
      const count = Math.min(left, FRAMES_PER_BOARD);
      const { outcomes, trips } = await round(`${seed}/${opcode}/${n}`, count, opcode);
      calm.push(...trips.calm);
      besieged.push(...trips.besieged);
      for (const [what, times] of Object.entries(outcomes))
        total[what] = (total[what] ?? 0) + times;
    }
    const [before, during, worst] = [median(calm), median(besieged), Math.max(...besieged)];
    const took = [before, during, worst].map((ms) => ms.toFixed(1)).join(', ');
    console.log(`${opcode}: ${frames} frames`, JSON.stringify(total), `bystander ms ${took}`);
    expect(during, 'the bystander’s stroke').toBeLessThan(MOST_TIMES * before + MOST_MORE_MS);
  },
);

test.each(regressions)('[BRD5] $name', async ({ name, person, make }) => {
  siege = await besiege(name);
  await siege.attackWith(person, (target) => ({ name, frame: make(target), forbidden: true }));
  expect(uncaught).toEqual([]);
  await siege.end();
  siege = undefined;
});
