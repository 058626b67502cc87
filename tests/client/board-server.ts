// The board's server as a client meets it, in memory and flushed by hand.
import { createDecoder, readVarUint, readVarUint8Array } from 'lib0/decoding';
import {
  createEncoder,
  toUint8Array,
  writeVarString,
  writeVarUint,
  writeVarUint8Array,
} from 'lib0/encoding';
import { encodeAwarenessUpdate, type Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { addCard, addLane } from '../../shared/board/schema.ts';
import { boardFrame, syncStep } from '../../shared/wire/board-frames.ts';

type Frame = Uint8Array<ArrayBuffer>;

/** One connection. What the client sends waits in `inbox` until `receive` is called. */
export class Connection extends EventTarget {
  static readonly all: Connection[] = [];
  static readonly OPEN = 1;
  readonly OPEN = 1;
  readyState = 0;
  binaryType = '';
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: ArrayBuffer }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  readonly url: string;
  readonly sent: Frame[] = [];

  constructor(url: string | URL) {
    super();
    this.url = String(url);
    Connection.all.push(this);
  }

  send(frame: Frame): void {
    this.sent.push(frame.slice());
  }

  close(): void {
    this.readyState = 3;
  }

  opened(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  tell(frame: Frame): void {
    this.onmessage?.({ data: frame.slice().buffer });
  }

  cut(code = 1006): void {
    this.readyState = 3;
    this.onclose?.({ code, reason: '' });
  }

  /** Frames of content that were sent: what `saved` counts. */
  get content(): Frame[] {
    return this.sent.filter((frame) => frame[0] === boardFrame.sync && frame[1] !== syncStep.step1);
  }
}

export const ConnectionClass = Connection as unknown as typeof WebSocket;

export class Server {
  readonly doc = new Y.Doc();

  constructor() {
    addLane(this.doc, { id: 'common', title: '意见', kind: 'common' });
    addCard(this.doc, { id: 'a', lane: 'common', author: 'chen', text: '原文', createdAt: 1 });
  }

  /** Accepts the newest connection, as the real one greets: its question first. */
  accept(): Connection {
    const connection = Connection.all[Connection.all.length - 1]!;
    connection.opened();
    connection.tell(
      frame(
        (e) => (
          writeVarUint(e, syncStep.step1),
          writeVarUint8Array(e, Y.encodeStateVector(this.doc))
        ),
      ),
    );
    return connection;
  }

  step2(connection: Connection): void {
    connection.tell(sync(syncStep.step2, Y.encodeStateAsUpdate(this.doc)));
  }

  update(connection: Connection, change: (doc: Y.Doc) => void): void {
    const before = Y.encodeStateVector(this.doc);
    change(this.doc);
    connection.tell(sync(syncStep.update, Y.encodeStateAsUpdate(this.doc, before)));
  }

  awareness(connection: Connection, of: Awareness): void {
    const encoder = createEncoder();
    writeVarUint(encoder, boardFrame.awareness);
    writeVarUint8Array(encoder, encodeAwarenessUpdate(of, [of.clientID]));
    connection.tell(toUint8Array(encoder));
  }

  /** Takes all content that the client has sent, and says that it is on disk. */
  save(connection: Connection): void {
    for (const sent of connection.content) {
      const decoder = createDecoder(sent);
      readVarUint(decoder);
      readVarUint(decoder);
      Y.applyUpdate(this.doc, readVarUint8Array(decoder));
    }
    this.saved(connection, connection.content.length);
  }

  saved(connection: Connection, n: number): void {
    const encoder = createEncoder();
    writeVarUint(encoder, boardFrame.saved);
    writeVarUint(encoder, n);
    connection.tell(toUint8Array(encoder));
  }

  reset(connection: Connection, epoch: number, reason: string): void {
    const encoder = createEncoder();
    writeVarUint(encoder, boardFrame.reset);
    writeVarUint(encoder, epoch);
    writeVarString(encoder, reason);
    connection.tell(toUint8Array(encoder));
  }
}

function frame(write: (encoder: ReturnType<typeof createEncoder>) => void): Frame {
  const encoder = createEncoder();
  writeVarUint(encoder, boardFrame.sync);
  write(encoder);
  return toUint8Array(encoder);
}

const sync = (step: number, update: Uint8Array): Frame =>
  frame((encoder) => {
    writeVarUint(encoder, step);
    writeVarUint8Array(encoder, update);
  });
