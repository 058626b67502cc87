import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CommittedBoard } from '../../server/board/committed-board.ts';
import { Snapshots } from '../../server/board/snapshots.ts';
import type { BoardRow } from '../../server/board/update-store.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

test('a snapshot is cut every so many updates, and not again for five seconds however many come', async () => {
  const kept: number[] = [];
  const stored = { epoch: 1, snapshot: undefined, rows: [], tabled: new Set<string>() };
  const committed = new CommittedBoard({ ...stored, leases: new Map() });
  const snapshots = new Snapshots(0, {
    consultation: 'm1',
    committed,
    every: 10,
    log: { warn: () => undefined, error: () => undefined },
    store: { keepSnapshot: async (_: string, seq: number) => void kept.push(seq) } as never,
  });
  const writeOn = async (updates: number) => {
    for (let n = 0; n < updates; n += 1) {
      const row = { seq: committed.seq + 1, kind: 'tabled', card: 'c' } as BoardRow;
      committed.take([row]);
      snapshots.cutIfDue();
      await snapshots.idle();
    }
  };
  await writeOn(9);
  expect(kept).toEqual([]);
  await writeOn(30);
  expect(kept).toEqual([10]);
  vi.advanceTimersByTime(5_000);
  await writeOn(1);
  expect(kept).toEqual([10, 40]);
});
