// Small pictures made on the spot: four quarters of plain colours, so that one sees which way up they are.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { crc32, deflateSync } from 'node:zlib';
import decodeJpeg, { init as initDecoder } from '@jsquash/jpeg/decode.js';
import encodeJpeg, { init as initEncoder } from '@jsquash/jpeg/encode.js';
import encodeWebp, { init as initWebp } from '@jsquash/webp/encode.js';

export interface Sample {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

const { resolve } = createRequire(import.meta.url);
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: { Module: new (bytes: Uint8Array) => object };
};
const moduleOf = (file: string) => new WebAssembly.Module(readFileSync(resolve(file)));

/** Opens the codecs that the samples are made and looked at with. */
export async function openSampleCodecs(): Promise<void> {
  (globalThis as { ImageData?: unknown }).ImageData ??= class {
    readonly data: Uint8ClampedArray;
    readonly width: number;
    readonly height: number;
    constructor(data: Uint8ClampedArray, width: number, height: number) {
      this.data = data;
      this.width = width;
      this.height = height;
    }
  };
  await initDecoder(moduleOf('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm'));
  await initEncoder(moduleOf('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm'));
  await initWebp(moduleOf('@jsquash/webp/codec/enc/webp_enc.wasm'));
}

export const colours = {
  red: [220, 20, 20],
  green: [20, 160, 40],
  blue: [20, 40, 200],
  white: [250, 250, 250],
} as const;
export type Colour = keyof typeof colours;
type Quarters = readonly [Colour, Colour, Colour, Colour];

/** From left to right and from top to bottom. */
export function quarters(
  width: number,
  height: number,
  names: Quarters = ['red', 'green', 'blue', 'white'],
  opacity = 255,
): Sample {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const name = names[(y < height / 2 ? 0 : 2) + (x < width / 2 ? 0 : 1)] ?? 'white';
      data.set([...colours[name], opacity], (y * width + x) * 4);
    }
  }
  return { width, height, data };
}

const near = (pixel: readonly number[], colour: Colour) =>
  colours[colour].every((value, index) => Math.abs((pixel[index] ?? 0) - value) < 40);

/** What stands in the four corners of a JPEG, in the same order. */
export async function cornersOf(
  jpeg: Uint8Array,
): Promise<{ size: [number, number]; corners: string[] }> {
  const { data, width, height } = await decodeJpeg(new Uint8Array(jpeg).buffer);
  const at = (x: number, y: number) => [
    ...data.slice((y * width + x) * 4, (y * width + x) * 4 + 3),
  ];
  const [right, bottom] = [width - 1, height - 1];
  const pixels = [at(0, 0), at(right, 0), at(0, bottom), at(right, bottom)];
  const nameOf = (pixel: number[]) =>
    (Object.keys(colours) as Colour[]).find((name) => near(pixel, name)) ?? pixel.join();
  return { size: [width, height], corners: pixels.map(nameOf) };
}

/** A sure number generator; a picture of it can't be compressed well. */
export function noise(width: number, height: number, seed = 1): Sample {
  const data = new Uint8ClampedArray(width * height * 4);
  let state = seed;
  for (let index = 0; index < data.length; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    data[index] = index % 4 === 3 ? 255 : state >>> 24;
  }
  return { width, height, data };
}

/* JPEG ------------------------------------------------------------------------------------------ */

export const jpegOf = async (sample: Sample, progressive = false): Promise<Uint8Array> =>
  new Uint8Array(await encodeJpeg(sample as never, { quality: 90, progressive }));

export const webpOf = async (sample: Sample): Promise<Uint8Array> =>
  new Uint8Array(await encodeWebp(sample as never, { quality: 90 }));

const ascii = (words: string) => new TextEncoder().encode(words);
export const bytesOf = (...parts: (Uint8Array | readonly number[] | string)[]): Uint8Array =>
  new Uint8Array(
    Buffer.concat(
      parts.map((part) => (typeof part === 'string' ? ascii(part) : Uint8Array.from(part))),
    ),
  );
const u16 = (value: number) => [value >> 8, value & 255];
const u32 = (value: number) => [...u16(value >>> 16), ...u16(value & 0xffff)];

/** A camera's notes: which way up, and where it was taken. */
export const exifOf = (orientation: number, place = '31.2304N 121.4737E'): Uint8Array =>
  bytesOf(
    'MM\0*',
    u32(8),
    u16(2),
    [...u16(0x0112), ...u16(3), ...u32(1), ...u16(orientation), 0, 0],
    // GPSInfo, and beside it the place in plain letters, to be looked for afterwards
    [...u16(0x8825), ...u16(4), ...u32(1), ...u32(38)],
    u32(0),
    place,
  );

export const segment = (marker: number, body: Uint8Array): Uint8Array =>
  bytesOf([0xff, marker, ...u16(body.length + 2)], body);

/** The same picture with more segments right after its start. */
export const withSegments = (jpeg: Uint8Array, ...segments: Uint8Array[]): Uint8Array =>
  bytesOf(jpeg.subarray(0, 2), ...segments, jpeg.subarray(2));

export const withExif = (jpeg: Uint8Array, orientation: number): Uint8Array =>
  withSegments(jpeg, segment(0xe1, bytesOf('Exif\0\0', exifOf(orientation))));

/** Where the frame's header says its size and its components. */
export function frameAt(jpeg: Uint8Array): number {
  for (let at = 2; at < jpeg.length;) {
    const kind = jpeg[at + 1] ?? 0;
    if (kind >= 0xc0 && kind <= 0xc2) return at;
    at += 2 + ((jpeg[at + 2] ?? 0) << 8) + (jpeg[at + 3] ?? 0);
  }
  throw new Error('no frame');
}

/* PNG ------------------------------------------------------------------------------------------- */

export const chunk = (type: string, body: Uint8Array): Uint8Array => {
  const named = bytesOf(type, body);
  return bytesOf(u32(body.length), named, u32(crc32(named)));
};

export interface PngParts {
  readonly width: number;
  readonly height: number;
  readonly depth?: 8 | 16;
  /** 2: colours, 6: with opacity. */
  readonly colour?: 2 | 6;
  /** The rows before they are compressed, each with its filter's byte. */
  readonly rows: Uint8Array;
  readonly between?: readonly Uint8Array[];
}

export const pngFrom = ({ width, height, depth = 8, colour = 6, rows, between = [] }: PngParts) =>
  bytesOf(
    [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    chunk('IHDR', bytesOf(u32(width), u32(height), [depth, colour, 0, 0, 0])),
    ...between,
    chunk('IDAT', new Uint8Array(deflateSync(rows))),
    chunk('IEND', new Uint8Array()),
  );

export function pngOf(
  { width, height, data }: Sample,
  more: { depth?: 8 | 16; between?: readonly Uint8Array[] } = {},
): Uint8Array {
  const wide = more.depth === 16;
  const bytesPerRow = 1 + width * 4 * (wide ? 2 : 1);
  const rows = new Uint8Array(bytesPerRow * height);
  for (let y = 0; y < height; y += 1) {
    for (let index = 0; index < width * 4; index += 1) {
      const value = data[y * width * 4 + index] ?? 0;
      const at = y * bytesPerRow + 1 + index * (wide ? 2 : 1);
      rows[at] = value;
      if (wide) rows[at + 1] = value;
    }
  }
  return pngFrom({ width, height, rows, ...more });
}
