/**
 * What nodes tell one another: hints about what is already stored. SQL is the truth, so a message may be lost, and
 * nothing that matters is only here. A node never hears itself.
 */
export interface Bus {
  /** Never blocks, never throws; while the other nodes can't be reached the message is dropped. */
  publish(topic: Topic, message: Uint8Array | string): void;
  subscribe(topic: Topic, listener: (message: Uint8Array) => void): () => void;
  /** Called whenever messages may have been missed: whoever depends on them looks into SQL. */
  onGap(listener: () => void): () => void;
  /** Do messages arrive at present? While they don't, look into SQL more often. */
  isUp(): boolean;
  close(): Promise<void>;
}

/** `record` {stream, seq}, `board` the board's own bytes, `presence` one node's people. */
export type Topic = 'record' | 'board' | 'presence';

export const asBytes = (message: Uint8Array | string): Uint8Array =>
  typeof message === 'string' ? Buffer.from(message, 'utf8') : message;

/** Listeners by topic; one that throws is reported and keeps no message from the others. */
export class Listeners<Key, Message> {
  readonly #listenersByKey = new Map<Key, Set<(message: Message) => void>>();
  readonly #onFault: (fault: unknown) => void;

  constructor(onFault: (fault: unknown) => void) {
    this.#onFault = onFault;
  }

  add(key: Key, listener: (message: Message) => void): () => void {
    const listeners = this.#listenersByKey.get(key) ?? new Set();
    this.#listenersByKey.set(key, listeners);
    // a function of our own, so that adding the same one twice makes two listeners with a closer each
    const own = (message: Message) => listener(message);
    listeners.add(own);
    return () => void listeners.delete(own);
  }

  tell(key: Key, message: Message): void {
    for (const listener of [...(this.#listenersByKey.get(key) ?? [])]) {
      try {
        listener(message);
      } catch (fault) {
        this.#onFault(fault);
      }
    }
  }
}
