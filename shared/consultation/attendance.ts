import { Type, type Static } from 'typebox';
import { can } from '../policy/can.ts';
import { participantRoles } from '../policy/roles.ts';
import { refuse } from '../refusal.ts';
import type { Actor, Circumstances, Decision, EventOf, Recorded } from './decision.ts';
import { entryOf } from './entry.ts';
import { sites, type Attendance, type Participant, type Site } from './people.ts';
import type { ConsultationState } from './state.ts';

export type Roster = Readonly<Record<string, Participant>>;

export type AttendanceEvent =
  | EventOf<'participant.added', Omit<Participant, 'attendance'>>
  | EventOf<'participant.changed', Omit<Participant, 'attendance'>>
  | EventOf<'participant.removed', { readonly person: string }>
  | EventOf<'attendance.checkedIn', { readonly person: string; readonly site: Site }>
  | EventOf<
      'attendance.substituted',
      { readonly person: string; readonly name: string; readonly title: string }
    >
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
  { roster }: ConsultationState,
  command: AttendanceCommand,
  actor: Actor,
  _circumstances: Circumstances,
): Decision<AttendanceEvent> {
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
      return [{ type: 'participant.removed', data: { person } }];
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
    case 'attendance.leave':
      if (known.attendance.state !== 'present') return refuse('conflict');
      return [{ type: 'attendance.left', data: { person } }];
    case 'attendance.move':
      if (known.attendance.state !== 'present') return refuse('conflict');
      if (known.site === command.data.site) return refuse('already');
      return [{ type: 'attendance.moved', data: { person, site: command.data.site } }];
  }
}

function described(
  id: string,
  { name, role, unit, title, site, sortKey }: Static<typeof ParticipantSchema>,
  roster: Roster,
): Omit<Participant, 'attendance'> {
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
      return { ...roster, [event.data.id]: { ...event.data, attendance: { state: 'expected' } } };
    case 'participant.changed':
      return withPerson(roster, event.data.id, (known) => ({ ...known, ...event.data }));
    case 'participant.removed': {
      const { [event.data.person]: _removed, ...rest } = roster;
      return rest;
    }
    case 'attendance.checkedIn': {
      const attendance: Attendance = { state: 'present', since: event.at, by: event.actor.person };
      return withPerson(roster, event.data.person, (known) => ({
        ...known,
        site: event.data.site,
        attendance,
      }));
    }
    case 'attendance.substituted':
      return withPerson(roster, event.data.person, (known) => ({
        ...known,
        name: event.data.name,
        title: event.data.title,
      }));
    case 'attendance.left':
      return withPerson(roster, event.data.person, (known) => ({
        ...known,
        attendance: { state: 'left', at: event.at },
      }));
    case 'attendance.moved':
      return withPerson(roster, event.data.person, (known) => ({
        ...known,
        site: event.data.site,
      }));
  }
}

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
