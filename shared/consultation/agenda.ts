import { Type, type Static } from 'typebox';
import { can } from '../policy/can.ts';
import { refuse } from '../refusal.ts';
import { clockRuns, holdClock, pauseClock, releaseClock, startClock, stopped } from './clock.ts';
import type { Actor, Circumstances, Decision, EventOf, Recorded } from './decision.ts';
import type { LifecycleEvent } from './lifecycle.ts';
import type { StageSwitchesEvent } from './stage-switches.ts';
import { screenAtStage, type ScreenEvent } from './screen.ts';
import {
  plannedFrom,
  StagesSchema,
  type PlannedStage,
  type Stage,
  type WantedStage,
} from './stage.ts';
import type { ConsultationState } from './state.ts';

export interface Agenda {
  readonly stages: readonly Stage[];
  readonly current?: string;
  /** Stages left behind, newest last: what `agenda.back` returns to. */
  readonly trail: readonly string[];
}

export type AgendaEvent =
  | EventOf<'agenda.set', { readonly stages: readonly PlannedStage[] }>
  | EventOf<'agenda.started', { readonly stage: string; readonly back?: true }>
  | EventOf<'agenda.extended', { readonly stage: string; readonly minutes: number }>
  | EventOf<'agenda.skipped', { readonly stage: string; readonly to?: string }>;

export const agendaCommands = {
  'agenda.set': Type.Object({ stages: StagesSchema }),
  /** A stage's id, or its place counted from 0. */
  'agenda.start': Type.Object({ stage: Type.Union([Type.String(), Type.Integer({ minimum: 0 })]) }),
  'agenda.back': Type.Object({}),
  'agenda.extend': Type.Object({ minutes: Type.Integer({ minimum: -120, maximum: 240 }) }),
  'agenda.skip': Type.Object({}),
};
export type AgendaCommand = {
  [Name in keyof typeof agendaCommands]: {
    type: Name;
    data: Static<(typeof agendaCommands)[Name]>;
  };
}[keyof typeof agendaCommands];

export function decideAgenda(
  state: ConsultationState,
  command: AgendaCommand,
  actor: Actor,
  _circumstances: Circumstances,
): Decision<AgendaEvent | ScreenEvent> {
  const { agenda, lifecycle } = state;
  if (!can(actor, command.type)) return refuse('forbidden');
  if (command.type === 'agenda.set') return setAgenda(agenda, command.data.stages);
  if (lifecycle.phase !== 'open') return refuse('not_open');
  switch (command.type) {
    case 'agenda.start': {
      const stage = findStage(agenda, command.data.stage);
      if (!stage) return refuse('not_found', 'stage');
      if (stage.id === agenda.current) return refuse('already', 'stage');
      return [
        { type: 'agenda.started', data: { stage: stage.id } },
        ...screenAtStage(state.screen, stage),
      ];
    }
    case 'agenda.back': {
      const previous = agenda.trail[agenda.trail.length - 1] ?? stageBefore(agenda)?.id;
      if (previous === undefined) return refuse('nothing_to_undo');
      return [{ type: 'agenda.started', data: { stage: previous, back: true } }];
    }
    case 'agenda.extend': {
      const stage = currentStage(agenda);
      if (!stage) return refuse('conflict');
      if (stage.minutes + command.data.minutes < 0) return refuse('invalid', 'minutes');
      return [
        { type: 'agenda.extended', data: { stage: stage.id, minutes: command.data.minutes } },
      ];
    }
    case 'agenda.skip': {
      const next = stageAfter(agenda);
      if (!next) return refuse('conflict');
      const after = agenda.stages[agenda.stages.indexOf(next) + 1];
      const event = { stage: next.id, ...(after ? { to: after.id } : {}) };
      return [
        { type: 'agenda.skipped', data: event },
        ...(after ? screenAtStage(state.screen, after) : []),
      ];
    }
  }
}

function setAgenda(agenda: Agenda, stages: readonly WantedStage[]): Decision<AgendaEvent> {
  const planned = plannedFrom(stages);
  const ids = new Set(planned.map((stage) => stage.id));
  if (ids.size < planned.length) return refuse('invalid', 'stages');
  // [AGD3] what has begun stays where it is, with the minutes that it has really taken
  const begun = agenda.stages.filter((stage) => stage.begun).map(({ id }) => id);
  const kept = planned.map(({ id }) => id).filter((id) => begun.includes(id));
  if (kept.join() !== begun.join()) return refuse('conflict', 'stages');
  return [{ type: 'agenda.set', data: { stages: planned } }];
}

