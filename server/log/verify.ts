import { GENESIS, hashInput, type Envelope } from '../../shared/log/envelope.ts';
import { sha256 } from './chain.ts';

export type Verdict =
  | { readonly whole: true; readonly events: number; readonly head: string }
  | {
      readonly whole: false;
      readonly seq: number;
      readonly fault: 'missing' | 'reordered' | 'altered';
    };

/** Reads one stream from its beginning and names the first event that is not what was appended. */
export async function verifyStream(
  envelopes: AsyncIterable<Envelope> | Iterable<Envelope>,
): Promise<Verdict> {
  let seq = 0;
  let head = GENESIS;
  for await (const envelope of envelopes) {
    if (envelope.seq > seq + 1) return { whole: false, seq: seq + 1, fault: 'missing' };
    if (envelope.seq <= seq) return { whole: false, seq: envelope.seq, fault: 'reordered' };
    const { hash, ...body } = envelope;
    if (envelope.prevHash !== head || sha256(hashInput(body)) !== hash) {
      return { whole: false, seq: envelope.seq, fault: 'altered' };
    }
    seq = envelope.seq;
    head = hash;
  }
  return { whole: true, events: seq, head };
}
