import type { RefusalCode } from '../../shared/refusal.ts';
import { spells } from './bytes.ts';
import { jpegForm } from './jpeg-form.ts';
import { pngForm } from './png-form.ts';
import { webpForm } from './webp-form.ts';

/** How a picture is to be turned and mirrored to stand upright: EXIF's 1 to 8, 1 being as it is. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** What a picture's own header says, read before anything is decoded. */
export interface PictureForm {
  readonly format: 'jpeg' | 'png' | 'webp';
  /** As stored: before it is turned. */
  readonly width: number;
  readonly height: number;
  readonly orientation: Orientation;
  /** What decoding it will take at least, in bytes of memory. */
  readonly weight: number;
  /** The file without all that decoding doesn't need: metadata, previews, whatever follows its end. */
  readonly pared: Uint8Array;
}

export type PictureRefusal = Extract<RefusalCode, `picture_${string}`>;

/** 50 million: more than phones make by themselves. */
export const MAX_PIXELS = 50_000_000;
/** What a decoder may fill; it could not grow to more in any case (`capped-wasm`). */
export const MAX_WEIGHT = 416 * 1024 * 1024;
const MAX_SIDE = 32_767;

/** Told by content alone: names and types that come with a file are anybody's word. */
export function formOf(bytes: Uint8Array): PictureForm | PictureRefusal {
  const form = sniff(bytes);
  if (typeof form === 'string') return form;
  const { width, height, weight } = form;
  if (width === 0 || height === 0) return 'picture_damaged';
  if (width > MAX_SIDE || height > MAX_SIDE) return 'picture_too_many_pixels';
  if (width * height > MAX_PIXELS || weight > MAX_WEIGHT) return 'picture_too_many_pixels';
  return form;
}

function sniff(bytes: Uint8Array): PictureForm | PictureRefusal {
  if (begins(bytes, [0xff, 0xd8, 0xff])) return jpegForm(bytes);
  if (begins(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return pngForm(bytes);
  if (spells(bytes, 0, 'RIFF') && spells(bytes, 8, 'WEBP')) return webpForm(bytes);
  return isOtherPicture(bytes) ? 'picture_format' : 'picture_unknown';
}

/** Pictures, but of kinds that we have no sound decoder for: GIF, TIFF, BMP, HEIC and AVIF, JPEG XL, SVG. */
function isOtherPicture(bytes: Uint8Array): boolean {
  const starts = ['GIF8', 'II*\0', 'MM\0*', 'BM', '\xff\x0a', '\0\0\0\x0cJXL '];
  if (starts.some((start) => spells(bytes, 0, start))) return true;
  if (spells(bytes, 4, 'ftyp')) return true;
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 1_000));
  return /^[\s\S]{0,3}\s*<(\?xml|!doctype svg|svg)/i.test(head) && /<svg/i.test(head);
}

const begins = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((byte, index) => bytes[index] === byte);
