import type { Static, TSchema } from 'typebox';
import { refuse } from '../refusal.ts';
import {
  agendaCommands,
  decideAgenda,
  evolveAgenda,
  type AgendaCommand,
  type AgendaEvent,
} from './agenda.ts';
import {
  attendanceCommands,
  decideAttendance,
  evolveRoster,
  type AttendanceCommand,
  type AttendanceEvent,
} from './attendance.ts';
import type { Actor, Circumstances, Decision, Recorded } from './decision.ts';
import {
  decideFloor,
  evolveFloor,
  floorCommands,
  type FloorCommand,
  type FloorEvent,
} from './floor.ts';
import {
  decideGroups,
  evolveGroups,
  groupCommands,
  type GroupCommand,
  type GroupEvent,
} from './groups.ts';
import {
  decideLifecycle,
  evolveLifecycle,
  lifecycleCommands,
  type LifecycleCommand,
  type LifecycleEvent,
} from './lifecycle.ts';
import {
  decideOpinions,
  evolveOpinions,
  opinionCommands,
  type OpinionCommand,
  type OpinionEvent,
} from './opinions.ts';
import {
  decideResponses,
  evolveResponses,
  responseCommands,
  type ResponseCommand,
  type ResponseEvent,
} from './responses.ts';
import {
  decideScreen,
  evolveScreen,
  screenCommands,
  type ScreenCommand,
  type ScreenEvent,
} from './screen.ts';
import {
  decideSeating,
  evolveSeating,
  seatingCommands,
  type SeatingCommand,
  type SeatingEvent,
} from './seating.ts';
import { type ConsultationState } from './state.ts';
import { type StageSwitchesEvent } from './stage-switches.ts';
import {
  decideSubmissions,
  evolveAcceptedOpinions,
  evolveSubmissions,
  submissionCommands,
  type SubmissionCommand,
  type SubmissionEvent,
} from './submissions.ts';

export { audienceOf } from './audience.ts';
export { initialState, type ConsultationState } from './state.ts';

export type ConsultationEvent =
  | LifecycleEvent
  | AgendaEvent
  | AttendanceEvent
  | SeatingEvent
  | FloorEvent
  | StageSwitchesEvent
  | OpinionEvent
  | ResponseEvent
  | SubmissionEvent
  | ScreenEvent
  | GroupEvent;

export type RecordedConsultationEvent = Recorded<ConsultationEvent>;

/** Every command with the schema of its body. */
// marked as without effect, so that pages, which look at no form, do without them
export const consultationCommands = /* @__PURE__ */ (() => ({
  ...lifecycleCommands,
  ...agendaCommands,
  ...attendanceCommands,
  ...seatingCommands,
  ...floorCommands,
  ...opinionCommands,
  ...responseCommands,
  ...submissionCommands,
  ...screenCommands,
  ...groupCommands,
}))();
export type ConsultationCommand =
  | LifecycleCommand
  | AgendaCommand
  | AttendanceCommand
  | SeatingCommand
  | FloorCommand
  | OpinionCommand
  | ResponseCommand
  | SubmissionCommand
  | ScreenCommand
  | GroupCommand;
export type CommandName = keyof typeof consultationCommands;
export type CommandData<Name extends CommandName> =
  (typeof consultationCommands)[Name] extends infer S extends TSchema ? Static<S> : never;

/**
 * What a command comes to: the events that follow, or a refusal. Pure: time, ids and what lies outside the record come
 * as `circumstances`.
 */
export function decide(
  state: ConsultationState,
  command: ConsultationCommand,
  actor: Actor,
  circumstances: Circumstances,
): Decision<ConsultationEvent> {
  if (state.seq === 0) return refuse('not_found');
  // [LIF3] the archive is closed to everyone, whatever the command
  if (state.lifecycle.phase === 'archived') return refuse('not_open');
  const [noun] = command.type.split('.') as [CommandNoun];
  // the noun names the feature that the union type has already tied to the command's body
  const decideFeature = features[noun] as (
    ...input: Parameters<typeof decide>
  ) => Decision<ConsultationEvent>;
  return decideFeature(state, command, actor, circumstances);
}

type CommandNoun = CommandName extends `${infer Noun}.${string}` ? Noun : never;

