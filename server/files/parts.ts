import type { FastifyRequest } from 'fastify';
import type * as Y from 'yjs';
import type { ConsultationState } from '../../shared/consultation/state.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import type { Refused } from '../../shared/refusal.ts';
import type { Database } from '../database/open.ts';
import type { Darkroom } from './darkroom.ts';

type IsTabled = (card: string) => boolean;

/** The boards, as far as pictures are on their cards. `change` may run again. */
export interface PictureBoards {
  edit(
    consultation: string,
    actor: Actor,
    change: (doc: Y.Doc, tabled: IsTabled) => void,
  ): Promise<void>;
  read<T>(consultation: string, look: (doc: Y.Doc, tabled: IsTabled) => T): Promise<T>;
}

/** Someone in a consultation, as of now. */
export interface Entered {
  readonly actor: Actor;
  readonly state: ConsultationState;
}

export interface FilesParts {
  readonly database: Pick<Database, 'sql' | 'commit'>;
  readonly boards: PictureBoards;
  readonly darkroom: Pick<Darkroom, 'develop'>;
  /** Who a person of the roster is now; `undefined` when the consultation is none of theirs any more. */
  readonly personIn: (consultation: string, person: string) => Promise<Entered | undefined>;
  readonly newId: (prefix: string) => string;
  readonly now: () => number;
  readonly log: {
    warn(details: object, message: string): void;
    error(details: object, message: string): void;
  };
  readonly limits?: Partial<FilesLimits>;
}

export type EnterBy = (request: FastifyRequest, consultation: string) => Promise<Entered | Refused>;

export interface FilesLimits {
  /** Of one person: uploads under way, and uploads and bytes asked for in an hour. */
  readonly open: number;
  readonly uploadsPerHour: number;
  readonly bytesPerHour: number;
  /** Chunks of one person that one node takes at the same time. */
  readonly streams: number;
  /** So much is put on disk at once, in bytes. */
  readonly chunkBytes: number;
  /** An upload that nobody goes on with is forgotten; sooner when nothing of it ever came. */
  readonly forgottenAfterMs: number;
  readonly emptyAfterMs: number;
  /** Pictures of a removed card are kept so long: it may come back. */
  readonly keptAfterRemovalMs: number;
}

const HOUR = 3_600_000;

export const defaultFilesLimits: FilesLimits = {
  open: 12,
  uploadsPerHour: 200,
  bytesPerHour: 200 * 1024 * 1024,
  streams: 4,
  chunkBytes: 256 * 1024,
  forgottenAfterMs: 24 * HOUR,
  emptyAfterMs: HOUR / 4,
  keptAfterRemovalMs: 24 * HOUR,
};
