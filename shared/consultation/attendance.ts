import { Type, type Static } from 'typebox';
import { can } from '../policy/can.ts';
import { participantRoles } from '../policy/roles.ts';
import { refuse } from '../refusal.ts';
import type { Actor, Circumstances, Decision, EventOf, Recorded } from './decision.ts';
import { entryOf } from './entry.ts';
import { screenWithout } from './leaving-floor.ts';
import type { Lifecycle } from './lifecycle.ts';
import { sites, type Described, type Participant, type Site, type Visit } from './people.ts';
import type { ScreenEvent } from './screen.ts';
import type { ConsultationState } from './state.ts';

export type Roster = Readonly<Record<string, Participant>>;

export type AttendanceEvent =
  | EventOf<'participant.added', Described>
  | EventOf<'participant.changed', Described>
  | EventOf<'participant.removed', { readonly person: string }>
  | EventOf<'attendance.checkedIn', { readonly person: string; readonly site: Site }>
  | EventOf<
      'attendance.substituted',
      { readonly person: string; readonly name: string; readonly title: string }
    >
  | EventOf<'attendance.restored', { readonly person: string }>
  | EventOf<'attendance.excused', { readonly person: string }>
  | EventOf<'attendance.explained', { readonly person: string; readonly reason: string }>
  | EventOf<'attendance.left', { readonly person: string }>
  | EventOf<'attendance.moved', { readonly person: string; readonly site: Site }>;

const SiteSchema = Type.Enum([...sites]);
const PersonSchema = Type.String({ minLength: 1, maxLength: 64 });

export const ParticipantSchema = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 40 }),
  role: Type.Enum([...participantRoles]),
  unit: Type.Optional(Type.String({ maxLength: 80 })),
  title: Type.Optional(Type.String({ maxLength: 80 })),
  site: Type.Optional(SiteSchema),
  sortKey: Type.Optional(Type.Number()),
});

export const attendanceCommands = {
  /** The person's id is given by the server when it makes the invitation. */
  'participant.add': Type.Object({ person: PersonSchema, participant: ParticipantSchema }),
  'participant.change': Type.Object({ person: PersonSchema, participant: ParticipantSchema }),
  'participant.remove': Type.Object({ person: PersonSchema }),
  'attendance.checkIn': Type.Object({ person: Type.Optional(PersonSchema), site: SiteSchema }),
  'attendance.substitute': Type.Object({
    person: PersonSchema,
    name: Type.String({ minLength: 1, maxLength: 40 }),
    title: Type.Optional(Type.String({ maxLength: 80 })),
  }),
  /** The person comes after all: whoever sat in for them goes. */
  'attendance.restore': Type.Object({ person: PersonSchema }),
  /** 请假: will not come, or not come back. */
  'attendance.excuse': Type.Object({
    person: Type.Optional(PersonSchema),
    reason: Type.Optional(Type.String({ maxLength: 200 })),
  }),
  'attendance.leave': Type.Object({ person: Type.Optional(PersonSchema) }),
  'attendance.move': Type.Object({ person: Type.Optional(PersonSchema), site: SiteSchema }),
};
export type AttendanceCommand = {
  [Name in keyof typeof attendanceCommands]: {
    type: Name;
    data: Static<(typeof attendanceCommands)[Name]>;
  };
}[keyof typeof attendanceCommands];

export function decideAttendance(
  state: ConsultationState,
  command: AttendanceCommand,
  actor: Actor,
  { now }: Circumstances,
): Decision<AttendanceEvent | ScreenEvent> {
  const { roster } = state;
  const person = command.data.person ?? actor.person;
  if (!can(actor, command.type, { owners: [person] })) return refuse('forbidden');
  const known = entryOf(roster, person);
  if (command.type === 'participant.add') {
    if (known) return refuse('already', 'person');
    return [
      { type: 'participant.added', data: described(person, command.data.participant, roster) },
    ];
  }
  if (!known) return refuse('not_found', 'person');
  switch (command.type) {
    case 'participant.change':
      return [
        {
          type: 'participant.changed',
          data: {
            ...described(person, command.data.participant, roster),
            ...orderOf(known, command.data.participant),
          },
        },
      ];
    case 'participant.remove':
      return [
        { type: 'participant.removed', data: { person } },
        ...screenWithout(state, person, now),
      ];
    case 'attendance.checkIn':
      if (known.attendance.state === 'present' && known.site === command.data.site)
        return refuse('already');
      return [{ type: 'attendance.checkedIn', data: { person, site: command.data.site } }];
    case 'attendance.substitute':
      return [
        {
          type: 'attendance.substituted',
          data: { person, name: command.data.name, title: command.data.title ?? known.title },
        },
      ];
    case 'attendance.restore':
      if (!known.insteadOf) return refuse('already');
      return [{ type: 'attendance.restored', data: { person } }];
    case 'attendance.excuse':
      return excuse(known, command.data.reason);
    case 'attendance.leave':
      if (known.attendance.state !== 'present') return refuse('conflict');
      return [{ type: 'attendance.left', data: { person } }, ...screenWithout(state, person, now)];
    case 'attendance.move':
      if (known.attendance.state !== 'present') return refuse('conflict');
      if (known.site === command.data.site) return refuse('already');
      return [{ type: 'attendance.moved', data: { person, site: command.data.site } }];
  }
}

