/**
 * A mark is what an editor types: eight letters that are found again in the bytes of a frame, however the server joins,
 * cuts and merges updates. When it was typed is looked up, not carried: both ends are the same process.
 */
export interface Mark {
  readonly writer: number;
  readonly stroke: number;
}

const OPEN = 0x7e; // ~
const CLOSE = 0x3b; // ;
const WRITER_DIGITS = 2;
const STROKE_DIGITS = 4;
export const MARK_LENGTH = 1 + WRITER_DIGITS + STROKE_DIGITS + 1;
export const MAX_WRITERS = 36 ** WRITER_DIGITS;
export const MAX_STROKES = 36 ** STROKE_DIGITS;

export function markOf({ writer, stroke }: Mark): string {
  if (writer >= MAX_WRITERS || stroke >= MAX_STROKES) throw new RangeError('no room in a mark');
  const digits = (value: number, length: number) => value.toString(36).padStart(length, '0');
  return `~${digits(writer, WRITER_DIGITS)}${digits(stroke, STROKE_DIGITS)};`;
}

/** The mark as one number, for sets of them. */
export const keyOf = (writer: number, stroke: number): number => writer * MAX_STROKES + stroke;

const NO_DIGIT = 255;
const digitByByte = new Uint8Array(256).fill(NO_DIGIT);
for (let digit = 0; digit < 36; digit += 1) digitByByte[digit.toString(36).charCodeAt(0)] = digit;

/** Calls `found` for each mark between two places. Hot: it sees every byte that every receiver is sent. */
export function findMarks(
  bytes: Uint8Array,
  from: number,
  to: number,
  found: (writer: number, stroke: number) => void,
): void {
  const last = to - MARK_LENGTH;
  for (let at = from; at <= last; at += 1) {
    if (bytes[at] !== OPEN || bytes[at + MARK_LENGTH - 1] !== CLOSE) continue;
    const writer = numberAt(bytes, at + 1, WRITER_DIGITS);
    const stroke = numberAt(bytes, at + 1 + WRITER_DIGITS, STROKE_DIGITS);
    if (writer < 0 || stroke < 0) continue;
    found(writer, stroke);
    at += MARK_LENGTH - 1;
  }
}

function numberAt(bytes: Uint8Array, from: number, length: number): number {
  let value = 0;
  for (let at = from; at < from + length; at += 1) {
    const digit = digitByByte[bytes[at] ?? 0] ?? NO_DIGIT;
    if (digit === NO_DIGIT) return -1;
    value = value * 36 + digit;
  }
  return value;
}
