import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDarkroom, type Darkroom } from '../../server/files/darkroom.ts';
import type { Developed } from '../../server/files/re-encode.ts';
import { isRefused, type Refused } from '../../shared/refusal.ts';
import {
  bytesOf,
  chunk,
  cornersOf,
  exifOf,
  frameAt,
  jpegOf,
  noise,
  openSampleCodecs,
  pngFrom,
  pngOf,
  quarters,
  segment,
  webpOf,
  withExif,
  withSegments,
} from './sample-pictures.ts';

let darkroom: Darkroom;
beforeAll(async () => {
  await openSampleCodecs();
  darkroom = createDarkroom({ log: { warn: () => undefined } });
});
afterAll(() => darkroom.close());

async function taken(bytes: Uint8Array): Promise<Developed> {
  const answer = await darkroom.develop(bytes);
  if (isRefused(answer)) throw new Error(`refused: ${answer.refused.code}`);
  return answer;
}
const codeOf = (answer: Developed | Refused) =>
  isRefused(answer) ? answer.refused.code : `${answer.width}×${answer.height}`;
const outcome = async (bytes: Uint8Array) => codeOf(await darkroom.develop(bytes));
const holds = (bytes: Uint8Array, words: string) => Buffer.from(bytes).includes(words);
const quartered = ['red', 'green', 'blue', 'white'];

describe('what is kept of a picture', () => {
  test('[PIC1] is a fresh JPEG and a small one, whatever it was', async () => {
    const sample = quarters(64, 48);
    const files = [
      await jpegOf(sample),
      await jpegOf(sample, true),
      pngOf(sample),
      await webpOf(sample),
    ];
    for (const file of files) {
      const { width, height, picture, thumb } = await taken(file);
      expect([width, height]).toEqual([64, 48]);
      expect(await cornersOf(picture)).toEqual({ size: [64, 48], corners: quartered });
      expect(await cornersOf(thumb)).toEqual({ size: [64, 48], corners: quartered });
    }
  });

  test('[PIC2] the same file gives the same bytes', async () => {
    const file = await jpegOf(noise(100, 80));
    const [one, other] = [await taken(file), await taken(file)];
    expect(Buffer.compare(one.picture, other.picture)).toBe(0);
  });

  test('[PIC3] has nothing of where it was taken, by what, or of what else was in the file', async () => {
    const jpeg = await jpegOf(quarters(64, 48));
    const secrets = ['31.2304N 121.4737E', 'Camera of Alice', 'PK\u0003\u0004zip', '<script>'];
    const marked = withSegments(
      jpeg,
      segment(0xe1, bytesOf('Exif\0\0', exifOf(1, secrets[0]))),
      segment(0xe1, bytesOf('http://ns.adobe.com/xap/1.0/\0', secrets[1]!)),
      segment(0xfe, bytesOf(secrets[3]!)),
    );
    const file = bytesOf(marked, secrets[2]!, secrets[3]!);
    for (const secret of secrets) expect(holds(file, secret)).toBe(true);
    const { picture, thumb } = await taken(file);
    for (const secret of secrets) {
      expect(holds(picture, secret)).toBe(false);
      expect(holds(thumb, secret)).toBe(false);
    }
    const text = chunk('tEXt', bytesOf('Comment\0', secrets[1]!));
    const png = pngOf(quarters(64, 48), { between: [text, chunk('eXIf', exifOf(1, secrets[0]))] });
    expect(holds(png, secrets[0]!) && holds(png, secrets[1]!)).toBe(true);
    const { picture: fromPng } = await taken(bytesOf(png, secrets[3]!));
    for (const secret of secrets) expect(holds(fromPng, secret)).toBe(false);
  });

  test.each([
    [1, quartered],
    [2, ['green', 'red', 'white', 'blue']],
    [3, ['white', 'blue', 'green', 'red']],
    [4, ['blue', 'white', 'red', 'green']],
    [5, ['red', 'blue', 'green', 'white']],
    [6, ['blue', 'red', 'white', 'green']],
    [7, ['white', 'green', 'blue', 'red']],
    [8, ['green', 'white', 'red', 'blue']],
  ])('[PIC4] stands upright without notes: orientation %i', async (orientation, corners) => {
    const { picture } = await taken(withExif(await jpegOf(quarters(64, 48)), orientation));
    const size = orientation >= 5 ? [48, 64] : [64, 48];
    expect(await cornersOf(picture)).toEqual({ size, corners });
  });

  test('[PIC4] PNG and WebP say which way up they are too; nonsense says nothing', async () => {
    const png = pngOf(quarters(64, 48), { between: [chunk('eXIf', exifOf(6))] });
    expect((await cornersOf((await taken(png)).picture)).size).toEqual([48, 64]);
    const jpeg = await jpegOf(quarters(64, 48));
    expect(await outcome(withExif(jpeg, 9))).toBe('64×48');
    expect(await outcome(withSegments(jpeg, segment(0xe1, bytesOf('Exif\0\0MM'))))).toBe('64×48');
  });

  test('[PIC5] is at most 2560 pixels long, and 480 in small', async () => {
    const { width, height, thumb } = await taken(pngOf(quarters(3_000, 1_000)));
    expect([width, height]).toEqual([2_560, 853]);
    expect((await cornersOf(thumb)).size).toEqual([480, 160]);
    expect(await outcome(pngOf(quarters(1, 1)))).toBe('1×1');
    expect(await outcome(pngOf(quarters(4_000, 1)))).toBe('2560×1');
  });

  test('what was transparent is white', async () => {
    const { picture } = await taken(pngOf(quarters(64, 48, undefined, 0)));
    expect((await cornersOf(picture)).corners).toEqual(['white', 'white', 'white', 'white']);
  });

  test('16 bits a colour become 8; of an animation the first picture stays', async () => {
    expect(await outcome(pngOf(quarters(64, 48), { depth: 16 }))).toBe('64×48');
    const frames = [
      chunk('acTL', Uint8Array.of(0, 0, 0, 2, 0, 0, 0, 0)),
      chunk('fcTL', new Uint8Array(26)),
    ];
    const animated = pngOf(quarters(64, 48), { between: frames });
    expect((await cornersOf((await taken(animated)).picture)).corners).toEqual(quartered);
  });
});

