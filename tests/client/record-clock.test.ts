import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readServerClock } from '../../client/record/server-clock.ts';
import { RecordStore } from '../../client/record/record-store.svelte.ts';
import { ServerClock } from '../../client/ui/clock.svelte.ts';
import { Line, openMeeting, settled } from './record-line.ts';

const MINUTE = 60_000;
/** What the device's clock and its monotonic clock really count, so that a test can let them go wrong. */
let device: { set: number; asleep: number; rate: number };
let real: () => number;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 });
  const [date, monotonic] = [Date.now, performance.now.bind(performance)];
  const begin = date();
  device = { set: 0, asleep: 0, rate: 1 };
  real = date;
  vi.spyOn(Date, 'now').mockImplementation(
    () => begin + (date() - begin) * device.rate + device.set,
  );
  vi.spyOn(performance, 'now').mockImplementation(() => monotonic() - device.asleep);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test('[CLI18] of several askings the quickest tells the time, give or take half of what it took', async () => {
  let now = 1_000_000;
  const ways = [800, 40, 300, 20, 500];
  const { ahead, error } = await readServerClock(
    () => {
      const way = ways.shift() ?? 0;
      now += way;
      // the way back is the longer one: an error of half of the whole way at most
      const server = now + 5_000;
      now += way * 3;
      return Promise.resolve(server);
    },
    () => now,
  );
  expect(error).toBe(40);
  expect(Math.abs(ahead - 5_000)).toBeLessThanOrEqual(40);
});

function storeOn(line: Line): RecordStore {
  line.serverTime = () => Promise.resolve(real());
  const store = new RecordStore({ consultation: 'c1' }, line.connect);
  line.online();
  return store;
}
const off = (store: RecordStore) => Math.abs(store.now() - real());

test('[CLI18] a device whose clock is wrong shows the server’s time, and setting it moves nothing', async () => {
  device.set = 7 * MINUTE;
  const line = new Line();
  const store = storeOn(line);
  await settled();
  expect(off(store)).toBe(0);
  device.set = -3 * MINUTE;
  expect(off(store)).toBe(0);
  device.set = 90 * MINUTE;
  store.now();
  await settled();
  expect(off(store)).toBe(0);
  store.close();
});

test('[CLI24] a clock that drifts by a second a minute stays within 300 ms', async () => {
  device.rate = 1 + 1 / 60;
  const line = new Line();
  const store = storeOn(line);
  await settled();
  let worst = 0;
  for (let second = 0; second < 300; second += 1) {
    await vi.advanceTimersByTimeAsync(1_000);
    worst = Math.max(worst, off(store));
  }
  expect(worst).toBeLessThan(300);
  store.close();
});

test('[CLI24] after a sleep in which everything stood still the time is right at once, and asked for again', async () => {
  const line = new Line();
  const store = storeOn(line);
  await settled();
  const asked = vi.fn(() => Promise.resolve(real()));
  line.serverTime = asked;
  // asleep: no timer runs, and the monotonic clock stands
  vi.setSystemTime(real() + 20 * MINUTE);
  device.asleep = 0;
  expect(off(store)).toBeLessThan(300);
  await settled();
  expect(asked).toHaveBeenCalled();
  expect(off(store)).toBe(0);
  store.close();
});

test('[CLI24] a reading that took long does not replace a good one; one day it does', async () => {
  const clock = new ServerClock();
  const ahead = real() - performance.now();
  clock.take({ ahead, error: 5 });
  clock.take({ ahead: ahead + 400, error: 500 });
  expect(Math.abs(clock.exact() - real())).toBe(0);
  // half an hour later the good one may have drifted as far
  await vi.advanceTimersByTimeAsync(30 * MINUTE);
  clock.take({ ahead: ahead + 400, error: 500 });
  expect(Math.abs(clock.exact() - real())).toBe(400);
});

test('[CLI24] all screens tick at the same quarters of the server’s seconds', async () => {
  const clock = new ServerClock();
  clock.take({ ahead: real() - performance.now() + 1_234_567, error: 1 });
  expect(clock.now).toBeGreaterThan(0);
  await vi.advanceTimersByTimeAsync(1_001);
  expect(clock.now % 250).toBe(0);
});

test('the snapshot’s time serves until the first measurement, and never replaces one', () => {
  const clock = new ServerClock();
  clock.guess(real() + 7_000);
  expect(clock.exact() - real()).toBe(7_000);
  clock.take({ ahead: real() - performance.now(), error: 20 });
  clock.guess(real() + 7_000);
  expect(clock.exact() - real()).toBe(0);
});

test('a store takes the snapshot’s time as a first guess', () => {
  const line = new Line();
  const store = new RecordStore({ consultation: 'c1' }, line.connect);
  const { state } = openMeeting();
  const me = { person: 'chair', role: 'moderator', name: '周主席' } as const;
  line.store.snapshot({ state, me, now: real() });
  expect(off(store)).toBeLessThan(300);
  store.close();
});
