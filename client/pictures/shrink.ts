import { pictureLimits } from '../../shared/pictures.ts';

/** Kinds that the server reads, and how heavy they may be before it pays to make them smaller here. */
const sendable = new Set(['image/jpeg', 'image/png', 'image/webp']);
const LIGHT_BYTES = 1_200_000;
const QUALITY = 0.86;

/**
 * The picture as it is sent: no larger than it will be kept, upright, as JPEG. That saves a phone's data, leaves its
 * notes on the phone, and turns kinds that only this browser can read into one that everybody can. `undefined` when
 * the browser can't read it and the server couldn't either.
 */
export async function shrunkForSending(file: Blob): Promise<Blob | undefined> {
  const asItIs = sendable.has(file.type) ? file : undefined;
  const image = await decoded(file);
  if (!image) return asItIs;
  try {
    const by = Math.min(
      1,
      pictureLimits.longSide / Math.max(image.naturalWidth, image.naturalHeight),
    );
    if (asItIs && by === 1 && file.size <= LIGHT_BYTES) return file;
    const smaller = await drawn(image, by);
    const worthIt = smaller && (!asItIs || smaller.size < file.size);
    return worthIt ? smaller : asItIs;
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

/** By an element, because those turn pictures upright in all browsers that we have. */
function decoded(file: Blob): Promise<HTMLImageElement | undefined> {
  return new Promise((resolve) => {
    const image = new Image();
    image.onload = () => resolve(image.naturalWidth > 0 ? image : undefined);
    image.onerror = () => {
      URL.revokeObjectURL(image.src);
      resolve(undefined);
    };
    image.src = URL.createObjectURL(file);
  });
}

function drawn(image: HTMLImageElement, by: number): Promise<Blob | undefined> {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(image.naturalWidth * by));
  canvas.height = Math.max(1, Math.round(image.naturalHeight * by));
  const context = canvas.getContext('2d');
  if (!context) return Promise.resolve(undefined);
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => {
    canvas.toBlob((blob) => resolve(blob ?? undefined), 'image/jpeg', QUALITY);
  });
}
