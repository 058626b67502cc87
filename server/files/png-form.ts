import { joined, viewOf } from './bytes.ts';
import { orientationIn } from './orientation.ts';
import type { Orientation, PictureForm, PictureRefusal } from './picture-form.ts';

const SIGNATURE_BYTES = 8;
/** Length, type and checksum around a chunk's body. */
const FRAME_BYTES = 12;
const needed = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);
const channelsByColour: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const depths = new Set([1, 2, 4, 8, 16]);

/** Keeps the chunks that make the picture; texts, profiles, further frames and their bombs go unread. */
export function pngForm(bytes: Uint8Array): PictureForm | PictureRefusal {
  const view = viewOf(bytes);
  const kept: Uint8Array[] = [bytes.subarray(0, SIGNATURE_BYTES)];
  let header: Uint8Array | undefined;
  let orientation: Orientation = 1;
  for (let at = SIGNATURE_BYTES; ;) {
    if (at + FRAME_BYTES > bytes.length) return 'picture_damaged';
    const length = view.getUint32(at);
    const end = at + FRAME_BYTES + length;
    if (end > bytes.length) return 'picture_damaged';
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const body = bytes.subarray(at + 8, at + 8 + length);
    if ((type === 'IHDR') !== (header === undefined)) return 'picture_damaged';
    if (type === 'IHDR') header = body;
    if (type === 'eXIf') orientation = orientationIn(body);
    if (needed.has(type)) kept.push(bytes.subarray(at, end));
    else if (isCritical(type)) return 'picture_damaged';
    if (type === 'IEND') break;
    at = end;
  }
  if (header?.length !== 13) return 'picture_damaged';
  return read(header, orientation, kept);
}

function read(
  header: Uint8Array,
  orientation: Orientation,
  kept: readonly Uint8Array[],
): PictureForm | PictureRefusal {
  const view = viewOf(header);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const depth = view.getUint8(8);
  const channels = channelsByColour[view.getUint8(9)];
  if (channels === undefined || !depths.has(depth)) return 'picture_damaged';
  const pixels = width * height;
  // as it is coded, and as four bytes a pixel
  const weight = (pixels * channels * depth) / 8 + pixels * 4;
  return { format: 'png', width, height, orientation, weight, pared: joined(kept) };
}

/** A capital first letter: not to be drawn by whoever doesn't know it. */
const isCritical = (type: string): boolean => /^[A-Z]/.test(type);
