import { asBytes, Listeners, type Bus, type Topic } from './bus.ts';

/** Nodes in one process. A single node has a hub to itself and nobody to talk to. */
export class LocalHub {
  readonly #nodes = new Set<(topic: Topic, bytes: Uint8Array) => void>();

  join(hear: (topic: Topic, bytes: Uint8Array) => void) {
    this.#nodes.add(hear);
    return {
      tellOthers: (topic: Topic, bytes: Uint8Array) => {
        for (const other of this.#nodes) if (other !== hear) other(topic, bytes);
      },
      leave: () => void this.#nodes.delete(hear),
    };
  }
}

export function openLocalBus(
  hub: LocalHub = new LocalHub(),
  onFault: (fault: unknown) => void = (fault) => console.error(fault),
): Bus {
  const listeners = new Listeners<Topic, Uint8Array>(onFault);
  let open = true;
  const node = hub.join((topic, bytes) => {
    // like a network's, a message never arrives within the call that sends it
    queueMicrotask(() => {
      if (open) listeners.tell(topic, bytes);
    });
  });
  return {
    publish(topic, message) {
      if (open) node.tellOthers(topic, asBytes(message));
    },
    subscribe: (topic, listener) => listeners.add(topic, listener),
    onGap: () => () => undefined, // nothing is ever missed
    isUp: () => open,
    async close() {
      open = false;
      node.leave();
    },
  };
}
