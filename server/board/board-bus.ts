import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/** What the nodes tell one another of a board. Everything but awareness is in SQL too. */
export type BoardMessage =
  /** Rows that were appended; `updates` is absent when they were too much to send along, or are not updates. */
  | {
      readonly kind: 'appended';
      readonly consultation: string;
      /** Sequence after the last of them. */
      readonly seq: number;
      readonly updates: readonly Uint8Array[];
    }
  /** People of that node's connections; `ask` begs for everyone's in return. */
  | {
      readonly kind: 'awareness';
      readonly consultation: string;
      readonly node: string;
      readonly ask: boolean;
      readonly entries: Uint8Array;
    };

const APPENDED = 0;
const AWARENESS = 1;
/** A longer message would hold up the others; the reader looks into SQL instead. */
const MAX_BYTES = 64 * 1024;

export function writeBoardMessage(message: BoardMessage): Uint8Array {
  return encoding.encode((encoder) => {
    if (message.kind === 'appended') {
      const bytes = message.updates.reduce((sum, { length }) => sum + length, 0);
      const updates = bytes > MAX_BYTES ? [] : message.updates;
      encoding.writeVarUint(encoder, APPENDED);
      encoding.writeVarString(encoder, message.consultation);
      encoding.writeVarUint(encoder, message.seq);
      encoding.writeVarUint(encoder, updates.length);
      for (const update of updates) encoding.writeVarUint8Array(encoder, update);
      return;
    }
    encoding.writeVarUint(encoder, AWARENESS);
    encoding.writeVarString(encoder, message.consultation);
    encoding.writeVarString(encoder, message.node);
    encoding.writeVarUint(encoder, message.ask ? 1 : 0);
    encoding.writeVarUint8Array(encoder, message.entries);
  });
}

/** `undefined`: from a node of another version; SQL has it anyway. */
export function readBoardMessage(bytes: Uint8Array): BoardMessage | undefined {
  try {
    const decoder = decoding.createDecoder(bytes);
    const type = decoding.readVarUint(decoder);
    const consultation = decoding.readVarString(decoder);
    if (type === APPENDED) {
      const seq = decoding.readVarUint(decoder);
      const count = decoding.readVarUint(decoder);
      const updates: Uint8Array[] = [];
      while (updates.length < count) updates.push(decoding.readVarUint8Array(decoder));
      return { kind: 'appended', consultation, seq, updates };
    }
    if (type !== AWARENESS) return undefined;
    const node = decoding.readVarString(decoder);
    const ask = decoding.readVarUint(decoder) === 1;
    const entries = decoding.readVarUint8Array(decoder);
    return { kind: 'awareness', consultation, node, ask, entries };
  } catch {
    return undefined;
  }
}
