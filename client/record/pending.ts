import {
  decide,
  evolve,
  type ConsultationCommand,
  type ConsultationState,
} from '../../shared/consultation/index.ts';
import { isRefused } from '../../shared/refusal.ts';
import type { Me } from '../../shared/wire/down.ts';
import type { CommandMessage } from '../../shared/wire/up.ts';

/** A command on its way: given here, not yet part of what the server has told. */
export interface PendingCommand extends CommandMessage {
  /** When it was given, by server time in milliseconds. */
  readonly since: number;
  /** Acknowledged: it stays until the events up to here have arrived. */
  readonly seq?: number;
  /** Given before a snapshot came, or before a reload: what is here may hold its effect already. */
  readonly doubtful?: true;
}

/**
 * The state as it will be once the pending commands are done, by the same rules as the server's. What can't be foretold
 * here (it needs the board, or what is hidden from this reader) is left out until it has happened.
 */
export function predict(
  confirmed: ConsultationState,
  pending: readonly PendingCommand[],
  me: Me | undefined,
): ConsultationState {
  if (!me) return confirmed;
  return pending.reduce((state, { commandId, type, data, since, doubtful }) => {
    if (doubtful) return state;
    const command = { type, data } as ConsultationCommand;
    const decision = decide(state, command, me, { now: since, commandId });
    if (isRefused(decision)) return state;
    return decision.reduce((before, event, index) => {
      const recorded = {
        ...event,
        seq: confirmed.seq + index + 1,
        actor: me,
        at: since,
        commandId,
      };
      return evolve(before, recorded);
    }, state);
  }, confirmed);
}

/** Kept for the session of the tab, so that a reload sends again what was not acknowledged. */
export interface PendingShelf {
  load(): PendingCommand[];
  save(pending: readonly PendingCommand[]): void;
}

export function sessionShelf(consultation: string, person: string): PendingShelf {
  const key = `shangliang/pending/${consultation}/${person}`;
  return {
    load() {
      try {
        const kept: unknown = JSON.parse(sessionStorage.getItem(key) ?? '[]');
        return Array.isArray(kept) ? (kept as readonly PendingCommand[]).slice() : [];
      } catch {
        return [];
      }
    },
    save(pending) {
      try {
        if (pending.length === 0) sessionStorage.removeItem(key);
        else sessionStorage.setItem(key, JSON.stringify(pending));
      } catch {
        // private mode: what is pending lives as long as the page
      }
    },
  };
}
