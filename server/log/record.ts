import {
  decide,
  evolve,
  initialState,
  type ConsultationCommand,
  type ConsultationEvent,
  type ConsultationState,
  type RecordedConsultationEvent,
} from '../../shared/consultation/index.ts';
import type { Draft } from '../../shared/consultation/decision.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import { isRefused, refuse, type Refused } from '../../shared/refusal.ts';
import type { CommandMessage } from '../../shared/wire/up.ts';
import type { Trx } from '../database/group-commit.ts';
import { isStorageFault } from '../database/sqlite.ts';
import { parseCommand } from './parse-command.ts';
import type { Appended, LogStore } from './store.ts';

/** A consultation in memory: every event, and what they come to. */
export interface LiveConsultation {
  readonly id: string;
  readonly state: ConsultationState;
  readonly events: readonly RecordedConsultationEvent[];
}

export type Handled = { readonly ok: true; readonly seq: number } | Refused;
type Within = (trx: Trx) => Promise<'done' | 'conflict'>;

/**
 * Runs `table` while nothing else is admitted to the board: the draft that it is given is what the tabling fixes.
 * `within` takes a number of the board's own sequence in the record's transaction.
 */
export type WithDraft = <T>(
  consultation: string,
  card: string,
  table: (draft: Draft | undefined, within?: Within) => Promise<T>,
) => Promise<T>;

export type AppendListener = (
  id: string,
  events: readonly RecordedConsultationEvent[],
  state: ConsultationState,
) => void;

export interface ConsultationRecord {
  /** The consultation as it is now; `undefined` when there is none of that id. */
  open(id: string): Promise<LiveConsultation | undefined>;
  create(
    created: Extract<ConsultationEvent, { type: 'consultation.created' }>['data'],
    actor: Actor,
    commandId: string,
  ): Promise<Handled>;
  handle(id: string, message: CommandMessage, actor: Actor): Promise<Handled>;
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
  /** What else must change in the transaction of these events. */
  readonly project: (
    trx: Trx,
    id: string,
    events: readonly RecordedConsultationEvent[],
    state: ConsultationState,
  ) => Promise<void>;
  /** A fresh receipt number for a guest. */
  readonly receipt: () => string;
  readonly now?: () => number;
}

const TRIES = 5;
export const streamOf = (id: string): string => `consultation/${id}`;

