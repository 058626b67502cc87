import * as decoding from 'lib0/decoding';
import { boardFrame, syncStep } from '../../shared/wire/board-frames.ts';

/** What a server's frame says. */
export type Told =
  | { readonly kind: 'step1'; readonly stateVector: Uint8Array }
  | { readonly kind: 'step2' | 'update'; readonly update: Uint8Array }
  | { readonly kind: 'awareness'; readonly entries: readonly AwarenessLine[] }
  | { readonly kind: 'saved'; readonly count: number }
  | { readonly kind: 'reset'; readonly epoch: number; readonly reason: string };

export interface AwarenessLine {
  readonly client: number;
  readonly clock: number;
  readonly state: Record<string, unknown> | null;
}

export function readFrameOf(frame: Uint8Array): Told {
  const decoder = decoding.createDecoder(frame);
  const told = readTold(decoder);
  if (decoder.pos !== frame.length) throw new Error('more than one message in a frame');
  return told;
}

function readTold(decoder: decoding.Decoder): Told {
  const type = decoding.readVarUint(decoder);
  switch (type) {
    case boardFrame.sync:
      return readSync(decoder);
    case boardFrame.awareness:
      return { kind: 'awareness', entries: readLines(decoding.readVarUint8Array(decoder)) };
    case boardFrame.saved:
      return { kind: 'saved', count: decoding.readVarUint(decoder) };
    case boardFrame.reset: {
      const epoch = decoding.readVarUint(decoder);
      return { kind: 'reset', epoch, reason: decoding.readVarString(decoder) };
    }
    default:
      throw new Error(`the server said ${type}`);
  }
}

function readSync(decoder: decoding.Decoder): Told {
  const step = decoding.readVarUint(decoder);
  const bytes = decoding.readVarUint8Array(decoder).slice();
  if (step === syncStep.step1) return { kind: 'step1', stateVector: bytes };
  return { kind: step === syncStep.step2 ? 'step2' : 'update', update: bytes };
}

function readLines(bytes: Uint8Array): AwarenessLine[] {
  const decoder = decoding.createDecoder(bytes);
  return Array.from({ length: decoding.readVarUint(decoder) }, () => ({
    client: decoding.readVarUint(decoder),
    clock: decoding.readVarUint(decoder),
    state: JSON.parse(decoding.readVarString(decoder)) as AwarenessLine['state'],
  }));
}
