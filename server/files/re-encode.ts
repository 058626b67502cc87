import decodeJpeg, { init as initJpegDecoder } from '@jsquash/jpeg/decode.js';
import encodeJpeg, { init as initJpegEncoder } from '@jsquash/jpeg/encode.js';
import { decode as decodePng, init as initPng } from '@jsquash/png/decode.js';
import decodeWebp, { init as initWebp } from '@jsquash/webp/decode.js';
import { pictureLimits } from '../../shared/pictures.ts';
import { cappedModule } from './capped-wasm.ts';
import { formOf, type PictureForm, type PictureRefusal } from './picture-form.ts';
import { shrunk, upright, type Pixels } from './scale.ts';

/** A picture as it is kept: two fresh JPEG files, which hold nothing but what can be seen. */
export interface Developed {
  readonly width: number;
  readonly height: number;
  readonly picture: Uint8Array;
  readonly thumb: Uint8Array;
}

const quality = { picture: 82, thumb: 74 } as const;

/**
 * Decodes and encodes anew. Only for a worker: it takes seconds, and much memory. Everything is laid on white, so that
 * one format is enough: what was drawn for white paper can be read on the dark screen too.
 */
export async function developed(bytes: Uint8Array): Promise<Developed | PictureRefusal> {
  const form = formOf(bytes);
  if (typeof form === 'string') return form;
  await openCodecs(form.format);
  const pixels = await decoded(form);
  if (!pixels) return 'picture_damaged';
  const { longSide, thumbSide } = pictureLimits;
  const whole = upright(shrunk(pixels, longSide), form.orientation);
  const small = shrunk(whole, thumbSide);
  const { width, height } = whole;
  return {
    width,
    height,
    picture: new Uint8Array(await encode(whole, { quality: quality.picture })),
    thumb: new Uint8Array(await encode(small, { quality: quality.thumb })),
  };
}

// their types speak of the DOM's ImageData, which is not among Node's
const decoders = { jpeg: decodeJpeg, png: decodePng, webp: decodeWebp } as const;
const encode = encodeJpeg as unknown as (
  pixels: Pixels,
  options: { readonly quality: number },
) => Promise<ArrayBuffer>;

const codecs = {
  jpeg: () => initJpegDecoder(cappedModule('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm')),
  png: () => initPng(cappedModule('@jsquash/png/codec/pkg/squoosh_png_bg.wasm')),
  webp: () => initWebp(cappedModule('@jsquash/webp/codec/dec/webp_dec.wasm')),
} as const;

async function openCodecs(format: PictureForm['format']): Promise<void> {
  // the decoders make one of these; Node has none
  const pixels = class {
    readonly data: Uint8ClampedArray;
    readonly width: number;
    readonly height: number;
    constructor(data: Uint8ClampedArray, width: number, height: number) {
      this.data = data;
      this.width = width;
      this.height = height;
    }
  };
  (globalThis as { ImageData?: unknown }).ImageData ??= pixels;
  await codecs[format]();
  await initJpegEncoder(cappedModule('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm'));
}

/** `undefined` when the decoder found no whole picture in it. */
async function decoded({ format, pared, width, height }: PictureForm): Promise<Pixels | undefined> {
  const decode = decoders[format] as (bytes: ArrayBuffer) => Promise<Pixels>;
  try {
    const pixels = await decode(pared.slice().buffer);
    return pixels.width === width && pixels.height === height ? pixels : undefined;
  } catch {
    return undefined;
  }
}