describe('[PIC6] what is no picture, or no good one, is refused by name', () => {
  test('by its content, whatever it is called', async () => {
    expect(await outcome(new Uint8Array())).toBe('picture_unknown');
    expect(await outcome(bytesOf('<!doctype html><script>alert(1)</script>'))).toBe(
      'picture_unknown',
    );
    expect(await outcome(bytesOf('%PDF-1.7 '.repeat(50)))).toBe('picture_unknown');
    expect(await outcome(noise(20, 20).data as unknown as Uint8Array)).toBe('picture_unknown');
    expect(
      await outcome(bytesOf('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')),
    ).toBe('picture_format');
    expect(await outcome(bytesOf('GIF89a', new Uint8Array(50)))).toBe('picture_format');
    expect(await outcome(bytesOf([0, 0, 0, 24], 'ftypheic', new Uint8Array(50)))).toBe(
      'picture_format',
    );
  });

  test('truncated anywhere, it is damaged', async () => {
    const sample = noise(60, 40);
    for (const file of [await jpegOf(sample), pngOf(sample), await webpOf(sample)]) {
      for (const part of [0.1, 0.5, 0.9, 0.999]) {
        const cut = file.subarray(0, Math.floor(file.length * part));
        expect(await outcome(cut), `${part} of ${file.length}`).toBe('picture_damaged');
      }
    }
  });

  test('with wrong insides it is damaged, never a crash', async () => {
    const jpeg = await jpegOf(noise(60, 40));
    const mixed = jpeg.slice();
    for (let at = frameAt(jpeg) + 20; at < mixed.length - 4; at += 3) mixed[at] = (at * 89) & 0x7f;
    expect(await outcome(mixed)).toMatch(/^picture_damaged$|^60×40$/);
    const short = pngFrom({ width: 64, height: 48, rows: new Uint8Array(100) });
    expect(await outcome(short)).toBe('picture_damaged');
    const unknown = pngOf(quarters(8, 8), { between: [chunk('EVIL', new Uint8Array(4))] });
    expect(await outcome(unknown)).toBe('picture_damaged');
    // and the next one is as good as ever
    expect(await outcome(jpeg)).toBe('60×40');
  });

  test('too many pixels are refused by the header, before a byte is decoded', async () => {
    const jpeg = await jpegOf(quarters(64, 48));
    const huge = jpeg.slice();
    huge.set([0x75, 0x30, 0x75, 0x30], frameAt(jpeg) + 5); // 30,000 × 30,000
    const started = performance.now();
    expect(await outcome(huge)).toBe('picture_too_many_pixels');
    const rows = new Uint8Array(1_000);
    expect(await outcome(pngFrom({ width: 2 ** 31, height: 2 ** 31, rows }))).toBe(
      'picture_too_many_pixels',
    );
    expect(await outcome(pngFrom({ width: 50_000, height: 2_000, rows }))).toBe(
      'picture_too_many_pixels',
    );
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(await outcome(pngFrom({ width: 0, height: 10, rows }))).toBe('picture_damaged');
  });

  test('a bomb in a PNG does not go off: not in its rows, not in its profile', async () => {
    const bomb = new Uint8Array(deflateSync(new Uint8Array(200_000_000)));
    expect(bomb.length).toBeLessThan(300_000);
    const profile = chunk('iCCP', bytesOf('p\0\0', bomb));
    const text = chunk('zTXt', bytesOf('p\0\0', bomb));
    expect(await outcome(pngOf(quarters(64, 48), { between: [profile, text] }))).toBe('64×48');
    // more rows than the header says: what comes after the picture is not looked at
    const rows = new Uint8Array(100_000_000);
    expect(await outcome(pngFrom({ width: 16, height: 16, rows }))).toMatch(
      /^16×16$|^picture_damaged$/,
    );
  });

  test('inks instead of light, twelve bits, and lossless kinds can’t be read', async () => {
    const jpeg = await jpegOf(quarters(64, 48));
    const at = frameAt(jpeg);
    const inks = bytesOf(
      jpeg.subarray(0, at),
      segment(0xc0, bytesOf([8, 0, 48, 0, 64, 4, 1, 17, 0, 2, 17, 0, 3, 17, 0, 4, 17, 0])),
      jpeg.subarray(at + 19),
    );
    expect(await outcome(inks)).toBe('picture_format');
    const deep = jpeg.slice();
    deep[at + 4] = 12;
    expect(await outcome(deep)).toBe('picture_format');
    const lossless = jpeg.slice();
    lossless[at + 1] = 0xc3;
    expect(await outcome(lossless)).toBe('picture_format');
  });

  test('an animated WebP', async () => {
    const still = await webpOf(quarters(64, 48));
    const flags = bytesOf('VP8X', [10, 0, 0, 0, 0x02, 0, 0, 0, 63, 0, 0, 47, 0, 0]);
    const body = bytesOf('WEBP', flags, still.subarray(12));
    const length = [body.length & 255, (body.length >> 8) & 255, (body.length >> 16) & 255, 0];
    expect(await outcome(bytesOf('RIFF', length, body))).toBe('picture_format');
  });

  test('a progressive JPEG of endless scans', async () => {
    const jpeg = await jpegOf(quarters(64, 48), true);
    const scan = jpeg.lastIndexOf(0xda) - 1;
    const last = jpeg.subarray(scan, jpeg.length - 2);
    const many = bytesOf(
      jpeg.subarray(0, scan),
      ...Array<Uint8Array>(5_000).fill(last),
      [0xff, 0xd9],
    );
    expect(await outcome(many)).toBe('picture_damaged');
  });
});

describe('the darkroom', () => {
  test('[PIC7] a worker that takes too long is ended, and the next picture has its own', async () => {
    const warned: object[] = [];
    const hasty = createDarkroom({
      log: { warn: (details) => void warned.push(details) },
      limits: { milliseconds: 1 },
    });
    expect(codeOf(await hasty.develop(pngOf(quarters(64, 48))))).toBe('picture_damaged');
    expect(warned).toHaveLength(1);
    await hasty.close();
    expect(await outcome(pngOf(quarters(64, 48)))).toBe('64×48');
  });

  test('[PIC7] one is developed at a time; when too many wait, it is busy', async () => {
    const small = createDarkroom({ log: { warn: () => undefined }, limits: { waiting: 2 } });
    const file = pngOf(quarters(64, 48));
    const answers = await Promise.all([1, 2, 3].map(() => small.develop(file)));
    expect(answers.map(codeOf)).toEqual(['64×48', '64×48', 'busy']);
    await small.close();
    expect(codeOf(await small.develop(file))).toBe('busy');
  });
});
