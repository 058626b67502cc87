import { Type, type Static } from 'typebox';
import type { Clock } from './clock.ts';

export const stageKinds = [
  'checkin',
  'opening',
  'findings',
  'briefing',
  'speeches',
  'remote',
  'questions',
  'responses',
  'public',
  'summary',
  'commitments',
  'other',
] as const;
export type StageKind = (typeof stageKinds)[number];

const Share = Type.Optional(Type.Integer({ minimum: 0, maximum: 9 }));
const Most = Type.Optional(Type.Integer({ minimum: 0, maximum: 99 }));

/** How a stage shares out the floor. It orders the queue; it never keeps the moderator from calling someone. */
export const QuotaSchema = Type.Object({
  /** Turns of each place in a round, such as hall 2, onsite 1, mobile 1. */
  turns: Type.Optional(Type.Object({ hall: Share, onsite: Share, mobile: Share, qr: Share })),
  /** At most so many speeches from a place. */
  byPlace: Type.Optional(Type.Object({ hall: Most, onsite: Most, mobile: Most, qr: Most })),
  /** At most so many speeches of a kind. */
  byKind: Type.Optional(Type.Object({ speech: Most, question: Most, reply: Most, remote: Most })),
});
export type Quota = Static<typeof QuotaSchema>;

/** What the hall may be shown by itself when a stage begins: nothing of it can hold anything unreleased. */
export const stageScreens = ['topic', 'commitments'] as const;
export type StageScreen = (typeof stageScreens)[number];

/** The layout that goes with a kind of stage: offered to the moderator, or shown by itself where the stage says so. */
export const screenFor = (kind: StageKind | undefined): StageScreen | undefined =>
  kind === 'public' ? 'topic' : kind === 'commitments' ? 'commitments' : undefined;

/** What a stage does otherwise than its kind; every switch may be absent. */
export const SwitchesSchema = Type.Object({
  /** Those who booked are the queue. */
  booked: Type.Optional(Type.Boolean()),
  /** People book for themselves; without it the desk alone does. */
  ownBooking: Type.Optional(Type.Boolean()),
  /** Citizens may ask to speak by QR code. */
  guests: Type.Optional(Type.Boolean()),
  /** The layout that the big screen takes when the stage begins. */
  screen: Type.Optional(Type.Enum([...stageScreens])),
  quota: Type.Optional(QuotaSchema),
});

export type Switches = Static<typeof SwitchesSchema>;

export const StageSchema = Type.Object({
  id: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{1,40}$' })),
  title: Type.String({ minLength: 1, maxLength: 60 }),
  kind: Type.Optional(Type.Enum([...stageKinds])),
  minutes: Type.Number({ minimum: 0, maximum: 600 }),
  speechMinutes: Type.Optional(Type.Number({ minimum: 0.5, maximum: 120 })),
  switches: Type.Optional(SwitchesSchema),
});
export const StagesSchema = Type.Array(StageSchema, { minItems: 1, maxItems: 60 });
export type WantedStage = Static<typeof StageSchema>;

export interface Stage {
  readonly id: string;
  readonly title: string;
  readonly kind: StageKind;
  /** Planned length, with extensions, in minutes. */
  readonly minutes: number;
  /** A speech's length in this stage, in minutes. */
  readonly speechMinutes?: number;
  readonly switches?: Switches;
  readonly clock: Clock;
  /** Has it run at all? */
  readonly begun: boolean;
  /** Passed over; a start makes up for it. */
  readonly skipped?: true;
}

export type PlannedStage = Omit<Stage, 'clock' | 'begun' | 'skipped'>;

/** What was asked for, with what was left unsaid filled in. */
export const plannedFrom = (stages: readonly WantedStage[]): PlannedStage[] =>
  stages.map(({ id, title, kind, minutes, speechMinutes, switches }, index) => ({
    id: id ?? `s${index + 1}`,
    title,
    kind: kind ?? 'other',
    minutes,
    ...(speechMinutes === undefined ? {} : { speechMinutes }),
    ...(switches === undefined ? {} : { switches }),
  }));

/** In this stage those who booked are the queue, without a further click. */
export const takesBooked = (stage: Stage | undefined): boolean =>
  stage?.switches?.booked ?? stage?.kind === 'speeches';

/** May people put themselves on the list of those booked? */
export const takesOwnBookings = (stage: Stage): boolean => stage.switches?.ownBooking ?? true;

/** [FLR17] Citizens ask to speak only where the moderator lets them. */
export const takesGuests = (stage: Stage | undefined): boolean => stage?.switches?.guests === true;
