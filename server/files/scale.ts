import type { Orientation } from './picture-form.ts';

/** Four bytes a pixel: red, green, blue, opacity. */
export interface Pixels {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** The size that fits into a square of that side, never enlarged. */
export function fitted(
  { width, height }: Omit<Pixels, 'data'>,
  side: number,
): Omit<Pixels, 'data'> {
  const by = Math.min(1, side / Math.max(width, height));
  const scaled = (length: number) => Math.max(1, Math.round(length * by));
  return { width: scaled(width), height: scaled(height) };
}

/** To which outputs an input adds, and how much of it to the first; the rest goes to the one after. */
function shares(length: number, target: number): { first: Uint32Array; share: Float32Array } {
  const first = new Uint32Array(length);
  const share = new Float32Array(length);
  const ratio = length / target;
  for (let index = 0; index < length; index += 1) {
    const out = Math.min(target - 1, Math.floor(index / ratio));
    first[index] = out;
    share[index] = out === target - 1 ? 1 : Math.min(1, Math.max(0, (out + 1) * ratio - index));
  }
  return { first, share };
}

/**
 * A smaller picture, each of whose pixels is the mean of the area that it stands for, laid on white. Row by row: it
 * takes no memory beyond its own result.
 */
export function shrunk({ data, width, height }: Pixels, side: number): Pixels {
  const target = fitted({ width, height }, side);
  const result = new Uint8ClampedArray(target.width * target.height * 4).fill(255);
  const columns = shares(width, target.width);
  const rows = shares(height, target.height);
  const area = (width / target.width) * (height / target.height);
  let line = new Float32Array(target.width * 3);
  let sum = new Float32Array(target.width * 3);
  const finish = (row: number) => {
    for (let pixel = 0; pixel < target.width; pixel += 1) {
      const to = (row * target.width + pixel) * 4;
      for (let colour = 0; colour < 3; colour += 1)
        result[to + colour] = (sum[pixel * 3 + colour] ?? 0) / area;
    }
  };
  for (let y = 0; y < height; y += 1) {
    addUp(data.subarray(y * width * 4, (y + 1) * width * 4), columns, line.fill(0));
    const share = rows.share[y] ?? 1;
    const row = rows.first[y] ?? 0;
    for (let index = 0; index < sum.length; index += 1)
      sum[index] = (sum[index] ?? 0) + (line[index] ?? 0) * share;
    if (y + 1 < height && rows.first[y + 1] === row) continue;
    finish(row);
    for (let index = 0; index < line.length; index += 1)
      line[index] = (line[index] ?? 0) * (1 - share);
    [sum, line] = [line, sum];
  }
  return { data: result, ...target };
}

function addUp(
  row: Uint8ClampedArray,
  { first, share }: { first: Uint32Array; share: Float32Array },
  line: Float32Array,
): void {
  for (let x = 0; x < first.length; x += 1) {
    const opacity = (row[x * 4 + 3] ?? 255) / 255;
    const whole = share[x] ?? 1;
    const to = (first[x] ?? 0) * 3;
    for (let colour = 0; colour < 3; colour += 1) {
      const light = (row[x * 4 + colour] ?? 0) * opacity + 255 * (1 - opacity);
      line[to + colour] = (line[to + colour] ?? 0) + light * whole;
      if (whole < 1) line[to + 3 + colour] = (line[to + 3 + colour] ?? 0) + light * (1 - whole);
    }
  }
}

/** Turned and mirrored as the camera noted, so that it stands upright by itself. */
export function upright({ data, width, height }: Pixels, orientation: Orientation): Pixels {
  if (orientation === 1) return { data, width, height };
  const lying = orientation >= 5;
  const [outWidth, outHeight] = lying ? [height, width] : [width, height];
  const from = new Uint32Array(data.buffer, data.byteOffset, width * height);
  const to = new Uint32Array(width * height);
  const mirroredX = [2, 3, 7, 8].includes(orientation);
  const mirroredY = [3, 4, 6, 7].includes(orientation);
  for (let y = 0; y < outHeight; y += 1) {
    for (let x = 0; x < outWidth; x += 1) {
      const across = lying ? y : x;
      const down = lying ? x : y;
      const sourceX = mirroredX ? width - 1 - across : across;
      const sourceY = mirroredY ? height - 1 - down : down;
      to[y * outWidth + x] = from[sourceY * width + sourceX] ?? 0;
    }
  }
  return { data: new Uint8ClampedArray(to.buffer), width: outWidth, height: outHeight };
}
