import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FanOut, type Recipient } from '../../server/board/fan-out.ts';

const READERS_MS = 50;
const VECTOR = Uint8Array.of(7);

class Someone implements Recipient {
  listening = true;
  behind: Uint8Array | undefined;
  told = 0;
  isFull = false;
  /** What came in one write each. */
  readonly writes: string[] = [];

  write(frames: Buffer): void {
    this.writes.push(frames.toString());
  }

  fallBehind(stateVector: Uint8Array): void {
    this.behind = stateVector;
  }
}

let room: FanOut<Someone>;
let alice: Someone, bob: Someone, olga: Someone;

beforeEach(() => {
  vi.useFakeTimers();
  room = new FanOut({ readersMs: READERS_MS, stateVector: () => VECTOR });
  [alice, bob, olga] = [new Someone(), new Someone(), new Someone()];
  for (const one of [alice, bob, olga]) room.enter(one);
});
afterEach(() => {
  room.close();
  vi.useRealTimers();
});

/** One turn in which each of these wrote something. */
const turn = (...written: (readonly [words: string, writer?: Someone])[]) =>
  room.tell(written.map(([words, writer]) => ({ frame: Buffer.from(words), writer })));

test('[BRD21] whoever writes hears of each turn at once, without their own words', () => {
  turn(['a', alice], ['b', bob]);
  turn(['c', alice]);
  expect(alice.writes).toEqual(['b']);
  expect(bob.writes).toEqual(['a', 'c']);
});

test('[BRD21] whoever writes several times in a turn is told what others wrote between, before and after', () => {
  turn(['_', alice], ['_', bob]);
  turn(['a', alice], ['b', bob], ['c', alice], ['d', alice], ['e'], ['f', alice]);
  turn(['g', bob], ['h', alice], ['i', bob]);
  expect(alice.writes).toEqual(['_', 'be', 'gi']);
  expect(bob.writes).toEqual(['_', 'acdef', 'h']);
});

test('[BRD21] after a pause a reader hears at once, else within 50 ms of all turns in one write', () => {
  turn(['a', alice]);
  expect(olga.writes).toEqual(['a']);
  vi.advanceTimersByTime(20);
  turn(['b', alice], ['c', alice]);
  vi.advanceTimersByTime(READERS_MS - 1);
  turn(['d', alice]);
  expect(olga.writes).toEqual(['a']);
  vi.advanceTimersByTime(1);
  expect(olga.writes).toEqual(['a', 'bcd']);
  vi.advanceTimersByTime(READERS_MS);
  turn(['e', alice]);
  expect(olga.writes).toEqual(['a', 'bcd', 'e']);
});

test('[BRD21] a reader who begins to write is first told what waited, once and in order', () => {
  turn(['a', alice]);
  turn(['b', alice]);
  turn(['c', olga], ['d', alice]);
  expect(olga.writes).toEqual(['a', 'bd']);
  vi.advanceTimersByTime(READERS_MS);
  expect(olga.writes).toEqual(['a', 'bd']);
  expect(bob.writes).toEqual(['a', 'bcd']);
});

test('[BRD21] whoever has not written for a minute is a reader again, and misses nothing', () => {
  turn(['a', alice]);
  vi.advanceTimersByTime(60_000);
  turn(['b', bob]);
  turn(['c', bob]);
  expect(alice.writes).toEqual(['b']);
  vi.advanceTimersByTime(READERS_MS);
  expect(alice.writes).toEqual(['b', 'c']);
});

test('whoever has just been sent the board is not told again what it holds', () => {
  olga.listening = false;
  turn(['a', alice]);
  turn(['b', alice]);
  olga.listening = true;
  room.isUpToDate(olga);
  turn(['c', alice]);
  vi.advanceTimersByTime(READERS_MS);
  expect(olga.writes).toEqual(['c']);
  expect(bob.writes).toEqual(['a', 'bc']);
});

test('whoever does not read is told nothing more, and the others are', () => {
  turn(['a', alice]);
  olga.isFull = true;
  turn(['b', alice]);
  vi.advanceTimersByTime(READERS_MS);
  expect(olga.behind).toBe(VECTOR);
  turn(['c', alice]);
  vi.advanceTimersByTime(READERS_MS);
  expect(olga.writes).toEqual(['a', 'b']);
  expect(bob.writes).toEqual(['a', 'b', 'c']);
});

test('the same bytes go to all readers; who left is told nothing, and no timer is left', () => {
  const buffers: Buffer[] = [];
  for (const one of [bob, olga]) one.write = (frames) => void buffers.push(frames);
  turn(['a', alice]);
  turn(['b', alice], ['c', alice]);
  vi.advanceTimersByTime(READERS_MS);
  expect(buffers[2]).toBe(buffers[3]);
  room.leave(bob);
  turn(['d', alice]);
  room.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(READERS_MS);
  expect(buffers).toHaveLength(4);
});