export function createRecord({
  store,
  withDraft,
  project,
  receipt,
  now = Date.now,
}: RecordParts): ConsultationRecord {
  const openById = new Map<string, LiveConsultation>();
  const turnById = new Map<string, Promise<unknown>>();
  const listeners = new Set<AppendListener>();

  /** One after another per consultation: what is decided next sees what was appended before. */
  function inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
    const before = turnById.get(id) ?? Promise.resolve();
    const mine = before.then(work, work);
    turnById.set(id, mine);
    const settled = () => {
      if (turnById.get(id) === mine) turnById.delete(id);
    };
    mine.then(settled, settled);
    return mine;
  }

  function take(
    id: string,
    events: readonly RecordedConsultationEvent[],
  ): LiveConsultation | undefined {
    const known = openById.get(id);
    const fresh = events.filter(({ seq }) => seq > (known?.state.seq ?? 0));
    if (fresh.length === 0) return known;
    const state = fresh.reduce(evolve, known?.state ?? initialState);
    const live = { id, state, events: [...(known?.events ?? []), ...fresh] };
    openById.set(id, live);
    // whoever opens a consultation reads its past; listeners hear what comes after
    if (known) for (const listener of listeners) listener(id, fresh, state);
    return live;
  }

  /** Reads what is newer than memory. Call in turn. */
  async function load(id: string): Promise<LiveConsultation | undefined> {
    const events = await store.read(streamOf(id), openById.get(id)?.state.seq ?? 0);
    return take(id, events as RecordedConsultationEvent[]);
  }

  const openInTurn = async (id: string): Promise<LiveConsultation | undefined> =>
    openById.get(id) ?? load(id);

  async function answer(id: string, message: CommandMessage, actor: Actor): Promise<Handled> {
    const command = parseCommand(message);
    if (isRefused(command)) return command;
    const known = await store.receipt(streamOf(id), message.commandId);
    if (known)
      return known.actor === actor.person
        ? { ok: true, seq: known.seq }
        : refuse('conflict', 'commandId');
    for (let tries = 0; tries < TRIES; tries += 1) {
      const handled = await attempt(id, message.commandId, command, actor);
      if (handled !== 'lost') return handled;
      await load(id);
    }
    return refuse('busy');
  }

  function attempt(
    id: string,
    commandId: string,
    command: ConsultationCommand,
    actor: Actor,
  ): Promise<Handled | 'lost'> {
    if (command.type !== 'opinion.table') return decideAndAppend(id, commandId, command, actor);
    return withDraft(id, command.data.card, (draft, within) =>
      decideAndAppend(id, commandId, command, actor, draft, within),
    );
  }

  async function decideAndAppend(
    id: string,
    commandId: string,
    command: ConsultationCommand,
    actor: Actor,
    draft?: Draft,
    within?: Within,
  ): Promise<Handled | 'lost'> {
    const live = await openInTurn(id);
    if (!live) return refuse('not_found');
    const at = now();
    const circumstances = { now: at, commandId, receipt: receipt(), ...(draft ? { draft } : {}) };
    const decision = decide(live.state, command, actor, circumstances);
    if (isRefused(decision)) return decision;
    const expectedSeq = live.state.seq;
    const result = await store.append({
      stream: streamOf(id),
      expectedSeq,
      events: decision,
      actor,
      at,
      commandId,
      within: (trx, appended) =>
        writeWith(trx, id, appended as RecordedConsultationEvent[], live.state, within),
    });
    return settle(id, result, actor, expectedSeq);
  }

  async function writeWith(
    trx: Trx,
    id: string,
    events: readonly RecordedConsultationEvent[],
    before: ConsultationState,
    within?: Within,
  ): Promise<'done' | 'conflict'> {
    if (within && (await within(trx)) === 'conflict') return 'conflict';
    await project(trx, id, events, events.reduce(evolve, before));
    return 'done';
  }

  function settle(
    id: string,
    result: Appended,
    actor: Actor,
    expectedSeq: number,
  ): Handled | 'lost' {
    if ('conflict' in result) return 'lost';
    if ('duplicate' in result) {
      const { duplicate } = result;
      return duplicate.actor === actor.person
        ? { ok: true, seq: duplicate.seq }
        : refuse('conflict', 'commandId');
    }
    take(id, result.appended as RecordedConsultationEvent[]);
    return { ok: true, seq: expectedSeq + result.appended.length };
  }

  async function readOnlyWhenFull(work: () => Promise<Handled>): Promise<Handled> {
    try {
      return await work();
    } catch (error) {
      if (isStorageFault(error)) return refuse('read_only');
      throw error;
    }
  }

  return {
    open: (id) => {
      const known = openById.get(id);
      return known ? Promise.resolve(known) : inTurn(id, () => openInTurn(id));
    },
    create: (created, actor, commandId) =>
      inTurn(created.id, async () => {
        const result = await store.append({
          stream: streamOf(created.id),
          expectedSeq: 0,
          events: [{ type: 'consultation.created', data: created }],
          actor,
          at: now(),
          commandId,
          within: (trx, appended) =>
            writeWith(trx, created.id, appended as RecordedConsultationEvent[], initialState),
        });
        const handled = settle(created.id, result, actor, 0);
        return handled === 'lost' ? refuse('already') : handled;
      }),
    handle: (id, message, actor) =>
      inTurn(id, () => readOnlyWhenFull(() => answer(id, message, actor))),
    onAppended(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async refresh(id, seq) {
      const known = openById.get(id);
      if (!known || (seq !== undefined && seq <= known.state.seq)) return;
      await inTurn(id, () => load(id));
    },
    async close() {
      await Promise.allSettled(turnById.values());
    },
  };
}
