import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRedisBus } from '../../server/cluster/redis-bus.ts';
import { startRedis, type Redis } from '../helpers/services.ts';
import { busContract } from './bus-suite.ts';

let redis: Redis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

const log = { warn: () => undefined, info: () => undefined };
const openBus = () => openRedisBus({ url: redis.url, log, pulseMs: 50 });

async function twoNodes() {
  const [alice, bob] = await Promise.all([openBus(), openBus()]);
  const close = async () => {
    await alice.close();
    await bob.close();
  };
  return { alice, bob, close };
}

describe('[CLU1] the bus over Redis', () => {
  busContract(twoNodes);

  test('while Redis is gone publishing drops; when it is back, listeners hear of a gap and messages pass', async () => {
    const { alice, bob, close } = await twoNodes();
    const heard: string[] = [];
    let gaps = 0;
    bob.subscribe('record', (bytes) => heard.push(Buffer.from(bytes).toString('utf8')));
    bob.onGap(() => {
      gaps += 1;
    });
    await redis.down();
    await expect.poll(() => alice.isUp() || bob.isUp()).toBe(false);
    const before = process.memoryUsage().heapUsed;
    const began = performance.now();
    const large = new Uint8Array(64 * 1024);
    for (let count = 0; count < 20_000; count += 1) alice.publish('board', large);
    expect(performance.now() - began).toBeLessThan(2_000); // it doesn't block
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100 * 1024 * 1024); // 1.3 GB were offered
    const gapsBefore = gaps;
    await redis.up();
    await expect.poll(() => alice.isUp() && bob.isUp(), { timeout: 15_000 }).toBe(true);
    expect(gaps).toBeGreaterThan(gapsBefore);
    alice.publish('record', 'after');
    await expect.poll(() => heard).toEqual(['after']);
    await close();
  });

  test('a Redis that hangs is noticed, and no memory piles up for it', async () => {
    const { alice, bob, close } = await twoNodes();
    let gaps = 0;
    bob.onGap(() => {
      gaps += 1;
    });
    redis.pause();
    try {
      await expect.poll(() => alice.isUp() || bob.isUp()).toBe(false);
      const before = process.memoryUsage();
      const large = Buffer.alloc(64 * 1024);
      for (let count = 0; count < 5_000; count += 1) alice.publish('board', large);
      const after = process.memoryUsage();
      const grown = after.heapUsed + after.external - before.heapUsed - before.external;
      expect(grown).toBeLessThan(64 * 1024 * 1024); // 320 MB were offered
    } finally {
      redis.resume();
    }
    await expect.poll(() => alice.isUp() && bob.isUp(), { timeout: 15_000 }).toBe(true);
    expect(gaps).toBeGreaterThan(0);
    await close();
  });

  test('a bus opens without Redis, and comes up when Redis does', async () => {
    await redis.down();
    const bus = await openBus();
    expect(bus.isUp()).toBe(false);
    bus.publish('record', 'nobody hears this');
    await redis.up();
    await expect.poll(() => bus.isUp(), { timeout: 15_000 }).toBe(true);
    await bus.close();
  });

  test('closing leaves no timer and no connection behind', async () => {
    const before = process.getActiveResourcesInfo().length;
    const { alice, bob, close } = await twoNodes();
    expect(alice.isUp() && bob.isUp()).toBe(true);
    await close();
    await expect.poll(() => process.getActiveResourcesInfo().length).toBeLessThanOrEqual(before);
  });
});