const features = {
  consultation: decideLifecycle,
  agenda: decideAgenda,
  participant: decideAttendance,
  attendance: decideAttendance,
  seating: decideSeating,
  floor: decideFloor,
  opinion: decideOpinions,
  response: decideResponses,
  submission: decideSubmissions,
  screen: decideScreen,
  group: decideGroups,
} satisfies Record<CommandNoun, unknown>;

/** The state after an event. Tolerates not having heard of what was hidden from this reader. */
export function evolve(
  state: ConsultationState,
  event: RecordedConsultationEvent,
): ConsultationState {
  return { ...evolveFeatures(state, event), seq: event.seq };
}

function evolveFeatures(
  state: ConsultationState,
  event: RecordedConsultationEvent,
): ConsultationState {
  switch (event.type) {
    case 'consultation.created':
      return { ...state, id: event.data.id, lifecycle: evolveLifecycle(state.lifecycle, event) };
    case 'consultation.opened':
    case 'consultation.paused':
    case 'consultation.resumed':
    case 'consultation.ended':
    case 'consultation.archived':
    case 'consultation.formed':
      return {
        ...state,
        lifecycle: evolveLifecycle(state.lifecycle, event),
        agenda: evolveAgenda(state.agenda, event),
        floor: evolveFloor(state.floor, event),
        screen: evolveScreen(state.screen, event),
        groups: evolveGroups(state.groups, event),
      };
    case 'agenda.set':
    case 'agenda.started':
    case 'agenda.extended':
    case 'agenda.skipped':
    case 'floor.allowed':
    case 'floor.quotaSet':
      return { ...state, agenda: evolveAgenda(state.agenda, event) };
    case 'participant.added':
    case 'participant.changed':
    case 'participant.removed':
    case 'attendance.checkedIn':
    case 'attendance.substituted':
    case 'attendance.restored':
    case 'attendance.excused':
    case 'attendance.explained':
    case 'attendance.left':
    case 'attendance.moved':
      return {
        ...state,
        roster: evolveRoster(state.roster, event),
        floor: evolveFloor(state.floor, event),
        groups: evolveGroups(state.groups, event),
      };
    case 'seating.set':
      return { ...state, seating: evolveSeating(state.seating, event) };
    case 'floor.raised':
    case 'floor.withdrawn':
    case 'floor.advanced':
    case 'floor.interposed':
    case 'floor.continued':
    case 'floor.returned':
    case 'floor.clockPaused':
    case 'floor.clockResumed':
    case 'floor.reordered':
    case 'floor.booked':
    case 'floor.unbooked':
    case 'floor.bookingsOrdered':
    case 'floor.guestTold':
      return { ...state, floor: evolveFloor(state.floor, event) };
    case 'opinion.tabled':
    case 'opinion.revised':
    case 'opinion.withdrawn':
    case 'opinion.assigned':
    case 'opinion.handedBack':
    case 'opinion.confirmed':
    case 'opinion.published':
    case 'opinion.merged':
    case 'opinion.split':
    case 'opinion.supported':
      return {
        ...state,
        opinions: evolveOpinions(state.opinions, event),
        screen: evolveScreen(state.screen, event),
      };
    case 'response.recorded':
    case 'response.confirmed':
    case 'response.published':
    case 'response.corrected':
    case 'response.questioned':
    case 'response.answered':
      return { ...state, responses: evolveResponses(state.responses, event) };
    case 'submission.accepted':
      return {
        ...state,
        submissions: evolveSubmissions(state.submissions, event),
        opinions: evolveAcceptedOpinions(state.opinions, event),
      };
    case 'submission.sent':
    case 'submission.declined':
    case 'submission.rated':
      return { ...state, submissions: evolveSubmissions(state.submissions, event) };
    case 'screen.shown':
    case 'screen.blanked':
    case 'screen.followed':
    case 'screen.messaged':
    case 'screen.queued':
      return { ...state, screen: evolveScreen(state.screen, event) };
    case 'group.formed':
    case 'group.moved':
    case 'group.extended':
    case 'group.collected':
      return { ...state, groups: evolveGroups(state.groups, event) };
    default:
      // an older client hears of a newer kind of event: it can't show it, but it keeps its place
      return state;
  }
}
