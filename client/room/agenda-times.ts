import type { Agenda } from '../../shared/consultation/agenda.ts';
import type { Stage } from '../../shared/consultation/stage.ts';
import { elapsed } from '../../shared/consultation/clock.ts';

const MINUTE_MS = 60_000;

export interface StageRow {
  readonly stage: Stage;
  readonly place: number;
  readonly state: 'past' | 'current' | 'coming';
  /** Milliseconds planned and really used. */
  readonly planned: number;
  readonly used: number;
  /** Planned milliseconds left; negative once it runs over. */
  readonly left: number;
}

export function stageRows(agenda: Agenda, now: number): StageRow[] {
  return agenda.stages.map((stage, index) => {
    const planned = stage.minutes * MINUTE_MS;
    const used = elapsed(stage.clock, now);
    const state = stage.id === agenda.current ? 'current' : stage.begun ? 'past' : 'coming';
    return { stage, place: index + 1, state, planned, used, left: planned - used };
  });
}

export const currentRow = (agenda: Agenda, now: number): StageRow | undefined =>
  stageRows(agenda, now).find(({ state }) => state === 'current');

/** How far the meeting is ahead (negative) or behind its plan, in milliseconds. */
export function drift(rows: readonly StageRow[]): number {
  return rows.reduce((sum, { state, planned, used }) => {
    if (state === 'past') return sum + used - planned;
    return state === 'current' ? sum + Math.max(0, used - planned) : sum;
  }, 0);
}
