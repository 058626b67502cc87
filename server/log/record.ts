import {
  evolve,
  initialState,
  type RecordedConsultationEvent,
} from '../../shared/consultation/index.ts';
import type { Created } from '../../shared/consultation/lifecycle.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import { refuse } from '../../shared/refusal.ts';
import type { CommandMessage } from '../../shared/wire/up.ts';
import {
  handleCommands,
  type ActorIn,
  type Handled,
  type Project,
  type WithDraft,
} from './handle-commands.ts';
import {
  liveConsultations,
  streamOf,
  type AppendListener,
  type LiveConsultation,
} from './live-consultations.ts';
import type { LogStore } from './store.ts';

export { streamOf, type AppendListener, type LiveConsultation } from './live-consultations.ts';
export type { ActorIn, Handled, Project, WithDraft, Within } from './handle-commands.ts';

export interface ConsultationRecord {
  /** The consultation as it is now; `undefined` when there is none of that id. */
  open(id: string): Promise<LiveConsultation | undefined>;
  create(created: Created, actor: Actor, commandId: string): Promise<Handled>;
  handle(id: string, message: CommandMessage, actor: Actor | ActorIn): Promise<Handled>;
  /** Hears every event of every consultation that is open here, in order and once, whichever node appended it. */
  onAppended(listener: AppendListener): () => void;
  /** Somebody says that there is more (up to `seq`): reads it, if that is so and the consultation is open here. */
  refresh(id: string, seq?: number): Promise<void>;
  /** Resolves when every command that was taken has been answered. */
  close(): Promise<void>;
}

export interface RecordParts {
  readonly store: LogStore;
  readonly withDraft: WithDraft;
  readonly project: Project;
  /** A fresh receipt number for a guest. */
  readonly receipt: () => string;
  readonly now?: () => number;
}

export function createRecord({
  store,
  withDraft,
  project,
  receipt,
  now = Date.now,
}: RecordParts): ConsultationRecord {
  const consultations = liveConsultations(store);
  const commands = handleCommands({ store, consultations, withDraft, project, receipt, now });
  return {
    open: (id) => consultations.open(id),
    handle: (id, message, actor) => commands.handle(id, message, actor),
    onAppended: (listener) => consultations.onAppended(listener),
    close: () => commands.idle(),

    async create(created, actor, commandId) {
      const { id } = created;
      const result = await store.append({
        stream: streamOf(id),
        expectedSeq: 0,
        events: [{ type: 'consultation.created', data: created }],
        actor,
        at: now(),
        commandId,
        async within(trx, appended) {
          const events = appended as RecordedConsultationEvent[];
          await project(trx, id, events, events.reduce(evolve, initialState));
          return 'done';
        },
      });
      if ('conflict' in result) return refuse('already');
      if ('duplicate' in result) return { ok: true, seq: result.duplicate.seq };
      consultations.take(id, result.appended as RecordedConsultationEvent[]);
      return { ok: true, seq: 1 };
    },

    async refresh(id, seq) {
      const known = consultations.known(id);
      if (known && (seq === undefined || seq > known.state.seq)) await consultations.load(id);
    },
  };
}
