import { Type, type Static } from 'typebox';
import { can } from '../policy/can.ts';
import { refuse } from '../refusal.ts';
import { elapsed, holdClock, pauseClock, releaseClock, type Clock } from './clock.ts';
import type { Actor, Circumstances, Decision, EventOf, Recorded } from './decision.ts';
import { entryOf } from './entry.ts';
import type { Speech } from './speech.ts';
import type { Stage } from './stage.ts';
import type { LifecycleEvent } from './lifecycle.ts';
import { isAnswered, mainOf, release } from './merged-opinions.ts';
import type { OpinionEvent } from './opinions.ts';
import { creditOf, type Credit } from './people.ts';
import type { ConsultationState } from './state.ts';

/**
 * What the hall sees. It refers only to what has been released, or carries a released copy (speaker, figures), so a
 * screen needs no other knowledge than a citizen's.
 */
export type ScreenView =
  | { readonly kind: 'topic' }
  | { readonly kind: 'speaker'; readonly speaker?: ScreenSpeaker }
  | { readonly kind: 'opinion'; readonly ref: string }
  | { readonly kind: 'response'; readonly ref: string }
  | { readonly kind: 'commitments' }
  | { readonly kind: 'figures'; readonly figures: ScreenFigures };

export interface ScreenSpeaker extends Omit<Credit, 'person'> {
  /** A citizen by QR code, whom the hall is not told the name of. */
  readonly guest?: true;
  readonly limit: number;
  readonly clock: Clock;
}

export interface ScreenFigures {
  readonly present: { readonly hall: number; readonly onsite: number; readonly mobile: number };
  readonly opinions: number;
  readonly answered: number;
  readonly commitments: number;
  readonly submissions: number;
}

export interface Screen {
  readonly view: ScreenView;
  /** Blank wins over every view until something is shown on purpose. */
  readonly blank: boolean;
}

export type ScreenEvent =
  | EventOf<'screen.shown', { readonly view: ScreenView }>
  | EventOf<'screen.blanked', { readonly on: boolean }>;

export const screenKinds = [
  'topic',
  'speaker',
  'opinion',
  'response',
  'commitments',
  'figures',
] as const;

export const screenCommands = {
  'screen.show': Type.Object({
    kind: Type.Enum([...screenKinds]),
    /** The opinion or the response to show. */
    ref: Type.Optional(Type.String({ maxLength: 100 })),
  }),
  /** `on: false` brings back what was shown before. */
  'screen.blank': Type.Object({ on: Type.Optional(Type.Boolean()) }),
};
export type ScreenCommand = {
  [Name in keyof typeof screenCommands]: {
    type: Name;
    data: Static<(typeof screenCommands)[Name]>;
  };
}[keyof typeof screenCommands];

export function decideScreen(
  state: ConsultationState,
  command: ScreenCommand,
  actor: Actor,
  { now }: Circumstances,
): Decision<ScreenEvent | OpinionEvent> {
  if (!can(actor, command.type)) return refuse('forbidden');
  if (command.type === 'screen.blank') {
    const on = command.data.on ?? true;
    if (state.screen.blank === on) return refuse('already');
    return [{ type: 'screen.blanked', data: { on } }];
  }
  return show(state, command.data, now);
}

function show(
  state: ConsultationState,
  { kind, ref }: Static<(typeof screenCommands)['screen.show']>,
  now: number,
): Decision<ScreenEvent | OpinionEvent> {
  switch (kind) {
    case 'topic':
    case 'commitments':
      return [shown({ kind })];
    case 'figures':
      return [shown({ kind, figures: figuresOf(state) })];
    case 'speaker':
      return [shown(speakerView(state, state.floor.speaking, now))];
    case 'opinion': {
      const found = ref === undefined ? undefined : entryOf(state.opinions, ref);
      if (!found) return refuse('not_found', 'ref');
      const opinion = mainOf(state.opinions, found);
      if (found.withdrawn || opinion.withdrawn) return refuse('not_released', 'ref');
      // [SCR2] putting an opinion before the hall is its release: everyone may read what the hall reads
      return [...release(state.opinions, opinion), shown({ kind, ref: opinion.id })];
    }
    case 'response': {
      const response = ref === undefined ? undefined : entryOf(state.responses, ref);
      if (!response) return refuse('not_found', 'ref');
      if (response.status !== 'published') return refuse('not_released', 'ref');
      return [shown({ kind, ref: response.id })];
    }
  }
}

