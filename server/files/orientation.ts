import type { Orientation } from './picture-form.ts';
import { spells, viewOf } from './bytes.ts';

const ORIENTATION_TAG = 0x0112;
const SHORT = 3;
const ENTRY_BYTES = 12;

/** The orientation in EXIF's own form (TIFF); upright when it says nothing that makes sense. */
export function orientationIn(tiff: Uint8Array): Orientation {
  const little = spells(tiff, 0, 'II*\0');
  if (!little && !spells(tiff, 0, 'MM\0*')) return 1;
  const view = viewOf(tiff);
  if (tiff.length < 8) return 1;
  const directory = view.getUint32(4, little);
  if (directory + 2 > tiff.length) return 1;
  const entries = view.getUint16(directory, little);
  for (let index = 0; index < entries; index += 1) {
    const at = directory + 2 + index * ENTRY_BYTES;
    if (at + ENTRY_BYTES > tiff.length) return 1;
    if (view.getUint16(at, little) !== ORIENTATION_TAG) continue;
    if (view.getUint16(at + 2, little) !== SHORT) return 1;
    const value = view.getUint16(at + 8, little);
    return value >= 1 && value <= 8 ? (value as Orientation) : 1;
  }
  return 1;
}
