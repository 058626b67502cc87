/**
 * Message types of the board's socket: the first four are y-websocket's own. One protocol message per WebSocket frame,
 * because stock clients read only the first.
 */
export const boardFrame = {
  sync: 0,
  awareness: 1,
  auth: 2,
  queryAwareness: 3,
  /** Server → client `{n}`: the first n updates received on this connection are on disk. A varUint. */
  saved: 100,
  /** Server → client `{epoch, reason}`: your copy went astray; keep your words, load afresh. A varUint and a string. */
  reset: 101,
} as const;

export const syncStep = { step1: 0, step2: 1, update: 2 } as const;

/** Largest update that the board accepts, in bytes. */
export const MAX_UPDATE_BYTES = 256 * 1024;

/** WebSocket close codes that a client must not retry. */
export const closeCode = {
  notLoggedIn: 4401,
  forbidden: 4403,
  notFound: 4404,
  tooManyConnections: 4429,
} as const;
