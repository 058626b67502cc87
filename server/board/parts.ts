import type { IncomingHttpHeaders } from 'node:http';
import type { Actor } from '../../shared/log/envelope.ts';
import type { Phase } from '../../shared/consultation/lifecycle.ts';
import type { Database } from '../database/open.ts';

/** What the board needs of the rest of the server; app.ts hands it over. */
export interface BoardParts {
  readonly database: Pick<Database, 'sql' | 'commit'>;
  readonly access: Access;
  /** Only where there are other nodes: they are then listened to, and SQL is looked at now and then. */
  readonly bus?: BoardBus;
  readonly now?: () => number;
  readonly log: BoardLog;
  /** A board was loaded, its lanes changed, or a card came into a lane that is not there: are the lanes as they should be? */
  readonly onUnsettled?: (consultation: string) => void;
  /** Cards that are no longer on a board; told by every node that has it open, and not after a crash. */
  readonly onRemoved?: (consultation: string, cards: readonly string[]) => void;
  /** Those of a card's pictures, once it was removed, that can still be read. */
  readonly picturesKept?: (consultation: string, card: string) => Promise<ReadonlySet<string>>;
  /** Tests tighten them. */
  readonly limits?: Partial<BoardServerLimits>;
}

/**
 * Who is at the door of a consultation's board. Checks Origin (`forbidden` when it is not ours) and the cookie. Asked
 * once a connection; what it answers is asked again for every message.
 */
export type Access = (
  headers: IncomingHttpHeaders,
  consultation: string,
) => Promise<Visitor | 'not-logged-in' | 'not-found' | 'forbidden'>;

/** Someone at the board, looked up anew at every call. */
export interface Visitor {
  /** Who that is there as of now; `undefined` as soon as the consultation is none of theirs. */
  actor(): Actor | undefined;
  /** Is this card an opinion of the record? */
  tabled(card: string): boolean;
  phase(): Phase;
}

export type IsTabled = (card: string) => boolean;

/** A hint to the other nodes; what is lost is filled from SQL. */
export interface BoardBus {
  publish(topic: 'board', message: Uint8Array): void;
  subscribe(topic: 'board', listener: (message: Uint8Array) => void): () => void;
  onGap(listener: () => void): () => void;
  isUp(): boolean;
}

export interface BoardLog {
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** So many at once, and so many a second from then on. */
export interface Allowance {
  readonly burst: number;
  readonly perSecond: number;
}

export interface BoardServerLimits {
  readonly connectionsPerPerson: number;
  /** Unsent bytes of one connection, after which it is sent nothing until it drains. */
  readonly unsentBytes: number;
  /** A snapshot is cut after so many updates. */
  readonly updatesPerSnapshot: number;
  /** A board that nobody is connected to leaves memory after so many milliseconds. */
  readonly lingerMs: number;
  readonly pingMs: number;
  /** Awareness is told at most so often. */
  readonly awarenessMs: number;
  /** What those who only read are told may wait so long for more. */
  readonly readersMs: number;
  /** Frames of content of one person. */
  readonly content: Allowance;
  /** Bytes of content of one person. */
  readonly contentBytes: Allowance;
  /** Awareness and other questions of one person: stock clients repeat what they hear. */
  readonly chatter: Allowance;
  /** Asking for the whole board. */
  readonly syncs: Allowance;
  /** Refusals of one person, before the connection is closed. */
  readonly refusals: Allowance;
}

export const defaultLimits: BoardServerLimits = {
  connectionsPerPerson: 20,
  unsentBytes: 1024 * 1024,
  updatesPerSnapshot: 500,
  lingerMs: 30_000,
  pingMs: 15_000,
  awarenessMs: 100,
  readersMs: 50,
  content: { burst: 1_000, perSecond: 200 },
  contentBytes: { burst: 8 * 1024 * 1024, perSecond: 512 * 1024 },
  chatter: { burst: 2_000, perSecond: 400 },
  syncs: { burst: 100, perSecond: 5 },
  refusals: { burst: 20, perSecond: 0.2 },
};
