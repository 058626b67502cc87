import type { IncomingHttpHeaders, Server } from 'node:http';
import type {
  ConsultationState,
  RecordedConsultationEvent,
} from '../../shared/consultation/index.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import type { Refused } from '../../shared/refusal.ts';
import type { CommandMessage } from '../../shared/wire/up.ts';

/** What the live protocol needs of the rest of the server; app.ts hands it over. */
export interface LiveParts<Who extends Identity> {
  readonly httpServer: Server;
  readonly record: LiveRecord;
  /** Who the cookie belongs to, as of now: a login may have been revoked since the last message. */
  identify(cookie: string | undefined): Promise<Who | undefined>;
  /** The actor that someone is in a consultation, by its roster as of now; `undefined`: not permitted. */
  actorIn(who: Who, consultation: Pick<LiveConsultation, 'state'>): Actor | undefined;
  /** The actor behind a big screen's key. */
  screenActor(consultation: string, key: string): Promise<Actor | undefined> | Actor | undefined;
  /** May a page of this origin connect? */
  originAllowed(headers: IncomingHttpHeaders): boolean;
  /** Other nodes, when there are any. */
  readonly bus?: PresenceBus;
  /** Long polling needs every request of a connection on one node: only where there is one. */
  readonly polling: boolean;
  readonly now?: () => number;
  readonly log: LiveLog;
  /** Tests tighten them. */
  readonly limits?: Partial<LiveLimits>;
}

export interface Identity {
  readonly kind: 'person' | 'guest';
  readonly person: string;
  /** The device's login; what a person does is limited per login, for a hall may share one address. */
  readonly login?: string;
}

export interface LiveConsultation {
  readonly state: ConsultationState;
  /** All of them: the event of sequence n is at n − 1. */
  readonly events: readonly RecordedConsultationEvent[];
}

export interface LiveRecord {
  open(id: string): Promise<LiveConsultation | undefined>;
  /** Reads what other nodes appended, whether or not a hint of it came. */
  refresh(id: string): Promise<void>;
  handle(
    id: string,
    message: CommandMessage,
    actorIn: (state: ConsultationState) => Actor | undefined,
  ): Promise<{ readonly ok: true; readonly seq: number } | Refused>;
  onAppended(
    listener: (
      id: string,
      events: readonly RecordedConsultationEvent[],
      state: ConsultationState,
    ) => void,
  ): () => void;
}

export interface PresenceBus {
  publish(topic: 'presence', message: string): void;
  subscribe(topic: 'presence', listener: (message: Uint8Array) => void): () => void;
}

export interface LiveLog {
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export interface LiveLimits {
  readonly connectionsPerPerson: number;
  readonly connectionsPerScreenKey: number;
  /** Unsent bytes of one connection, after which it is cut off. */
  readonly unsentBytes: number;
  /** A reader further behind than this many events gets a snapshot. */
  readonly catchUpEvents: number;
  /** Commands at once, and per second from then on. */
  readonly personCommands: Allowance;
  readonly guestCommands: Allowance;
  /** Messages of any kind on one connection. */
  readonly messages: Allowance;
}

export interface Allowance {
  readonly burst: number;
  readonly perSecond: number;
}

export const defaultLimits: LiveLimits = {
  connectionsPerPerson: 20,
  connectionsPerScreenKey: 100,
  unsentBytes: 4 * 1024 * 1024,
  catchUpEvents: 2_000,
  personCommands: { burst: 60, perSecond: 10 },
  guestCommands: { burst: 20, perSecond: 1 },
  messages: { burst: 300, perSecond: 50 },
};
