import { Type, type Static } from 'typebox';
import { can } from '../policy/can.ts';
import { refuse } from '../refusal.ts';
import type { Actor, Decision, EventOf } from './decision.ts';
import { places } from './people.ts';
import { speechKinds } from './speech.ts';
import type { Quota, Stage } from './stage.ts';
import type { ConsultationState } from './state.ts';

/** Changes to what a stage switches on; the agenda keeps them with the stage. */
export type StageSwitchesEvent =
  | EventOf<
      'floor.allowed',
      {
        readonly stage: string;
        readonly booked?: boolean;
        readonly ownBooking?: boolean;
        readonly guests?: boolean;
      }
    >
  | EventOf<'floor.quotaSet', { readonly stage: string; readonly quota: Quota }>;

/** The stage that runs, unless another is named. */
const StageId = Type.Optional(Type.String({ maxLength: 40 }));
const none = Type.Null();

export const stageSwitchesCommands = {
  'floor.allow': Type.Object({
    stage: StageId,
    booked: Type.Optional(Type.Boolean()),
    ownBooking: Type.Optional(Type.Boolean()),
    guests: Type.Optional(Type.Boolean()),
  }),
  /** The share of one place or the limit of one kind; `null` lifts it. */
  'floor.quota': Type.Object({
    stage: StageId,
    site: Type.Optional(Type.Enum([...places])),
    kind: Type.Optional(Type.Enum([...speechKinds])),
    turns: Type.Optional(Type.Union([Type.Integer({ minimum: 0, maximum: 9 }), none])),
    most: Type.Optional(Type.Union([Type.Integer({ minimum: 0, maximum: 99 }), none])),
  }),
};
export type StageSwitchesCommand = {
  [Name in keyof typeof stageSwitchesCommands]: {
    type: Name;
    data: Static<(typeof stageSwitchesCommands)[Name]>;
  };
}[keyof typeof stageSwitchesCommands];

export function decideStageSwitches(
  { agenda }: ConsultationState,
  { type, data }: StageSwitchesCommand,
  actor: Actor,
): Decision<StageSwitchesEvent> {
  if (!can(actor, type)) return refuse('forbidden');
  const wanted = data.stage ?? agenda.current;
  const stage = agenda.stages.find(({ id }) => id === wanted);
  if (!stage) return refuse('not_found', 'stage');
  if (type === 'floor.quota') return setQuota(stage, data);
  const { stage: _id, ...allowed } = data;
  return [{ type: 'floor.allowed', data: { stage: stage.id, ...allowed } }];
}

type Part = 'turns' | 'byPlace' | 'byKind';

function setQuota(
  { id, switches }: Stage,
  { site, kind, turns, most }: Extract<StageSwitchesCommand, { type: 'floor.quota' }>['data'],
): Decision<StageSwitchesEvent> {
  if ((site === undefined) === (kind === undefined)) return refuse('invalid', 'site');
  // turns are taken by places; a kind has none
  if (kind !== undefined && turns !== undefined) return refuse('invalid', 'turns');
  if (turns === undefined && most === undefined) return refuse('invalid', 'most');
  let quota = switches?.quota ?? {};
  if (site !== undefined && turns !== undefined) quota = put(quota, 'turns', site, turns);
  if (most !== undefined) {
    quota =
      site === undefined ? put(quota, 'byKind', kind!, most) : put(quota, 'byPlace', site, most);
  }
  return [{ type: 'floor.quotaSet', data: { stage: id, quota } }];
}

/** An entry set, or with `null` taken out; a part without entries is none. */
function put(quota: Quota, part: Part, key: string, value: number | null): Quota {
  const { [part]: before, ...others } = quota;
  const entries: Record<string, number> = { ...before };
  if (value === null) delete entries[key];
  else entries[key] = value;
  return Object.keys(entries).length > 0 ? { ...others, [part]: entries } : others;
}
