import { expect, test } from 'vitest';
import type { Bus } from '../../server/cluster/bus.ts';

/** Two nodes on one bus, and what closes them. */
export interface TwoNodes {
  readonly alice: Bus;
  readonly bob: Bus;
  close(): Promise<void>;
}

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');

/** What every form of the bus keeps; run on each. */
export function busContract(open: () => Promise<TwoNodes>): void {
  const withNodes = (run: (nodes: TwoNodes) => Promise<void>) => async () => {
    const nodes = await open();
    try {
      await run(nodes);
    } finally {
      await nodes.close();
    }
  };

  test(
    'a message reaches the other node, byte for byte, and not its sender',
    withNodes(async ({ alice, bob }) => {
      const atAlice: Uint8Array[] = [];
      const atBob: Uint8Array[] = [];
      alice.subscribe('board', (bytes) => atAlice.push(bytes));
      bob.subscribe('board', (bytes) => atBob.push(bytes));
      const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      alice.publish('board', everyByte);
      await expect.poll(() => atBob.length).toBe(1);
      expect(Uint8Array.from(atBob[0]!)).toEqual(everyByte);
      expect(atAlice).toEqual([]);
    }),
  );

  test(
    'messages of one node arrive in the order in which they were sent',
    withNodes(async ({ alice, bob }) => {
      const heard: string[] = [];
      bob.subscribe('record', (bytes) => heard.push(textOf(bytes)));
      const sent = Array.from({ length: 200 }, (_, number) => `第${number}条`);
      for (const text of sent) alice.publish('record', text);
      await expect.poll(() => heard.length).toBe(sent.length);
      expect(heard).toEqual(sent);
    }),
  );

  test(
    'a topic is heard by its own listeners, until they leave',
    withNodes(async ({ alice, bob }) => {
      const board: string[] = [];
      const record: string[] = [];
      const stays: string[] = [];
      bob.subscribe('board', (bytes) => board.push(textOf(bytes)));
      const leave = bob.subscribe('record', (bytes) => record.push(textOf(bytes)));
      bob.subscribe('record', (bytes) => stays.push(textOf(bytes)));
      alice.publish('record', 'one');
      await expect.poll(() => record).toEqual(['one']);
      leave();
      alice.publish('record', 'two');
      await expect.poll(() => stays).toEqual(['one', 'two']);
      expect(record).toEqual(['one']);
      expect(board).toEqual([]);
    }),
  );

  test(
    'a listener that throws keeps nothing from the others',
    withNodes(async ({ alice, bob }) => {
      const heard: string[] = [];
      bob.subscribe('presence', () => {
        throw new Error('a fault of this listener');
      });
      bob.subscribe('presence', (bytes) => heard.push(textOf(bytes)));
      alice.publish('presence', 'here');
      await expect.poll(() => heard).toEqual(['here']);
    }),
  );

  test(
    'a closed bus neither hears nor throws',
    withNodes(async ({ alice, bob }) => {
      const heard: string[] = [];
      bob.subscribe('record', (bytes) => heard.push(textOf(bytes)));
      expect(alice.isUp()).toBe(true);
      await alice.close();
      expect(alice.isUp()).toBe(false);
      alice.publish('record', 'too late');
      await alice.close();
      expect(heard).toEqual([]);
    }),
  );
}
