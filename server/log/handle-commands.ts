import {
  decide,
  evolve,
  type ConsultationCommand,
  type ConsultationState,
  type RecordedConsultationEvent,
} from '../../shared/consultation/index.ts';
import type { Draft } from '../../shared/consultation/decision.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import { isRefused, refuse, type Refused } from '../../shared/refusal.ts';
import type { CommandMessage } from '../../shared/wire/up.ts';
import type { Trx } from '../database/group-commit.ts';
import { isStorageFault } from '../database/sqlite.ts';
import { recorded } from './chain.ts';
import { streamOf, type LiveConsultations } from './live-consultations.ts';
import { parseCommand } from './parse-command.ts';
import type { CommandEvents, LogStore, Receipt } from './store.ts';
import { takeTurns } from './turns.ts';

export type Handled = { readonly ok: true; readonly seq: number } | Refused;
export type Within = (trx: Trx) => Promise<'done' | 'conflict'>;

/**
 * Runs `table` while nothing else is admitted to the board: the draft that it is given is what the tabling fixes.
 * `within` takes a number of the board's own sequence in the record's transaction.
 */
export type WithDraft = <T>(
  consultation: string,
  card: string,
  table: (draft: Draft | undefined, within?: Within) => Promise<T>,
) => Promise<T>;

/** What else must change in the transaction of these events. */
export type Project = (
  trx: Trx,
  id: string,
  events: readonly RecordedConsultationEvent[],
  state: ConsultationState,
) => Promise<void>;

/**
 * Who acts, by the state that the command is decided on: the roster may have changed since the command was sent, on
 * this node or another. `undefined`: nobody who has a part here.
 */
export type ActorIn = (state: ConsultationState) => Actor | undefined;

export interface HandlingParts {
  readonly store: LogStore;
  readonly consultations: LiveConsultations;
  readonly withDraft: WithDraft;
  readonly project: Project;
  /** A fresh receipt number for a guest. */
  readonly receipt: () => string;
  readonly now: () => number;
}

interface Waiting {
  readonly commandId: string;
  readonly command: ConsultationCommand;
  readonly actorIn: ActorIn;
  readonly answer: (handled: Handled) => void;
  readonly fail: (fault: unknown) => void;
}

interface Decided {
  readonly waiting: Waiting;
  readonly actor: Actor | undefined;
  readonly outcome: Handled;
}

/** What comes of the draft that is tabled; absent for every other command. */
interface Tabling {
  readonly draft?: Draft;
  readonly within?: Within;
}

const TRIES = 5;
const MAX_BATCH = 200;

/**
 * Commands of one consultation, one after another; those that wait are decided together, each on what the ones before
 * it came to, and appended in one transaction.
 *
 * 1. An answer, a refusal too, rests on what is on disk and on all of it: on nothing of its batch that may still fail,
 *    and on nothing that another node has overtaken.
 * 2. A lost race takes the whole batch back: everything is read, and decided again.
 * 3. A fault is the fault of one command: the others of its batch are then handled alone.
 */
export function handleCommands(parts: HandlingParts): {
  handle(id: string, message: CommandMessage, actor: Actor | ActorIn): Promise<Handled>;
  idle(): Promise<void>;
} {
  const turns = takeTurns<Waiting>((id, batch) => handleBatch(parts, id, batch), batchOf);
  return {
    handle(id, message, actor) {
      const command = parseCommand(message);
      if (isRefused(command)) return Promise.resolve(command);
      const { commandId } = message;
      const actorIn = typeof actor === 'function' ? actor : () => actor;
      return new Promise((answer, fail) =>
        turns.add(id, { commandId, command, actorIn, answer, fail }),
      );
    },
    idle: () => turns.idle(),
  };
}

const tables = ({ command }: Waiting): boolean => command.type === 'opinion.table';

/** A tabling goes alone, for it waits on the board; the same id twice is an answer and its repetition. */
function batchOf(waiting: readonly Waiting[]): number {
  const ids = new Set<string>();
  for (const one of waiting) {
    if (tables(one) || ids.has(one.commandId) || ids.size === MAX_BATCH) break;
    ids.add(one.commandId);
  }
  return Math.max(1, ids.size);
}

