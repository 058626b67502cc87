/** What a picture on a card may be. Sizes in bytes and pixels. */
export const pictureLimits = {
  bytes: 10 * 1024 * 1024,
  perCard: 6,
  perBoard: 1_000,
  /** Larger pictures are scaled down to it. */
  longSide: 2_560,
  thumbSide: 480,
} as const;

/** A picture as it is referred to: its id is the SHA-256 of the bytes that are kept, in hex. */
export interface Picture {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

/** One on a card, with who brought it. */
export interface CardPicture extends Picture {
  readonly by?: string;
}

const base = (consultation: string): string =>
  `/api/consultations/${encodeURIComponent(consultation)}`;

/** `key`: the big screen's, which has no cookie. */
export function pictureUrl(
  consultation: string,
  picture: string,
  { size, key }: { readonly size?: 'thumb'; readonly key?: string | undefined } = {},
): string {
  const query = [size && `size=${size}`, key && `k=${encodeURIComponent(key)}`].filter(Boolean);
  return [`${base(consultation)}/pictures/${picture}`, query.join('&')].filter(Boolean).join('?');
}

export const cardPicturesUrl = (consultation: string, card: string): string =>
  `${base(consultation)}/cards/${encodeURIComponent(card)}/pictures`;
