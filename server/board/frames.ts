import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { boardFrame, syncStep } from '../../shared/wire/board-frames.ts';

/** What a client may say. `content` is what would change the board: step 2 or an update. */
export type Incoming =
  | { readonly kind: 'step1'; readonly stateVector: Uint8Array }
  | { readonly kind: 'content'; readonly step2: boolean; readonly update: Uint8Array }
  | { readonly kind: 'awareness'; readonly entries: Uint8Array }
  | { readonly kind: 'queryAwareness' };

/**
 * Reads one frame; `undefined` when it is none of ours. Numbers must have their shortest form and nothing may follow
 * the message, so that no two readers can read two things in the same bytes.
 */
export function readFrame(bytes: Uint8Array): Incoming | undefined {
  try {
    const decoder = decoding.createDecoder(bytes);
    const incoming = readMessage(decoder);
    return decoder.pos === bytes.length ? incoming : undefined;
  } catch {
    return undefined;
  }
}

function readMessage(decoder: decoding.Decoder): Incoming | undefined {
  switch (readShortest(decoder)) {
    case boardFrame.sync:
      return readSync(decoder);
    case boardFrame.awareness:
      return { kind: 'awareness', entries: readBytes(decoder) };
    case boardFrame.queryAwareness:
      return { kind: 'queryAwareness' };
    default:
      return undefined;
  }
}

function readSync(decoder: decoding.Decoder): Incoming | undefined {
  const step = readShortest(decoder);
  switch (step) {
    case syncStep.step1:
      return { kind: 'step1', stateVector: readBytes(decoder) };
    case syncStep.step2:
    case syncStep.update:
      return { kind: 'content', step2: step === syncStep.step2, update: readBytes(decoder) };
    default:
      return undefined;
  }
}

/** A varUint in its shortest form; throws otherwise. */
export function readShortest(decoder: decoding.Decoder): number {
  const from = decoder.pos;
  const value = decoding.readVarUint(decoder);
  if (decoder.pos - from > 1 && decoder.arr[decoder.pos - 1] === 0)
    throw new Error('a number is longer than it needs to be');
  return value;
}

const readBytes = (decoder: decoding.Decoder): Uint8Array =>
  decoding.readUint8Array(decoder, readShortest(decoder));

const frameOf = (write: (encoder: encoding.Encoder) => void): Uint8Array => encoding.encode(write);

function syncFrame(step: number, bytes: Uint8Array): Uint8Array {
  return frameOf((encoder) => {
    encoding.writeVarUint(encoder, boardFrame.sync);
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint8Array(encoder, bytes);
  });
}

export const step1Frame = (stateVector: Uint8Array): Uint8Array =>
  syncFrame(syncStep.step1, stateVector);
export const step2Frame = (update: Uint8Array): Uint8Array => syncFrame(syncStep.step2, update);
export const updateFrame = (update: Uint8Array): Uint8Array => syncFrame(syncStep.update, update);

export const awarenessFrame = (entries: Uint8Array): Uint8Array =>
  frameOf((encoder) => {
    encoding.writeVarUint(encoder, boardFrame.awareness);
    encoding.writeVarUint8Array(encoder, entries);
  });

export const savedFrame = (count: number): Uint8Array =>
  frameOf((encoder) => {
    encoding.writeVarUint(encoder, boardFrame.saved);
    encoding.writeVarUint(encoder, count);
  });

export const resetFrame = (epoch: number, reason: string): Uint8Array =>
  frameOf((encoder) => {
    encoding.writeVarUint(encoder, boardFrame.reset);
    encoding.writeVarUint(encoder, epoch);
    encoding.writeVarString(encoder, reason);
  });

/**
 * The message as it stands on the wire: one unmasked binary WebSocket frame. A server's frames are the same bytes for
 * every connection, so they are made once, and several go out in one write.
 */
export function wireFrame(message: Uint8Array): Buffer {
  const { length } = message;
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = 0x82; // final, binary
  if (header === 2) frame[1] = length;
  else if (header === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.set(message, header);
  return frame;
}