/** Why someone can't come is nobody's business but the desk's: it is told apart from that they are excused. */
function excuse({ id: person, attendance }: Participant, given = ''): Decision<AttendanceEvent> {
  if (attendance.state === 'present') return refuse('conflict');
  if (attendance.state === 'excused') return refuse('already');
  const reason = given.trim();
  const excused: AttendanceEvent = { type: 'attendance.excused', data: { person } };
  return reason === ''
    ? [excused]
    : [excused, { type: 'attendance.explained', data: { person, reason } }];
}

function described(
  id: string,
  { name, role, unit, title, site, sortKey }: Static<typeof ParticipantSchema>,
  roster: Roster,
): Described {
  const last = Math.max(0, ...Object.values(roster).map((participant) => participant.sortKey));
  const base = {
    id,
    name,
    role,
    unit: unit ?? '',
    title: title ?? '',
    sortKey: sortKey ?? last + 10,
  };
  return site === undefined ? base : { ...base, site };
}

/** A change that names no order leaves the person's place as it was. */
const orderOf = (
  known: Participant,
  { sortKey }: Static<typeof ParticipantSchema>,
): { sortKey: number } => ({
  sortKey: sortKey ?? known.sortKey,
});

export function evolveRoster(roster: Roster, event: Recorded<AttendanceEvent>): Roster {
  switch (event.type) {
    case 'participant.added':
      return {
        ...roster,
        [event.data.id]: { ...event.data, attendance: { state: 'expected' }, visits: [] },
      };
    case 'participant.changed':
      return withPerson(roster, event.data.id, (known) => ({ ...known, ...event.data }));
    case 'participant.removed': {
      const { [event.data.person]: _removed, ...rest } = roster;
      return rest;
    }
    case 'attendance.checkedIn':
      return withPerson(roster, event.data.person, ({ excuse: _excuse, ...known }) => ({
        ...known,
        site: event.data.site,
        attendance: { state: 'present', since: event.at, by: event.actor.person },
        visits: visiting(known.visits, event.data.site, event.at),
      }));
    case 'attendance.substituted':
      return withPerson(roster, event.data.person, (known) => ({
        ...known,
        name: event.data.name,
        title: event.data.title,
        insteadOf: known.insteadOf ?? { name: known.name, title: known.title },
      }));
    case 'attendance.restored':
      return withPerson(roster, event.data.person, ({ insteadOf, ...known }) => ({
        ...known,
        ...insteadOf,
      }));
    case 'attendance.excused':
      return withPerson(roster, event.data.person, (known) => ({
        ...known,
        attendance: { state: 'excused', at: event.at },
      }));
    case 'attendance.explained':
      return withPerson(roster, event.data.person, (known) => ({
        ...known,
        excuse: event.data.reason,
      }));
    case 'attendance.left':
      return withPerson(roster, event.data.person, (known) => ({
        ...known,
        attendance: { state: 'left', at: event.at },
        visits: ended(known.visits, event.at),
      }));
    case 'attendance.moved':
      return withPerson(roster, event.data.person, (known) => ({
        ...known,
        site: event.data.site,
        visits: visiting(known.visits, event.data.site, event.at),
      }));
  }
}

const ended = (visits: readonly Visit[], at: number): readonly Visit[] =>
  visits.map((visit) => (visit.to === undefined ? { ...visit, to: at } : visit));

const visiting = (visits: readonly Visit[], site: Site, at: number): readonly Visit[] => [
  ...ended(visits, at),
  { site, from: at },
];

function withPerson(
  roster: Roster,
  id: string,
  change: (known: Participant) => Participant,
): Roster {
  const known = entryOf(roster, id);
  return known ? { ...roster, [id]: change(known) } : roster;
}

/** Everyone in the order of the list: manual key first, then as added. */
export const inOrder = (roster: Roster): Participant[] =>
  Object.values(roster).sort((a, b) => a.sortKey - b.sortKey || (a.id < b.id ? -1 : 1));

/** The departments present in this consultation, each once, in the order of the list. */
export const unitsOf = (roster: Roster): string[] => [
  ...new Set(
    inOrder(roster)
      .filter((participant) => participant.role === 'department' && participant.unit !== '')
      .map((participant) => participant.unit),
  ),
];

/** So many milliseconds after the opening one is late, and before the end one has left early. */
export const PUNCTUAL_MS = 5 * 60_000;

export type Punctuality = 'late' | 'left-early';

/**
 * 迟到 and 早退. Someone is late by their first coming, wherever they moved later; someone who left and came back did
 * not leave early.
 */
export function punctualityOf(
  { attendance, visits }: Pick<Participant, 'attendance' | 'visits'>,
  { openedAt, endedAt }: Pick<Lifecycle, 'openedAt' | 'endedAt'>,
): Punctuality[] {
  const first = visits[0]?.from;
  const late = openedAt !== undefined && first !== undefined && first > openedAt + PUNCTUAL_MS;
  const before = (endedAt ?? Infinity) - PUNCTUAL_MS;
  const early = openedAt !== undefined && attendance.state === 'left' && attendance.at < before;
  return [...(late ? ['late' as const] : []), ...(early ? ['left-early' as const] : [])];
}