export function evolveAgenda(
  agenda: Agenda,
  event: Recorded<AgendaEvent | StageSwitchesEvent | LifecycleEvent>,
): Agenda {
  switch (event.type) {
    case 'agenda.set':
      return setStages(agenda, event.data.stages);
    case 'agenda.started':
      return startStage(agenda, event.data.stage, event.at, event.data.back === true);
    case 'agenda.extended':
      return withStage(agenda, event.data.stage, (stage) => ({
        ...stage,
        minutes: stage.minutes + event.data.minutes,
      }));
    case 'agenda.skipped': {
      const skipped = withStage(agenda, event.data.stage, (stage) =>
        stage.begun ? stage : { ...stage, skipped: true },
      );
      return event.data.to === undefined
        ? skipped
        : startStage(skipped, event.data.to, event.at, false);
    }
    case 'floor.allowed':
    case 'floor.quotaSet': {
      const { stage: id, ...changed } = event.data;
      return withStage(agenda, id, (stage) => ({
        ...stage,
        switches: { ...stage.switches, ...changed },
      }));
    }
    case 'consultation.paused':
      return withCurrent(agenda, (stage) => ({
        ...stage,
        clock: holdClock(stage.clock, event.at),
      }));
    case 'consultation.ended':
      return withCurrent(agenda, (stage) => ({
        ...stage,
        clock: pauseClock(stage.clock, event.at),
      }));
    case 'consultation.resumed':
      return withCurrent(agenda, (stage) => ({
        ...stage,
        clock: releaseClock(stage.clock, event.at),
      }));
    case 'consultation.created':
    case 'consultation.opened':
    case 'consultation.archived':
    case 'consultation.formed':
      return agenda;
  }
}

function startStage(agenda: Agenda, id: string, at: number, back: boolean): Agenda {
  const left = withCurrent(agenda, (stage) => ({ ...stage, clock: pauseClock(stage.clock, at) }));
  const trail = back
    ? agenda.trail.slice(0, -1)
    : [...agenda.trail, ...(agenda.current ? [agenda.current] : [])];
  const begun = withStage(left, id, ({ skipped: _skipped, ...stage }) => ({
    ...stage,
    begun: true,
    clock: startClock(stage.clock, at),
  }));
  return { ...begun, current: id, trail };
}

/** Stages that stay keep their clocks; there is no way back to those that are gone. */
function setStages(agenda: Agenda, planned: readonly PlannedStage[]): Agenda {
  const trail = agenda.trail.filter((id) => planned.some((stage) => stage.id === id));
  return { ...agenda, trail, stages: planned.map((stage) => keepClock(agenda, stage)) };
}

function keepClock(agenda: Agenda, planned: PlannedStage): Stage {
  const known = agenda.stages.find((stage) => stage.id === planned.id);
  return {
    ...planned,
    clock: known?.clock ?? stopped,
    begun: known?.begun ?? false,
    ...(known?.skipped ? { skipped: true } : {}),
  };
}

function withStage(agenda: Agenda, id: string, change: (stage: Stage) => Stage): Agenda {
  return {
    ...agenda,
    stages: agenda.stages.map((stage) => (stage.id === id ? change(stage) : stage)),
  };
}

const withCurrent = (agenda: Agenda, change: (stage: Stage) => Stage): Agenda =>
  agenda.current === undefined ? agenda : withStage(agenda, agenda.current, change);

export const currentStage = (agenda: Agenda): Stage | undefined =>
  agenda.stages.find((stage) => stage.id === agenda.current);

/** The stage that 下一步 would start. */
export function stageAfter(agenda: Agenda): Stage | undefined {
  const current = currentStage(agenda);
  return current ? agenda.stages[agenda.stages.indexOf(current) + 1] : agenda.stages[0];
}

function stageBefore(agenda: Agenda): Stage | undefined {
  const current = currentStage(agenda);
  return current ? agenda.stages[agenda.stages.indexOf(current) - 1] : undefined;
}

const findStage = (agenda: Agenda, key: string | number): Stage | undefined =>
  typeof key === 'number' ? agenda.stages[key] : agenda.stages.find((stage) => stage.id === key);

export const stageRuns = (stage: Stage): boolean => clockRuns(stage.clock);

export const emptyAgenda: Agenda = { stages: [], trail: [] };
