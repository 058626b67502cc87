import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Actor } from '../../shared/log/envelope.ts';
import { can } from '../../shared/policy/can.ts';
import { closeCode, type ResetReason } from '../../shared/wire/board-frames.ts';
import { readFrame, resetFrame, savedFrame, wireFrame, type Incoming } from './frames.ts';
import type { Visitor } from './parts.ts';

/** Codes that a client retries. */
export const retryLater = { goingAway: 1001, fault: 1011, overloaded: 1013 } as const;
/** Refused too often: the stock client backs off, and comes back. */
const POLICY = 1008;

/** The board, as a connection knows it. */
export interface Host {
  readonly epoch: number;
  heard(connection: Connection, incoming: Incoming, actor: Actor): void;
  drained(connection: Connection): void;
  left(connection: Connection): void;
}

/** What everyone here shares: who has how much left, and the audit. */
export interface House {
  readonly unsentBytes: number;
  /** May this person be refused once more, before the connection is closed? */
  mayBeRefused(person: string): boolean;
  /** Takes what this message costs; false when it is too much. */
  mayBeHeard(person: string, incoming: Incoming): boolean;
  note(connection: Connection, reason: ResetReason, details: object): void;
}

/** One socket at a board. */
export class Connection {
  /** The person it belongs to, for as long as it is open. */
  readonly person: string;
  readonly visitor: Visitor;
  /** It has asked for the board, and hears what follows. */
  listening = false;
  /** The state it has been sent, when it can't be sent more at present. */
  behind: Uint8Array | undefined;
  told = 0;
  /** Its copy went astray: nothing of it is taken any more until it comes back with a fresh one. */
  astray = false;
  /** It has said what it has that we lack. */
  introduced = false;
  /** Updates that came before it had, and build on it. */
  held: Uint8Array[] = [];
  alive = true;
  /** Was anything sent since the last ping? */
  spokenTo = false;
  #saved = 0;
  readonly #ws: WebSocket;
  readonly #socket: Duplex;
  readonly #host: Host;
  readonly #house: House;

  constructor(parts: {
    ws: WebSocket;
    socket: Duplex;
    visitor: Visitor;
    person: string;
    host: Host;
    house: House;
  }) {
    this.#ws = parts.ws;
    this.#socket = parts.socket;
    this.visitor = parts.visitor;
    this.person = parts.person;
    this.#host = parts.host;
    this.#house = parts.house;
    this.#ws.binaryType = 'nodebuffer';
    this.#ws.on('message', (data, isBinary) => {
      this.alive = true;
      this.#receive(isBinary ? (data as Buffer) : undefined);
    });
    this.#ws.on('pong', () => (this.alive = true));
    this.#ws.on('error', () => undefined); // 'close' follows
    this.#ws.on('close', () => this.#host.left(this));
    this.#socket.on('drain', () => {
      this.alive = true;
      if (this.behind) this.#host.drained(this);
    });
  }

  /** Who that is as of now; whoever may not read any more is shown out. */
  present(): Actor | undefined {
    const actor = this.visitor.actor();
    if (!actor) this.close(closeCode.notFound, 'not found');
    else if (!can(actor, 'board.read')) this.close(closeCode.forbidden, 'forbidden');
    else return actor;
    return undefined;
  }

  #receive(bytes: Buffer | undefined): void {
    if (!this.isOpen) return;
    const actor = this.present();
    if (!actor) return;
    const incoming = bytes && readFrame(bytes);
    if (!incoming) return this.refuse('invalid', { bytes: bytes?.length });
    if (!this.#house.mayBeHeard(this.person, incoming)) {
      // cursors may be lost; words come again with the next connection's step 2
      if (incoming.kind !== 'awareness') this.close(retryLater.overloaded, 'too many messages');
      return;
    }
    this.#host.heard(this, incoming, actor);
  }

  /** Tells the client that its copy went astray. Nothing of what it sent is stored or relayed. */
  refuse(reason: ResetReason, details: object = {}): void {
    this.#house.note(this, reason, details);
    if (!this.#house.mayBeRefused(this.person)) return this.close(POLICY, 'refused too often');
    this.reset(reason);
  }

  reset(reason: ResetReason): void {
    this.astray = true;
    this.held = [];
    this.send(resetFrame(this.#host.epoch, reason));
  }

  /** So many more of the messages with content are on disk, or changed nothing. */
  settled(count: number): void {
    this.#saved += count;
    this.send(savedFrame(this.#saved));
  }

  send(message: Uint8Array): void {
    this.write(wireFrame(message));
  }

  /** Writes frames that are ready for the wire. */
  write(frames: Buffer): void {
    if (!this.isOpen) return;
    this.spokenTo = true;
    this.#socket.write(frames);
  }

  /** What is written until `uncork` goes out in one write. */
  cork(): void {
    this.#socket.cork();
  }

  uncork(): void {
    this.#socket.uncork();
  }

  get isOpen(): boolean {
    return this.#ws.readyState === this.#ws.OPEN;
  }

  /** More waits to be sent than a connection that reads would leave. */
  get isFull(): boolean {
    return this.#socket.writableLength > this.#house.unsentBytes;
  }

  fallBehind(stateVector: Uint8Array): void {
    this.behind = stateVector;
  }

  ping(): void {
    this.#ws.ping();
  }

  close(code: number, reason: string): void {
    this.#ws.close(code, reason);
  }

  terminate(): void {
    this.#ws.terminate();
  }
}
