import { joined, spells, viewOf } from './bytes.ts';
import { orientationIn } from './orientation.ts';
import type { Orientation, PictureForm, PictureRefusal } from './picture-form.ts';

const RIFF_BYTES = 12;
const ANIMATED = 0x02;
const WITH_ALPHA = 0x10;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Keeps one still frame and its transparency. */
export function webpForm(bytes: Uint8Array): PictureForm | PictureRefusal {
  const view = viewOf(bytes);
  if (bytes.length < RIFF_BYTES) return 'picture_damaged';
  const end = Math.min(bytes.length, 8 + view.getUint32(4, true));
  if (8 + view.getUint32(4, true) > bytes.length) return 'picture_damaged';
  const kept: Uint8Array[] = [];
  let canvas: Size | undefined;
  let frame: Size | undefined;
  let orientation: Orientation = 1;
  for (let at = RIFF_BYTES; at + 8 <= end;) {
    const length = view.getUint32(at + 4, true);
    const next = at + 8 + length + (length % 2);
    if (at + 8 + length > end) return 'picture_damaged';
    const body = bytes.subarray(at + 8, at + 8 + length);
    const isNamed = (name: string) => spells(bytes, at, name);
    if (isNamed('ANIM') || isNamed('ANMF')) return 'picture_format';
    if (isNamed('EXIF')) orientation = orientationIn(exifIn(body));
    if (isNamed('VP8X')) {
      if (canvas || body.length < 10) return 'picture_damaged';
      if (((body[0] ?? 0) & ANIMATED) !== 0) return 'picture_format';
      canvas = { width: 1 + size24(view, at + 12), height: 1 + size24(view, at + 15) };
      const plain = bytes.slice(at, next);
      plain[8] = (body[0] ?? 0) & WITH_ALPHA;
      kept.push(plain);
    }
    if (isNamed('ALPH') && !frame) kept.push(bytes.subarray(at, next));
    if ((isNamed('VP8 ') || isNamed('VP8L')) && !frame) {
      frame = isNamed('VP8 ') ? lossySize(body) : losslessSize(body);
      if (!frame) return 'picture_damaged';
      kept.push(bytes.subarray(at, next));
    }
    at = next;
  }
  if (!frame) return 'picture_damaged';
  const { width, height } = frame;
  if (canvas && (canvas.width !== width || canvas.height !== height)) return 'picture_damaged';
  return {
    format: 'webp',
    width,
    height,
    orientation,
    weight: width * height * 8,
    pared: riff(kept),
  };
}

function riff(chunks: readonly Uint8Array[]): Uint8Array {
  const body = joined(chunks);
  const head = new Uint8Array(RIFF_BYTES);
  head.set(new TextEncoder().encode('RIFF'), 0);
  viewOf(head).setUint32(4, body.length + 4, true);
  head.set(new TextEncoder().encode('WEBP'), 8);
  return joined([head, body]);
}

/** Some writers put JPEG's mark before it. */
const exifIn = (body: Uint8Array): Uint8Array =>
  spells(body, 0, 'Exif\0\0') ? body.subarray(6) : body;

const size24 = (view: DataView, at: number): number =>
  view.getUint16(at, true) + view.getUint8(at + 2) * 65_536;

function lossySize(body: Uint8Array): Size | undefined {
  if (body.length < 10 || !spells(body, 3, '\x9d\x01\x2a')) return undefined;
  const view = viewOf(body);
  return { width: view.getUint16(6, true) & 0x3fff, height: view.getUint16(8, true) & 0x3fff };
}

function losslessSize(body: Uint8Array): Size | undefined {
  if (body.length < 5 || body[0] !== 0x2f) return undefined;
  const bits = viewOf(body).getUint32(1, true);
  return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
}