async function handleBatch(
  parts: HandlingParts,
  id: string,
  batch: readonly Waiting[],
): Promise<void> {
  const [first] = batch;
  try {
    let rest: readonly Waiting[] = batch;
    for (let tries = 0; rest.length > 0 && tries < TRIES; tries += 1) {
      rest = await attempt(parts, id, rest);
    }
    for (const { answer } of rest) answer(refuse('busy'));
  } catch (fault) {
    if (isStorageFault(fault)) for (const { answer } of batch) answer(refuse('read_only'));
    else if (batch.length === 1) first?.fail(fault);
    else for (const one of batch) await handleBatch(parts, id, [one]);
  }
}

/** Answers those whom it can; the others, who lost a race, are to try again. */
function attempt(
  parts: HandlingParts,
  id: string,
  batch: readonly Waiting[],
): Promise<readonly Waiting[]> {
  const [first] = batch;
  if (first?.command.type !== 'opinion.table') return decideAndAppend(parts, id, batch, {});
  return parts.withDraft(id, first.command.data.card, (draft, within) =>
    decideAndAppend(parts, id, batch, { ...(draft && { draft }), ...(within && { within }) }),
  );
}

async function decideAndAppend(
  parts: HandlingParts,
  id: string,
  batch: readonly Waiting[],
  { draft, within }: Tabling,
): Promise<readonly Waiting[]> {
  const { store, consultations, project } = parts;
  const live = await consultations.open(id);
  if (!live) {
    for (const { answer } of batch) answer(refuse('not_found'));
    return [];
  }
  const { decided, commands, state } = decideAll(parts, live.state, batch, draft);
  if (commands.length > 0) {
    const result = await store.appendAll({
      stream: streamOf(id),
      expectedSeq: live.state.seq,
      commands,
      async within(trx, appended) {
        if (within && (await within(trx)) === 'conflict') return 'conflict';
        await project(trx, id, appended as RecordedConsultationEvent[], state);
        return 'done';
      },
    });
    if ('duplicates' in result) return answerAgain(batch, result.duplicates, live.state);
    if ('conflict' in result) {
      await consultations.load(id);
      return batch;
    }
    consultations.take(id, result.appended as RecordedConsultationEvent[]);
  } else {
    // appending would have shown whether this node is behind; only refusing does not
    const now = await consultations.load(id);
    if (now && now.state.seq > live.state.seq) return batch;
  }
  await Promise.all(decided.map((one) => answerOne(store, id, one)));
  return [];
}

function decideAll(
  { receipt, now }: HandlingParts,
  before: ConsultationState,
  batch: readonly Waiting[],
  draft: Draft | undefined,
): { decided: Decided[]; commands: CommandEvents[]; state: ConsultationState } {
  const at = now();
  const decided: Decided[] = [];
  const commands: CommandEvents[] = [];
  let state = before;
  for (const waiting of batch) {
    const { command, actorIn, commandId } = waiting;
    const actor = actorIn(state);
    if (!actor) {
      decided.push({ waiting, actor, outcome: refuse('not_found') });
      continue;
    }
    const circumstances = { now: at, commandId, receipt: receipt(), ...(draft && { draft }) };
    const decision = decide(state, command, actor, circumstances);
    if (isRefused(decision)) {
      decided.push({ waiting, actor, outcome: decision });
      continue;
    }
    for (const event of decision) {
      const place = { seq: state.seq + 1, actor, at, commandId };
      state = evolve(state, recorded(event, place) as RecordedConsultationEvent);
    }
    commands.push({ commandId, actor, at, events: decision });
    decided.push({ waiting, actor, outcome: { ok: true, seq: state.seq } });
  }
  return { decided, commands, state };
}

/** A retry of what was accepted before may well be refused as it stands: its first answer is what counts. */
async function answerOne(
  store: LogStore,
  id: string,
  { waiting, actor, outcome }: Decided,
): Promise<void> {
  const known = isRefused(outcome) && (await store.receipt(streamOf(id), waiting.commandId));
  waiting.answer(known ? firstAnswer(known, actor) : outcome);
}

function answerAgain(
  batch: readonly Waiting[],
  duplicates: ReadonlyMap<string, Receipt>,
  state: ConsultationState,
): Waiting[] {
  return batch.filter(({ commandId, actorIn, answer }) => {
    const known = duplicates.get(commandId);
    if (known) answer(firstAnswer(known, actorIn(state)));
    return known === undefined;
  });
}

function firstAnswer({ actor, seq }: Receipt, who: Actor | undefined): Handled {
  if (!who) return refuse('not_found');
  return actor === who.person ? { ok: true, seq } : refuse('conflict', 'commandId');
}
