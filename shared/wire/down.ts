import type { ConsultationState, RecordedConsultationEvent } from '../consultation/index.ts';
import type { Tally } from '../consultation/opinions.ts';
import type { Role } from '../policy/roles.ts';
import type { Refusal } from '../refusal.ts';

/** Server → client on Socket.IO's namespace `/live`. */
export interface DownMessages {
  snapshot: (snapshot: Snapshot) => void;
  events: (events: EventSpan) => void;
  presence: (presence: Presence) => void;
  counts: (counts: Counts) => void;
  /** The server will not serve this connection: why, and whether to try again. */
  closed: (notice: ClosedNotice) => void;
}

/** Everything this reader may know, up to `state.seq`, in one piece. */
export interface Snapshot {
  readonly state: ConsultationState;
  readonly me: Me;
  /** Server time in milliseconds when it was made. */
  readonly now: number;
}

export interface Me {
  readonly person: string;
  readonly role: Role;
  readonly name: string;
  readonly unit?: string;
}

/**
 * Everything between `from` and `to` (inclusive) that this reader may see; hidden events are simply missing. The next
 * span's `from` is `to + 1`: anything else means that something was lost.
 */
export interface EventSpan {
  readonly from: number;
  readonly to: number;
  readonly events: readonly RecordedConsultationEvent[];
}

/** Who is connected now, by person; for the room only. */
export interface Presence {
  readonly connected: readonly string[];
  /** Citizens and screens connected, as numbers. */
  readonly public: number;
  readonly screens: number;
}

/**
 * Support per opinion, for whoever may read the opinion: all that is not zero when one connects, then what changed, at
 * most twice a second. A tally replaces the one before it.
 */
export interface Counts {
  readonly support: Readonly<Record<string, Tally>>;
}

export interface ClosedNotice {
  /**
   * Like the board's close codes: 4401 not logged in, 4404 unknown or not permitted, 4409 outdated client, 4429 too
   * many connections of this person.
   */
  readonly code: 4401 | 4404 | 4409 | 4429;
}

export type CommandAnswer =
  | { readonly ok: true; readonly seq: number }
  | { readonly refused: Refusal & { readonly message: string } };
