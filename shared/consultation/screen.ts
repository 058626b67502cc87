import { Type, type Static } from 'typebox';
import { can } from '../policy/can.ts';
import { isRefused, refuse } from '../refusal.ts';
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
  /** A line of the moderator's own, below whatever is shown. */
  readonly message?: string;
  /** Screens beside the first that were given a picture of their own; the others show what the first shows. */
  readonly outputs?: Readonly<Partial<Record<Output, ScreenView>>>;
  /** What is to come, as the desk has lined it up; told to staff alone, for it may not be released yet. */
  readonly queue?: readonly Queued[];
}

/** The screens of a hall beside the first. */
export const outputs = ['2', '3', '4'] as const;
export type Output = (typeof outputs)[number];

export const MAX_MESSAGE_CHARS = 60;

export type ScreenEvent =
  | EventOf<'screen.shown', { readonly view: ScreenView; readonly output?: Output }>
  | EventOf<'screen.followed', { readonly output: Output }>
  | EventOf<'screen.messaged', { readonly text: string }>
  | EventOf<'screen.queued', { readonly items: readonly Queued[] }>
  | EventOf<'screen.blanked', { readonly on: boolean }>;

export const screenKinds = [
  'topic',
  'speaker',
  'opinion',
  'response',
  'commitments',
  'figures',
] as const;

const KindSchema = Type.Enum([...screenKinds]);
/** The opinion or the response to show. */
const RefSchema = Type.Optional(Type.String({ maxLength: 100 }));
const QueuedSchema = Type.Object({ kind: KindSchema, ref: RefSchema });
export type Queued = Static<typeof QueuedSchema>;
const OutputSchema = Type.Enum([...outputs]);

export const screenCommands = {
  /** On the first screen and all that follow it, or on one of the others alone. */
  'screen.show': Type.Object({
    kind: KindSchema,
    ref: RefSchema,
    output: Type.Optional(OutputSchema),
  }),
  /** Lets a screen show what the first shows. */
  'screen.follow': Type.Object({ output: OutputSchema }),
  /** An empty text takes the line away. */
  'screen.message': Type.Object({ text: Type.String({ maxLength: MAX_MESSAGE_CHARS }) }),
  /** The whole queue as it is to be. */
  'screen.queue': Type.Object({ items: Type.Array(QueuedSchema, { maxItems: 50 }) }),
  /** Shows what is first in the queue; named, it is shown once however often that is pressed. */
  'screen.next': Type.Object({ first: Type.Optional(QueuedSchema) }),
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
  const { screen } = state;
  switch (command.type) {
    case 'screen.show':
      return show(state, command.data, now);
    case 'screen.blank': {
      const on = command.data.on ?? true;
      return screen.blank === on ? refuse('already') : [{ type: 'screen.blanked', data: { on } }];
    }
    case 'screen.follow':
      if (!screen.outputs?.[command.data.output]) return refuse('already');
      return [{ type: 'screen.followed', data: command.data }];
    case 'screen.message': {
      const text = command.data.text.trim();
      if (text === (screen.message ?? '')) return refuse('already');
      return [{ type: 'screen.messaged', data: { text } }];
    }
    case 'screen.queue':
      return [{ type: 'screen.queued', data: command.data }];
    case 'screen.next':
      return showNext(state, command.data.first, now);
  }
}

/** The first that can still be shown: what was withdrawn since it was lined up is passed over. */
function showNext(
  state: ConsultationState,
  first: Queued | undefined,
  now: number,
): Decision<ScreenEvent | OpinionEvent> {
  const { queue = [] } = state.screen;
  const [head] = queue;
  // showing releases: what somebody else pressed for meanwhile is not followed by the next one
  if (first && (head?.kind !== first.kind || head.ref !== first.ref)) return refuse('already');
  for (const [index, item] of queue.entries()) {
    const shown = show(state, item, now);
    if (isRefused(shown)) continue;
    return [...shown, { type: 'screen.queued', data: { items: queue.slice(index + 1) } }];
  }
  return refuse('queue_empty');
}

function show(
  state: ConsultationState,
  { kind, ref, output }: Static<(typeof screenCommands)['screen.show']>,
  now: number,
): Decision<ScreenEvent | OpinionEvent> {
  const shown = (view: ScreenView): ScreenEvent => shownOn(output, view);
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

const shownOn = (output: Output | undefined, view: ScreenView): ScreenEvent => ({
  type: 'screen.shown',
  data: output === undefined ? { view } : { view, output },
});

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
  return kind === undefined || blank || view.kind === kind ? [] : [shownOn(undefined, { kind })];
};

/** The screen goes with 下一位 by itself, unless something else is on it on purpose or it is blank. */
export function screenFollowsFloor(
  state: ConsultationState,
  speech: Speech | undefined,
  now: number,
): ScreenEvent[] {
  const { blank, view } = state.screen;
  const stopped = speech === undefined && view.kind !== 'speaker';
  const speaker = speakerView(state, speech, now);
  const pinned = outputs.filter((output) => state.screen.outputs?.[output]?.kind === 'speaker');
  return [
    ...(blank || stopped ? [] : [shownOn(undefined, speaker)]),
    ...pinned.map((output) => shownOn(output, speaker)),
  ];
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
    case 'screen.shown': {
      const { view, output } = event.data;
      return output === undefined
        ? { ...screen, view, blank: false }
        : { ...screen, outputs: { ...screen.outputs, [output]: view } };
    }
    case 'screen.followed': {
      const { [event.data.output]: _own, ...rest } = screen.outputs ?? {};
      return { ...screen, outputs: rest };
    }
    case 'screen.messaged': {
      const { message: _before, ...rest } = screen;
      return event.data.text === '' ? rest : { ...rest, message: event.data.text };
    }
    case 'screen.queued':
      return { ...screen, queue: event.data.items };
    case 'screen.blanked':
      return { ...screen, blank: event.data.on };
    case 'opinion.withdrawn':
      // [SCR4] what is taken back leaves the hall at once
      return withViews(screen, (view) =>
        shows(view, event.data.opinion) ? { kind: 'topic' } : view,
      );
    case 'opinion.merged':
      // the hall goes on with the one that is dealt with
      return withViews(screen, (view) =>
        shows(view, event.data.opinion) ? { kind: 'opinion', ref: event.data.into } : view,
      );
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

const shows = (view: ScreenView, opinion: string): boolean =>
  view.kind === 'opinion' && view.ref === opinion;

/** The same change to what any of the hall's screens shows. */
function withViews(screen: Screen, change: (view: ScreenView) => ScreenView): Screen {
  const view = change(screen.view);
  if (!screen.outputs) return view === screen.view ? screen : { ...screen, view };
  const changed = Object.entries(screen.outputs).map(([output, own]) => [output, change(own)]);
  return { ...screen, view, outputs: Object.fromEntries(changed) as Screen['outputs'] & object };
}

const withSpeakerClock = (screen: Screen, change: (clock: Clock) => Clock): Screen =>
  withViews(screen, (view) => {
    if (view.kind !== 'speaker' || !view.speaker) return view;
    return { ...view, speaker: { ...view.speaker, clock: change(view.speaker.clock) } };
  });

/** What a screen of the hall shows: a picture of its own, or the first screen's. */
export const viewOn = (screen: Screen, output: Output | undefined): ScreenView =>
  (output === undefined ? undefined : screen.outputs?.[output]) ?? screen.view;

export const idleScreen: Screen = { view: { kind: 'topic' }, blank: false };
