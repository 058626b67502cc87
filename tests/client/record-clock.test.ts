import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { measureOffset } from '../../client/record/server-clock.ts';
import { RecordStore } from '../../client/record/record-store.svelte.ts';
import { clock } from '../../client/ui/clock.svelte.ts';
import { Line, openMeeting, settled } from './record-line.ts';

beforeEach(() => vi.useFakeTimers({ now: 1_800_000_000_000 }));
afterEach(() => {
  clock.set(0);
  vi.useRealTimers();
});

test('[CLI18] of several askings the quickest tells the offset', async () => {
  let now = 1_000_000;
  const ways = [800, 40, 300, 20, 500];
  const offset = await measureOffset(
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
  expect(Math.abs(offset - 5_000)).toBeLessThanOrEqual(40);
});

test('[CLI18] a device whose clock is wrong shows the server’s time, and follows when it is set', async () => {
  const line = new Line();
  line.serverTime = () => Promise.resolve(Date.now() + 90_000);
  const store = new RecordStore({ consultation: 'c1' }, line.connect);
  line.online();
  await settled();
  expect(store.now() - Date.now()).toBe(90_000);

  line.serverTime = () => Promise.resolve(Date.now() - 30_000);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(store.now() - Date.now()).toBe(-30_000);
  store.close();
});

test('the snapshot’s time serves until the first measurement', () => {
  const line = new Line();
  const store = new RecordStore({ consultation: 'c1' }, line.connect);
  const { state } = openMeeting();
  const me = { person: 'chair', role: 'moderator', name: '周主席' } as const;
  line.store.snapshot({ state, me, now: Date.now() + 7_000 });
  expect(store.now() - Date.now()).toBe(7_000);
  store.close();
});
