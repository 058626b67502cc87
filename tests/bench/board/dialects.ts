import * as encoding from 'lib0/encoding';
import { boardFrame, syncStep } from '../../../shared/wire/board-frames.ts';

/** How a server wants to be spoken to. */
export interface Dialect {
  /** What a client with empty hands says first. */
  greeting(room: string): Uint8Array[];
  update(room: string, update: Uint8Array, step?: number): Uint8Array;
  awareness(room: string, entries: Uint8Array): Uint8Array;
  /** Where in a message of the server's the sync step stands; -1 when it is not a sync message. */
  stepAt(bytes: Uint8Array, from: number): number;
}

const written = (write: (encoder: encoding.Encoder) => void): Uint8Array => encoding.encode(write);
const nothing = Uint8Array.of(0, 0);
const emptyVector = Uint8Array.of(0);

function sync(prefix: Uint8Array, step: number, bytes: Uint8Array): Uint8Array {
  return written((encoder) => {
    encoding.writeUint8Array(encoder, prefix);
    encoding.writeVarUint(encoder, boardFrame.sync);
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint8Array(encoder, bytes);
  });
}

function awareness(prefix: Uint8Array, entries: Uint8Array): Uint8Array {
  return written((encoder) => {
    encoding.writeUint8Array(encoder, prefix);
    encoding.writeVarUint(encoder, boardFrame.awareness);
    encoding.writeVarUint8Array(encoder, entries);
  });
}

const bareWords = new Uint8Array();

/** The y-websocket protocol: of our server, of the reference, of bare. */
export const yWebsocket: Dialect = {
  greeting: () => [
    sync(bareWords, syncStep.step1, emptyVector),
    sync(bareWords, syncStep.step2, nothing),
  ],
  update: (_room, update, step = syncStep.update) => sync(bareWords, step, update),
  awareness: (_room, entries) => awareness(bareWords, entries),
  stepAt: (bytes, from) => (bytes[from] === boardFrame.sync ? from + 1 : -1),
};

const nameOf = (room: string): Uint8Array =>
  written((encoder) => encoding.writeVarString(encoder, room));
const SYNC_REPLY = 4;

/** Hocuspocus puts the room's name before every message, and wants to be told a token. */
export const hocuspocusWords: Dialect = {
  greeting: (room) => [
    written((encoder) => {
      encoding.writeVarString(encoder, room);
      encoding.writeVarUint(encoder, boardFrame.auth);
      encoding.writeVarUint(encoder, 0);
      encoding.writeVarString(encoder, 'token');
    }),
    sync(nameOf(room), syncStep.step1, emptyVector),
    sync(nameOf(room), syncStep.step2, nothing),
  ],
  update: (room, update, step = syncStep.update) => sync(nameOf(room), step, update),
  awareness: (room, entries) => awareness(nameOf(room), entries),
  stepAt(bytes, from) {
    const type = from + 1 + (bytes[from] ?? 0); // names are shorter than 128 bytes
    return bytes[type] === boardFrame.sync || bytes[type] === SYNC_REPLY ? type + 1 : -1;
  },
};