const shown = (view: ScreenView): ScreenEvent => ({ type: 'screen.shown', data: { view } });

function speakerView(
  { roster }: ConsultationState,
  speech: Speech | undefined,
  now: number,
): ScreenView {
  const who = speech && speakerIn(roster, speech);
  if (!speech || !who) return { kind: 'speaker' };
  const { limit, clock } = speech;
  const released = clock.since === undefined ? clock : { spent: elapsed(clock, now), since: now };
  return { kind: 'speaker', speaker: { ...who, limit, clock: released } };
}

function speakerIn(
  roster: ConsultationState['roster'],
  { person, site }: Speech,
): Omit<ScreenSpeaker, 'limit' | 'clock'> | undefined {
  if (site === 'qr') return { name: '', unit: '', title: '', guest: true };
  const known = entryOf(roster, person);
  if (!known) return undefined;
  const { name, unit, title } = creditOf(known);
  return { name, unit, title };
}

/** What the agenda has the screen show when a stage begins; [SCR3] it lights no blank screen. */
export const screenAtStage = ({ blank, view }: Screen, { switches }: Stage): ScreenEvent[] => {
  const kind = switches?.screen;
  return kind === undefined || blank || view.kind === kind ? [] : [shown({ kind })];
};

/** The screen goes with 下一位 by itself, unless something else is on it on purpose or it is blank. */
export function screenFollowsFloor(
  state: ConsultationState,
  speech: Speech | undefined,
  now: number,
): ScreenEvent[] {
  const { blank, view } = state.screen;
  const stopped = speech === undefined && view.kind !== 'speaker';
  return blank || stopped ? [] : [shown(speakerView(state, speech, now))];
}

function figuresOf(state: ConsultationState): ScreenFigures {
  const { roster, responses, submissions } = state;
  const opinions = Object.values(state.opinions).filter(({ withdrawn }) => !withdrawn);
  const present = { hall: 0, onsite: 0, mobile: 0 };
  for (const { attendance, site } of Object.values(roster)) {
    if (attendance.state === 'present' && site) present[site] += 1;
  }
  const published = Object.values(responses).filter(({ status }) => status === 'published');
  return {
    present,
    opinions: opinions.length,
    answered: opinions.filter((opinion) => isAnswered(state, opinion)).length,
    commitments: published.reduce((sum, { current }) => sum + current.commitments.length, 0),
    submissions: Object.keys(submissions).length,
  };
}

export function evolveScreen(
  screen: Screen,
  event: Recorded<ScreenEvent | OpinionEvent | LifecycleEvent>,
): Screen {
  switch (event.type) {
    case 'screen.shown':
      return { view: event.data.view, blank: false };
    case 'screen.blanked':
      return { ...screen, blank: event.data.on };
    case 'opinion.withdrawn':
      // [SCR4] what is taken back leaves the hall at once
      return screen.view.kind === 'opinion' && screen.view.ref === event.data.opinion
        ? { ...screen, view: { kind: 'topic' } }
        : screen;
    case 'opinion.merged':
      // the hall goes on with the one that is dealt with
      return screen.view.kind === 'opinion' && screen.view.ref === event.data.opinion
        ? { ...screen, view: { kind: 'opinion', ref: event.data.into } }
        : screen;
    case 'consultation.paused':
      return withSpeakerClock(screen, (clock) => holdClock(clock, event.at));
    case 'consultation.resumed':
      return withSpeakerClock(screen, (clock) => releaseClock(clock, event.at));
    case 'consultation.ended':
      return withSpeakerClock(screen, (clock) => pauseClock(clock, event.at));
    default:
      return screen;
  }
}

function withSpeakerClock(screen: Screen, change: (clock: Clock) => Clock): Screen {
  const { view } = screen;
  if (view.kind !== 'speaker' || !view.speaker) return screen;
  return {
    ...screen,
    view: { ...view, speaker: { ...view.speaker, clock: change(view.speaker.clock) } },
  };
}

export const idleScreen: Screen = { view: { kind: 'topic' }, blank: false };
