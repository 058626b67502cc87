import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Bus } from '../../server/cluster/bus.ts';
import { LocalHub, openLocalBus } from '../../server/cluster/local-bus.ts';
import { shareRecord } from '../../server/cluster/share-record.ts';

/** The one SQL of all nodes, as far as it matters here: the head of each consultation. */
let heads: Map<string, number>;

/** A node's record: it knows what it appended and what it was told to read. */
class FakeRecord {
  readonly known = new Map<string, number>();
  reads = 0;

  append(id: string): number {
    heads.set(id, (heads.get(id) ?? 0) + 1);
    return this.#take(id);
  }

  async refresh(id: string, seq?: number): Promise<void> {
    if (seq !== undefined && seq <= (this.known.get(id) ?? 0)) return;
    this.reads += 1;
    this.#take(id);
  }

  #take(id: string): number {
    const head = heads.get(id) ?? 0;
    this.known.set(id, head);
    return head;
  }
}

/** A bus whose wire can be cut. */
function cuttable(bus: Bus) {
  let up = true;
  let published = 0;
  const gaps = new Set<() => void>();
  const cut: Bus = {
    publish(topic, message) {
      if (!up) return;
      published += 1;
      bus.publish(topic, message);
    },
    subscribe: (topic, listener) => bus.subscribe(topic, (bytes) => up && listener(bytes)),
    onGap: (listener) => {
      gaps.add(listener);
      return () => gaps.delete(listener);
    },
    isUp: () => up,
    close: () => bus.close(),
  };
  return {
    bus: cut,
    published: () => published,
    cut: () => (up = false),
    mend: () => {
      up = true;
      for (const listener of gaps) listener();
    },
  };
}

function openNode(hub: LocalHub, watched: string[] = []) {
  const record = new FakeRecord();
  const wire = cuttable(openLocalBus(hub));
  const faults: unknown[] = [];
  const shared = shareRecord({
    bus: wire.bus,
    refresh: (id, seq) => record.refresh(id, seq),
    watched: () => watched,
    onFault: (fault) => faults.push(fault),
  });
  const append = (id: string) => shared.announce(id, record.append(id));
  return { record, wire, append, faults, close: () => shared.close() };
}

let alice: ReturnType<typeof openNode>;
let bob: ReturnType<typeof openNode>;
beforeEach(() => {
  vi.useFakeTimers();
  heads = new Map();
  const hub = new LocalHub();
  alice = openNode(hub, ['m1']);
  bob = openNode(hub, ['m1']);
});
afterEach(() => {
  alice.close();
  bob.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});
const settle = () => vi.advanceTimersByTimeAsync(0);

test('[CLU2] what one node appends the other reads at once, and does not tell back', async () => {
  alice.append('m1');
  bob.append('m2');
  await settle();
  expect(bob.record.known.get('m1')).toBe(1);
  expect(alice.record.known.get('m2')).toBe(1);
  expect([alice.wire.published(), bob.wire.published()]).toEqual([1, 1]);
});

test('[CLU1] while the bus is down, what is followed is read from SQL every second', async () => {
  alice.wire.cut();
  bob.wire.cut();
  alice.append('m1');
  await settle();
  expect(bob.record.known.get('m1')).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(bob.record.known.get('m1')).toBe(1);
});

test('[CLU1] a hint lost by a bus that seems up is made good by a look now and then', async () => {
  alice.wire.cut(); // bob does not know
  alice.append('m1');
  await vi.advanceTimersByTimeAsync(4_000);
  expect(bob.record.known.get('m1')).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(bob.record.known.get('m1')).toBe(1);
});

test('[CLU1] whose bus returns reads again, and tells again what the others may have missed', async () => {
  bob.append('m1');
  await settle();
  alice.wire.cut();
  alice.append('m2');
  bob.append('m1');
  await settle();
  expect(bob.record.known.get('m2')).toBeUndefined();
  alice.wire.mend();
  await settle();
  expect(bob.record.known.get('m2')).toBe(1);
  expect(alice.record.known.get('m1')).toBe(2);
});

test('a store that can’t be read for a moment is reported, and read later', async () => {
  alice.record.refresh = () => Promise.reject(new Error('away'));
  bob.append('m1');
  await settle();
  expect(alice.faults).toEqual([new Error('away')]);
  Reflect.deleteProperty(alice.record, 'refresh');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(alice.record.known.get('m1')).toBe(1);
});

test('what is no hint is passed over', async () => {
  const hub = new LocalHub();
  const node = openNode(hub);
  const stranger = openLocalBus(hub);
  for (const message of ['', '{', 'null', '{"seq":1}', '{"consultation":"m1","seq":0}', '[]']) {
    stranger.publish('record', message);
  }
  await settle();
  expect(node.record.reads).toBe(0);
  node.close();
});
