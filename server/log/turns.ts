/**
 * Work that goes one after another under each key, in batches: what came while a batch was done makes the next one.
 * `done` is given a batch in the order of arrival, and must not throw.
 */
export interface Turns<Item> {
  add(key: string, item: Item): void;
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>;
}

export function takeTurns<Item>(
  done: (key: string, batch: readonly Item[]) => Promise<void>,
  /** How many of those that wait, at least one, belong to the next batch. */
  batchOf: (waiting: readonly Item[]) => number,
): Turns<Item> {
  const waitingByKey = new Map<string, Item[]>();
  const workByKey = new Map<string, Promise<void>>();

  async function work(key: string, waiting: Item[]): Promise<void> {
    while (waiting.length > 0) {
      // a turn of the loop: whoever is about to ask joins this batch
      await new Promise<void>((resolve) => setImmediate(resolve));
      await done(key, waiting.splice(0, batchOf(waiting)));
    }
    waitingByKey.delete(key);
    workByKey.delete(key);
  }

  return {
    add(key, item) {
      const waiting = waitingByKey.get(key);
      if (waiting) {
        waiting.push(item);
        return;
      }
      const first = [item];
      waitingByKey.set(key, first);
      workByKey.set(key, work(key, first));
    },
    async idle() {
      while (workByKey.size > 0) await Promise.all(workByKey.values());
    },
  };
}
