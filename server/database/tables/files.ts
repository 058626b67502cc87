/** Pictures on cards, and what of them has come so far. Times in milliseconds. */
export interface FilesTables {
  picture: PictureTable;
  picture_use: PictureUseTable;
  picture_upload: PictureUploadTable;
  picture_chunk: PictureChunkTable;
}

/** Once, however often it is used. */
export interface PictureTable {
  /** Hex SHA-256 of `bytes`. */
  id: string;
  width: number;
  height: number;
  bytes: Uint8Array;
  thumb: Uint8Array;
  at: number;
}

/** Where it may be seen. */
export interface PictureUseTable {
  consultation: string;
  card: string;
  picture: string;
  /** Who put it there. */
  person: string;
  at: number;
  /** Its card was removed then; the card may yet come back. */
  gone_at: number | null;
}

export interface PictureUploadTable {
  id: string;
  consultation: string;
  card: string;
  person: string;
  /** Bytes that will come, and those that are here. */
  size: number;
  received: number;
  created_at: number;
  touched_at: number;
  /** What became of it: the picture’s id, or a refusal’s code; null while it is under way. */
  outcome: string | null;
}

export interface PictureChunkTable {
  upload: string;
  start: number;
  bytes: Uint8Array;
}
