import * as Y from 'yjs';
import type { Actor } from '../../shared/log/envelope.ts';
import { BoardAwareness } from './awareness.ts';
import type { CommittedBoard } from './committed-board.ts';
import type { Connection } from './connection.ts';
import { FanOut } from './fan-out.ts';
import { awarenessFrame, step1Frame, step2Frame, updateFrame, wireFrame } from './frames.ts';
import { JoinFrames } from './join-frames.ts';

export interface AudienceParts {
  readonly committed: CommittedBoard;
  readonly awarenessMs: number;
  readonly readersMs: number;
  /** Whose a client id is, as far as is known here. */
  readonly ownerOf: (client: number) => string | undefined;
  /** A client id was shown here for the first time. */
  readonly onShown: (client: number, actor: Actor) => void;
  /** People of this node's connections changed. */
  readonly onOwnAwareness: (entries: Uint8Array) => void;
}

const knowsNothing = (stateVector: Uint8Array): boolean =>
  stateVector.length === 1 && stateVector[0] === 0;

/** Everyone connected to a board here, and what they are sent. */
export class Audience {
  readonly connections = new Set<Connection>();
  readonly awareness = new BoardAwareness();
  readonly #parts: AudienceParts;
  readonly #join: JoinFrames;
  readonly #fanOut: FanOut<Connection>;
  #timer: NodeJS.Timeout | undefined;
  #toldAt = 0;

  constructor(parts: AudienceParts) {
    this.#parts = parts;
    this.#join = new JoinFrames(() => wireFrame(step2Frame(parts.committed.encode())));
    const { readersMs } = parts;
    this.#fanOut = new FanOut({ readersMs, stateVector: () => this.#stateVector() });
  }

  enter(connection: Connection): void {
    this.connections.add(connection);
    this.#fanOut.enter(connection);
    connection.send(step1Frame(this.#stateVector()));
    this.greet(connection);
  }

  /** Tells who is here. */
  greet(connection: Connection): void {
    connection.send(awarenessFrame(this.awareness.everyone()));
  }

  leave(connection: Connection): void {
    this.connections.delete(connection);
    this.#fanOut.leave(connection);
    this.awareness.leave(connection);
    this.tellAwareness();
  }

  /** Answers step 1. False: not a state vector. */
  sync(connection: Connection, stateVector: Uint8Array): boolean {
    const { doc } = this.#parts.committed;
    if (connection.behind) {
      connection.behind = stateVector;
    } else if (knowsNothing(stateVector)) {
      connection.write(this.#join.all());
    } else {
      try {
        connection.send(step2Frame(Y.encodeStateAsUpdate(doc, stateVector)));
      } catch {
        return false;
      }
    }
    connection.listening = true;
    this.#fanOut.isUpToDate(connection);
    return true;
  }

  /** What it missed while it could not be sent more, in one difference. */
  catchUp(connection: Connection): void {
    const { behind } = connection;
    if (!behind) return;
    connection.behind = undefined;
    connection.send(updateFrame(Y.encodeStateAsUpdate(this.#parts.committed.doc, behind)));
    this.#fanOut.isUpToDate(connection);
    this.greet(connection);
  }

  tell(updates: readonly { bytes: Uint8Array; writer: Connection | undefined }[]): void {
    if (this.connections.size === 0 && !this.#join.wanted) return;
    const turn = updates.map(({ bytes, writer }) => ({
      frame: wireFrame(updateFrame(bytes)),
      writer,
    }));
    for (const { frame } of turn) this.#join.add(frame);
    this.#fanOut.tell(turn);
  }

  /** False: not an awareness message. */
  hear(connection: Connection, entries: Uint8Array, actor: Actor, now: number): boolean {
    const { ownerOf, onShown } = this.#parts;
    const mayShow = (client: number) => (ownerOf(client) ?? actor.person) === actor.person;
    const heard = this.awareness.hear(connection, entries, actor, now, mayShow);
    if (!heard) return false;
    if (heard.again) connection.send(awarenessFrame(heard.again));
    if (heard.fresh !== undefined) onShown(heard.fresh, actor);
    this.tellAwareness();
    return true;
  }

  /** Soon, and not more often than is good for everyone. */
  tellAwareness(): void {
    if (this.#timer || !this.awareness.hasChanged) return;
    const wait = Math.max(0, this.#toldAt + this.#parts.awarenessMs - performance.now());
    this.#timer = setTimeout(() => this.#tellAwarenessNow(), wait);
  }

  #tellAwarenessNow(): void {
    this.#timer = undefined;
    this.#toldAt = performance.now();
    const { all, own } = this.awareness.takeChanged();
    if (own) this.#parts.onOwnAwareness(own);
    if (!all) return;
    // to its sender too: a client that hears nothing for half a minute believes the connection dead
    const frame = wireFrame(awarenessFrame(all));
    for (const connection of this.connections) if (!connection.behind) connection.write(frame);
  }

  #stateVector(): Uint8Array {
    return Y.encodeStateVector(this.#parts.committed.doc);
  }

  close(code: number, reason: string): void {
    clearTimeout(this.#timer);
    this.#fanOut.close();
    for (const connection of this.connections) connection.close(code, reason);
  }
}
