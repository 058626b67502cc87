import { Type, type Static } from 'typebox';
import { can } from '../policy/can.ts';
import { refuse } from '../refusal.ts';
import type { AttendanceEvent, Roster } from './attendance.ts';
import {
  elapsed,
  holdClock,
  pauseClock,
  releaseClock,
  startClock,
  stopped,
  type Clock,
} from './clock.ts';
import type { Actor, Circumstances, Decision, EventOf, Recorded } from './decision.ts';
import { entryOf } from './entry.ts';
import type { LifecycleEvent, Phase } from './lifecycle.ts';
import type { Participant } from './people.ts';
import type { ConsultationState } from './state.ts';

/** 分散: some of those who draft, apart for a while, with a lane of their own on the board. */
export interface Group {
  /** From the command that formed it: the board's lane and the origin of its cards are named after it. */
  readonly id: string;
  readonly title: string;
  /** Persons of the roster. */
  readonly members: readonly string[];
  readonly formedBy: string;
  readonly formedAt: number;
  /** How long they mean to be apart, with extensions; absent: until they are collected. */
  readonly minutes?: number;
  readonly clock: Clock;
  /** 集中: they are together again. */
  readonly collected?: { readonly by: string; readonly at: number };
}

/** All groups that ever were, by id. */
export type Groups = Readonly<Record<string, Group>>;

export const MAX_GROUPS = 20;
const MAX_MINUTES = 240;

export type GroupEvent =
  | EventOf<
      'group.formed',
      {
        readonly groups: readonly Pick<Group, 'id' | 'title' | 'members'>[];
        readonly minutes?: number;
      }
    >
  /** Without a group: the person is in none from then on. */
  | EventOf<'group.moved', { readonly person: string; readonly group?: string }>
  | EventOf<'group.extended', { readonly groups: readonly string[]; readonly minutes: number }>
  | EventOf<'group.collected', { readonly groups: readonly string[] }>;

const IdSchema = Type.String({ minLength: 1, maxLength: 100 });
const PersonSchema = Type.String({ minLength: 1, maxLength: 64 });
/** Absent: all that are apart. */
const SomeGroups = Type.Optional(Type.Array(IdSchema, { minItems: 1, maxItems: MAX_GROUPS }));

export const groupCommands = {
  'group.form': Type.Object({
    groups: Type.Array(
      Type.Object({
        title: Type.String({ minLength: 1, maxLength: 20, pattern: '\\S' }),
        members: Type.Array(PersonSchema, { minItems: 1, maxItems: 500 }),
      }),
      { minItems: 1, maxItems: MAX_GROUPS },
    ),
    minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_MINUTES })),
  }),
  'group.move': Type.Object({ person: PersonSchema, group: Type.Optional(IdSchema) }),
  'group.extend': Type.Object({
    minutes: Type.Integer({ minimum: -MAX_MINUTES, maximum: MAX_MINUTES }),
    groups: SomeGroups,
  }),
  'group.collect': Type.Object({ groups: SomeGroups }),
};
export type GroupCommand = {
  [Name in keyof typeof groupCommands]: {
    type: Name;
    data: Static<(typeof groupCommands)[Name]>;
  };
}[keyof typeof groupCommands];

/** From which phases each command may be given: whoever is apart can still be collected after the end. */
const allowedFrom: Record<GroupCommand['type'], readonly Phase[]> = {
  'group.form': ['open'],
  'group.move': ['open', 'paused'],
  'group.extend': ['open', 'paused'],
  'group.collect': ['open', 'paused', 'ended'],
};

export function decideGroups(
  { groups, roster, lifecycle }: ConsultationState,
  command: GroupCommand,
  actor: Actor,
  { commandId }: Circumstances,
): Decision<GroupEvent> {
  if (!can(actor, command.type)) return refuse('forbidden');
  if (!allowedFrom[command.type].includes(lifecycle.phase)) return refuse('not_open');
  switch (command.type) {
    case 'group.form':
      return form(groups, roster, command.data, commandId);
    case 'group.move':
      return move(groups, roster, command.data);
    case 'group.extend':
      return extend(groups, command.data);
    case 'group.collect':
      return collect(groups, command.data.groups);
  }
}

function form(
  groups: Groups,
  roster: Roster,
  { groups: wanted, minutes }: Static<(typeof groupCommands)['group.form']>,
  commandId: string,
): Decision<GroupEvent> {
  const apart = apartIn(groups);
  if (apart.length + wanted.length > MAX_GROUPS) return refuse('invalid', 'groups');
  const titles = new Set(apart.map(({ title }) => title));
  const taken = new Set(apart.flatMap(({ members }) => members));
  for (const [index, { title, members }] of wanted.entries()) {
    if (titles.has(title.trim())) return refuse('invalid', `groups.${index}.title`);
    titles.add(title.trim());
    for (const [place, person] of members.entries()) {
      const field = `groups.${index}.members.${place}`;
      const known = entryOf(roster, person);
      if (!known) return refuse('not_found', field);
      if (!mayJoin(known)) return refuse('invalid', field);
      // [GRP1] in two groups at once, whichever of them came first
      if (taken.has(person)) return refuse('conflict', field);
      taken.add(person);
    }
  }
  const formed = wanted.map(({ title, members }, index) => ({
    id: `${commandId}.${index + 1}`,
    title: title.trim(),
    members,
  }));
  return [
    { type: 'group.formed', data: { groups: formed, ...(minutes !== undefined && { minutes }) } },
  ];
}

