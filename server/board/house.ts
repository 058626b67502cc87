import { Allowances } from './allowances.ts';
import type { House } from './connection.ts';
import type { BoardLog, BoardServerLimits } from './parts.ts';

/** The house of a node: how much each person may still ask of it, over all boards and connections. */
export interface OpenHouse extends House {
  mayConnect(person: string): boolean;
  /** Counts a connection of this person; returns what ends that. */
  enter(person: string): () => void;
  sweep(): void;
}

export function openHouse(limits: BoardServerLimits, log: BoardLog, now: () => number): OpenHouse {
  const allow = (allowance: BoardServerLimits['content']) => new Allowances(allowance, now);
  const content = allow(limits.content);
  const contentBytes = allow(limits.contentBytes);
  const chatter = allow(limits.chatter);
  const syncs = allow(limits.syncs);
  const refusals = allow(limits.refusals);
  const connectionsByPerson = new Map<string, number>();

  return {
    unsentBytes: limits.unsentBytes,
    mayConnect: (person) => (connectionsByPerson.get(person) ?? 0) < limits.connectionsPerPerson,
    enter(person) {
      connectionsByPerson.set(person, (connectionsByPerson.get(person) ?? 0) + 1);
      return () => {
        const left = (connectionsByPerson.get(person) ?? 1) - 1;
        if (left > 0) connectionsByPerson.set(person, left);
        else connectionsByPerson.delete(person);
      };
    },
    mayBeHeard(person, incoming) {
      switch (incoming.kind) {
        case 'content':
          return content.take(person) && contentBytes.take(person, incoming.update.length);
        case 'step1':
          return syncs.take(person);
        case 'awareness':
        case 'queryAwareness':
          return chatter.take(person);
      }
    },
    mayBeRefused: (person) => refusals.take(person),
    note({ person, visitor }, reason, details) {
      const role = visitor.actor()?.role;
      log.warn({ person, role, reason, ...details }, 'board: refused');
    },
    sweep() {
      for (const allowances of [content, contentBytes, chatter, syncs, refusals])
        allowances.sweep();
    },
  };
}
