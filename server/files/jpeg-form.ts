import { joined, spells, viewOf } from './bytes.ts';
import { orientationIn } from './orientation.ts';
import type { Orientation, PictureForm, PictureRefusal } from './picture-form.ts';

const marker = { sos: 0xda, eoi: 0xd9, app0: 0xe0, app1: 0xe1, app14: 0xee, dnl: 0xdc } as const;
/** Baseline, extended and progressive, Huffman-coded. Nobody's camera makes the other kinds. */
const frames = new Set([0xc0, 0xc1, 0xc2]);
const otherFrames = new Set([0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf]);
const tables = new Set([0xc4, 0xdb, 0xdd]);
/** A decoder goes over the whole picture once a scan; real ones have ten. */
const MAX_SCANS = 100;
/** JFIF 1.1 without a preview: it tells how colours are coded. */
const jfif = Uint8Array.of(0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0);

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly progressive: boolean;
}

/** Keeps the frame, its tables and its scans; all that applications added goes. */
export function jpegForm(bytes: Uint8Array): PictureForm | PictureRefusal {
  const kept: Uint8Array[] = [bytes.subarray(0, 2)];
  let frame: Frame | undefined;
  let orientation: Orientation = 1;
  let scans = 0;
  for (let at = 2; ;) {
    const segment = segmentAt(bytes, at);
    if (!segment) return 'picture_damaged';
    const { kind, body, from, to } = segment;
    at = to;
    if (kind === marker.eoi) break;
    if (otherFrames.has(kind)) return 'picture_format';
    if (kind === marker.dnl) return 'picture_damaged';
    if (frames.has(kind)) {
      if (frame) return 'picture_damaged';
      const read = frameIn(body, kind);
      if (typeof read === 'string') return read;
      frame = read;
    }
    if (kind === marker.sos) {
      if (!frame || (scans += 1) > MAX_SCANS) return 'picture_damaged';
      at = endOfScan(bytes, to);
    }
    if (kind === marker.app1 && spells(body, 0, 'Exif\0\0'))
      orientation = orientationIn(body.subarray(6));
    if (kind === marker.app0 && spells(body, 0, 'JFIF\0')) kept.push(jfif);
    else if (isNeeded(kind, body)) kept.push(bytes.subarray(from, at));
  }
  if (!frame || scans === 0) return 'picture_damaged';
  kept.push(Uint8Array.of(0xff, marker.eoi));
  const { width, height, components, progressive } = frame;
  const pixels = width * height;
  // a progressive picture is held as coefficients, two bytes each, until its last scan
  const weight = pixels * 4 + (progressive ? pixels * components * 2 : 0);
  return { format: 'jpeg', width, height, orientation, weight, pared: joined(kept) };
}

const isNeeded = (kind: number, body: Uint8Array): boolean =>
  frames.has(kind) ||
  tables.has(kind) ||
  kind === marker.sos ||
  // how the colours are coded, where Adobe wrote it
  (kind === marker.app14 && body.length === 12 && spells(body, 0, 'Adobe'));

interface Segment {
  readonly kind: number;
  readonly body: Uint8Array;
  readonly from: number;
  readonly to: number;
}

function segmentAt(bytes: Uint8Array, start: number): Segment | undefined {
  let at = start;
  if (bytes[at] !== 0xff) return undefined;
  while (bytes[at] === 0xff) at += 1;
  const kind = bytes[at];
  if (kind === undefined || kind === 0) return undefined;
  if (kind === marker.eoi) return { kind, body: bytes.subarray(0, 0), from: at - 1, to: at + 1 };
  if (at + 3 > bytes.length) return undefined;
  const length = viewOf(bytes).getUint16(at + 1);
  const to = at + 1 + length;
  if (length < 2 || to > bytes.length) return undefined;
  return { kind, body: bytes.subarray(at + 3, to), from: at - 1, to };
}

/** Where the coded data after a scan's header ends: at the next marker that is not inside it. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    const inside =
      next === 0 || next === 0xff || (next !== undefined && next >= 0xd0 && next <= 0xd7);
    if (!inside) return at;
  }
  return bytes.length;
}

function frameIn(body: Uint8Array, kind: number): Frame | PictureRefusal {
  const [precision, , , , , components] = body;
  if (body.length < 6 || components === undefined) return 'picture_damaged';
  // four components are inks, not light
  if (precision !== 8 || (components !== 1 && components !== 3)) return 'picture_format';
  const view = viewOf(body);
  const [height, width] = [view.getUint16(1), view.getUint16(3)];
  return { width, height, components, progressive: kind === 0xc2 };
}
