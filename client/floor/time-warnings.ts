import { currentStage } from '../../shared/consultation/agenda.ts';
import { elapsed } from '../../shared/consultation/clock.ts';
import type { ConsultationState } from '../../shared/consultation/index.ts';
import { remaining, speechState, type SpeechState } from '../../shared/consultation/speech.ts';

const MINUTE_MS = 60_000;
/** Milliseconds before its planned end at which the desk hears of a stage. */
export const STAGE_WARNING_MS = 2 * MINUTE_MS;

/** How the time of what runs stands. */
export interface TimeState {
  /** Which speech or stage it is about. */
  readonly what: string;
  readonly state: SpeechState;
  /** Milliseconds. */
  readonly left: number;
}

export function speechTime({ floor }: ConsultationState, now: number): TimeState | undefined {
  const { speaking } = floor;
  if (!speaking) return undefined;
  const what = `${speaking.person} ${speaking.startedAt}`;
  return { what, state: speechState(speaking, now), left: remaining(speaking, now) };
}

export function stageTime({ agenda }: ConsultationState, now: number): TimeState | undefined {
  const stage = currentStage(agenda);
  if (!stage || stage.minutes === 0) return undefined;
  const planned = stage.minutes * MINUTE_MS;
  const left = planned - elapsed(stage.clock, now);
  const warning = Math.min(STAGE_WARNING_MS, planned / 4);
  const state = left <= 0 ? 'over' : left <= warning ? 'soon' : 'running';
  return { what: `${stage.id} ${stage.minutes}`, state, left };
}

/** Has the time of the same thing just turned? What was already so when it was first seen is no news. */
export const hasTurned = (before: TimeState | undefined, after: TimeState | undefined): boolean =>
  before !== undefined &&
  after !== undefined &&
  before.what === after.what &&
  before.state !== after.state &&
  after.state !== 'running';
