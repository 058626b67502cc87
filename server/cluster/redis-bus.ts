import { randomBytes } from 'node:crypto';
import { createClient } from 'redis';
import { asBytes, Listeners, type Bus, type Topic } from './bus.ts';

export interface RedisBusOptions {
  readonly url: string;
  readonly log: {
    warn(details: object, message: string): void;
    info(details: object, message: string): void;
  };
  /** Milliseconds between two pulses; tests hurry them. */
  readonly pulseMs?: number;
}

/*
 * Two connections, for a subscribed one can't publish. What holds at any time:
 *
 * 1. Nothing is queued for a Redis that doesn't answer: a message is written to a ready connection with little
 *    outstanding, or dropped.
 * 2. The bus counts as up while its own pulse comes back to it, through both connections. So a Redis that is gone, one
 *    that hangs, and a network that swallows everything all look the same.
 * 3. Whenever the pulse returns after an absence, or the subscription is made anew, listeners hear of a gap.
 * 4. Connecting is tried for ever: a client that gives up would spin, and Redis does come back.
 */
const NODE_BYTES = 8;
/** Of what is written and not answered yet. */
const OUTSTANDING_BYTES = 8 * 1024 * 1024;
/** What a message costs besides its own bytes. */
const OVERHEAD_BYTES = 256;
const channelOf = (topic: Topic | 'pulse') => `shangliang:${topic}`;
const topics: readonly Topic[] = ['record', 'board', 'presence'];

type Client = ReturnType<typeof connection>;

function connection(url: string) {
  return createClient({
    url,
    commandsQueueMaxLength: OUTSTANDING_BYTES / OVERHEAD_BYTES,
    socket: {
      connectTimeout: 2_000,
      // milliseconds; spread out, so that the nodes don't all return in the same moment
      reconnectStrategy: (tries) =>
        Math.min(50 * 2 ** Math.min(tries, 6), 1_500) * (0.75 + Math.random() / 2),
    },
  });
}

/** Starts to connect, and waits a moment for it: a node serves without its bus, but seldom has to. */
export async function openRedisBus(options: RedisBusOptions): Promise<Bus> {
  const bus = new RedisBus(options);
  await bus.firstPulse(2_000);
  return bus;
}

class RedisBus implements Bus {
  readonly #options: RedisBusOptions;
  readonly #pulseMs: number;
  readonly #node = randomBytes(NODE_BYTES);
  readonly #listeners: Listeners<Topic, Uint8Array>;
  readonly #gapListeners: Listeners<'gap', undefined>;
  readonly #timer: NodeJS.Timeout;
  #publisher: Client;
  #subscriber: Client;
  #outstanding = 0;
  #dropped = 0;
  #open = true;
  #up = false;
  #pulseAt = Date.now();
  #awaitsPulse: (() => void) | undefined;

  constructor(options: RedisBusOptions) {
    this.#options = options;
    this.#pulseMs = options.pulseMs ?? 1_000;
    const onFault = (fault: unknown) =>
      options.log.warn({ err: fault }, 'a listener of the bus failed');
    this.#listeners = new Listeners(onFault);
    this.#gapListeners = new Listeners(onFault);
    this.#publisher = this.#connect();
    this.#subscriber = this.#connect();
    this.#listenOn(this.#subscriber);
    this.#timer = setInterval(() => this.#beat(), this.#pulseMs);
  }

  publish(topic: Topic, message: Uint8Array | string): void {
    this.#send(channelOf(topic), asBytes(message));
  }

  subscribe(topic: Topic, listener: (message: Uint8Array) => void): () => void {
    return this.#listeners.add(topic, listener);
  }

  onGap(listener: () => void): () => void {
    return this.#gapListeners.add('gap', listener);
  }

  isUp(): boolean {
    return this.#up;
  }

  /** Resolves with the first pulse, or after `patience` milliseconds without one. */
  firstPulse(patience: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, patience);
      function done() {
        clearTimeout(timer);
        resolve();
      }
      this.#awaitsPulse = done;
    });
  }

  async close(): Promise<void> {
    this.#open = false;
    this.#up = false;
    clearInterval(this.#timer);
    this.#awaitsPulse?.();
    this.#publisher.destroy();
    this.#subscriber.destroy();
  }

  #connect(): Client {
    const client = connection(this.#options.url);
    client.on('error', () => undefined); // the pulse tells, once instead of at each try
    client.connect().catch(() => undefined); // rejects only when we destroy it
    return client;
  }

  #listenOn(client: Client): void {
    const subscribed = [
      client.subscribe(channelOf('pulse'), (bytes) => this.#onPulse(bytes), true),
      ...topics.map((topic) =>
        client.subscribe(channelOf(topic), (bytes) => this.#onMessage(topic, bytes), true),
      ),
    ];
    // a subscription made before the connection exists waits for it; made anew after a reconnect by the client itself
    Promise.all(subscribed).then(
      () => {
        this.#beatNow();
        client.on('ready', () => this.#gapListeners.tell('gap', undefined));
      },
      () => undefined, // destroyed while connecting
    );
  }

  #onMessage(topic: Topic, bytes: Buffer): void {
    if (!this.#open || bytes.length < NODE_BYTES) return;
    if (this.#node.equals(bytes.subarray(0, NODE_BYTES))) return;
    this.#listeners.tell(topic, bytes.subarray(NODE_BYTES));
  }

  #onPulse(bytes: Buffer): void {
    if (!this.#open || !this.#node.equals(bytes.subarray(0, NODE_BYTES))) return;
    this.#pulseAt = Date.now();
    if (this.#up) return;
    this.#up = true;
    this.#awaitsPulse?.();
    this.#options.log.info({ dropped: this.#dropped }, 'the bus is up');
    this.#gapListeners.tell('gap', undefined);
  }

  #beat(): void {
    const silence = Date.now() - this.#pulseAt;
    if (this.#up && silence > 3 * this.#pulseMs) {
      this.#up = false;
      this.#options.log.warn({}, 'Redis does not answer: nodes read from SQL until it does');
    }
    // both connections claim to be fine, and nothing passes: the network forgot them
    if (silence > 15 * this.#pulseMs && this.#publisher.isReady && this.#subscriber.isReady)
      this.#renew();
    this.#beatNow();
  }

  #beatNow(): void {
    this.#send(channelOf('pulse'), new Uint8Array());
  }

  #renew(): void {
    this.#publisher.destroy();
    this.#subscriber.destroy();
    this.#pulseAt = Date.now();
    this.#publisher = this.#connect();
    this.#subscriber = this.#connect();
    this.#listenOn(this.#subscriber);
  }

  #send(channel: string, bytes: Uint8Array): void {
    const cost = bytes.length + OVERHEAD_BYTES;
    const isFull = this.#outstanding + cost > OUTSTANDING_BYTES;
    if (!this.#open || !this.#publisher.isReady || isFull) {
      this.#dropped += 1;
      return;
    }
    this.#outstanding += cost;
    this.#publisher
      .publish(channel, Buffer.concat([this.#node, bytes]))
      .catch(() => {
        this.#dropped += 1;
      })
      .finally(() => {
        this.#outstanding -= cost;
      });
  }
}