function move(
  groups: Groups,
  roster: Roster,
  { person, group }: Static<(typeof groupCommands)['group.move']>,
): Decision<GroupEvent> {
  const known = entryOf(roster, person);
  if (!known) return refuse('not_found', 'person');
  if (groupOf(groups, person)?.id === group) return refuse('already');
  if (group === undefined) return [{ type: 'group.moved', data: { person } }];
  const to = entryOf(groups, group);
  if (!to) return refuse('not_found', 'group');
  if (to.collected) return refuse('conflict', 'group');
  if (!mayJoin(known)) return refuse('invalid', 'person');
  return [{ type: 'group.moved', data: { person, group } }];
}

function extend(
  groups: Groups,
  { minutes, groups: ids }: Static<(typeof groupCommands)['group.extend']>,
): Decision<GroupEvent> {
  const chosen = chosenOf(groups, ids);
  if (!chosen) return refuse('not_found', 'groups');
  // those that were never timed have nothing to extend
  const timed = chosen.filter((group) => group.minutes !== undefined && !group.collected);
  if (timed.length === 0) return refuse('conflict', 'groups');
  const longest = timed.map((group) => (group.minutes ?? 0) + minutes);
  if (longest.some((total) => total < 1)) return refuse('invalid', 'minutes');
  return [{ type: 'group.extended', data: { groups: timed.map(({ id }) => id), minutes } }];
}

function collect(groups: Groups, ids: readonly string[] | undefined): Decision<GroupEvent> {
  const chosen = chosenOf(groups, ids);
  if (!chosen) return refuse('not_found', 'groups');
  const apart = chosen.filter(({ collected }) => !collected);
  if (apart.length === 0) return refuse('already');
  return [{ type: 'group.collected', data: { groups: apart.map(({ id }) => id) } }];
}

/** Each once, in the order in which they were formed; all where none is named, `undefined` where one is unknown. */
function chosenOf(groups: Groups, ids: readonly string[] | undefined): Group[] | undefined {
  if (ids === undefined) return inOrderFormed(groups);
  if (ids.some((id) => !entryOf(groups, id))) return undefined;
  return inOrderFormed(groups).filter(({ id }) => ids.includes(id));
}

export function evolveGroups(
  groups: Groups,
  event: Recorded<GroupEvent | LifecycleEvent | AttendanceEvent>,
): Groups {
  switch (event.type) {
    case 'group.formed':
      return formed(groups, event);
    case 'group.moved':
      return changed(groups, apartIn(groups), (group) =>
        withMember(group, event.data.person, group.id === event.data.group),
      );
    case 'group.extended':
      return changed(groups, named(groups, event.data.groups), (group) => ({
        ...group,
        minutes: (group.minutes ?? 0) + event.data.minutes,
      }));
    case 'group.collected':
      return changed(groups, named(groups, event.data.groups), (group) => ({
        ...group,
        clock: pauseClock(group.clock, event.at),
        collected: { by: event.actor.person, at: event.at },
      }));
    case 'participant.removed':
      return changed(groups, apartIn(groups), (group) =>
        withMember(group, event.data.person, false),
      );
    case 'consultation.paused':
      return withClocks(groups, (clock) => holdClock(clock, event.at));
    case 'consultation.resumed':
      return withClocks(groups, (clock) => releaseClock(clock, event.at));
    case 'consultation.ended':
      return withClocks(groups, (clock) => pauseClock(clock, event.at));
    default:
      return groups;
  }
}

function formed(
  groups: Groups,
  { data, at, actor }: Recorded<Extract<GroupEvent, { type: 'group.formed' }>>,
): Groups {
  const fresh = data.groups.map((group): [string, Group] => [
    group.id,
    {
      ...group,
      formedBy: actor.person,
      formedAt: at,
      ...(data.minutes !== undefined && { minutes: data.minutes }),
      clock: startClock(stopped, at),
    },
  ]);
  return { ...groups, ...Object.fromEntries(fresh) };
}

function changed(groups: Groups, those: readonly Group[], change: (group: Group) => Group): Groups {
  if (those.length === 0) return groups;
  return { ...groups, ...Object.fromEntries(those.map((group) => [group.id, change(group)])) };
}

const withClocks = (groups: Groups, change: (clock: Clock) => Clock): Groups =>
  changed(groups, apartIn(groups), (group) => ({ ...group, clock: change(group.clock) }));

function withMember(group: Group, person: string, is: boolean): Group {
  if (group.members.includes(person) === is) return group;
  const others = group.members.filter((member) => member !== person);
  return { ...group, members: is ? [...others, person] : others };
}

const named = (groups: Groups, ids: readonly string[]): Group[] =>
  ids.map((id) => entryOf(groups, id)).filter((group) => group !== undefined);

/** In the order in which they were formed: the order of their lanes, and of what is collected from them. */
export const inOrderFormed = (groups: Groups): Group[] =>
  // those formed together keep the order in which the moderator named them
  Object.values(groups).sort((a, b) => a.formedAt - b.formedAt);

/** The groups that are apart now. */
export const apartIn = (groups: Groups): Group[] =>
  inOrderFormed(groups).filter(({ collected }) => !collected);

/** The group that a person is in now. */
export const groupOf = (groups: Groups, person: string): Group | undefined =>
  apartIn(groups).find(({ members }) => members.includes(person));

/** Milliseconds until the time is up, negative afterwards; `undefined` where none was set. */
export const groupTimeLeft = ({ minutes, clock }: Group, now: number): number | undefined =>
  minutes === undefined ? undefined : minutes * 60_000 - elapsed(clock, now);

/** Whoever drafts can be in a group; the desk may stay in none. */
export const mayJoin = ({ id, name, role, unit }: Participant): boolean =>
  can({ person: id, name, role, unit }, 'card.create');
