/**
 * Message types of the board's socket: the first four are y-websocket's own. One protocol message per WebSocket frame,
 * because stock clients read only the first.
 */
export const boardFrame = {
  sync: 0,
  awareness: 1,
  auth: 2,
  queryAwareness: 3,
  /**
   * Server → client `{n}`: of the messages that carry content (sync step 2 and update) the first n received on this
   * connection are on disk, or changed nothing. A varUint.
   */
  saved: 100,
  /** Server → client `{epoch, reason}`: your copy went astray; keep your words, load afresh. A varUint and a string. */
  reset: 101,
} as const;

export const syncStep = { step1: 0, step2: 1, update: 2 } as const;

/** Why a client's copy went astray. */
export type ResetReason =
  /** Not a message of this protocol, or not an update. */
  | 'invalid'
  | 'too_large'
  /** The role may not do this. */
  | 'forbidden'
  /** The consultation is archived. */
  | 'not_open'
  /** The card is an opinion of the record. */
  | 'tabled'
  /** It builds on what the server doesn't have. */
  | 'gap'
  /** Written under somebody else's client id. */
  | 'foreign_client'
  /** Not a board any more: unknown fields, wrong types, too long, too many. */
  | 'schema'
  /** The board began anew since this copy was made. */
  | 'epoch';

/** Largest update that the board accepts, in bytes. */
export const MAX_UPDATE_BYTES = 256 * 1024;

/** WebSocket close codes that a client must not retry. */
export const closeCode = {
  notLoggedIn: 4401,
  forbidden: 4403,
  notFound: 4404,
  tooManyConnections: 4429,
} as const;
