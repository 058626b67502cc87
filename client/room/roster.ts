import { inOrder } from '../../shared/consultation/attendance.ts';
import type { ConsultationState } from '../../shared/consultation/index.ts';
import { sites, type Participant, type Site } from '../../shared/consultation/people.ts';
import type { Presence } from '../../shared/wire/down.ts';

/** Beside a name: connected now, checked in but not connected, not here yet, excused, gone. */
export type Dot = 'connected' | 'present' | 'expected' | 'excused' | 'left';

/** Whom the list is to show. */
export const rosterViews = ['all', 'missing', 'present', 'excused'] as const;
export type RosterView = (typeof rosterViews)[number];

export interface RosterRow {
  readonly participant: Participant;
  readonly dot: Dot;
}

export interface RosterGroup {
  /** Absent: nobody has said yet where they will be. */
  readonly site?: Site;
  readonly rows: readonly RosterRow[];
  readonly present: number;
}

/** A list longer than this gets a search field. */
export const SEARCH_FROM = 20;

export function rosterBySite(
  { roster }: Pick<ConsultationState, 'roster'>,
  presence: Pick<Presence, 'connected'>,
  wanted = '',
  view: RosterView = 'all',
): RosterGroup[] {
  const connected = new Set(presence.connected);
  const rows = inOrder(roster)
    .filter((participant) => matches(participant, wanted.trim().toLowerCase()))
    .filter((participant) => isInView(participant, view))
    .map((participant) => ({ participant, dot: dotOf(participant, connected) }));
  return [...sites, undefined].flatMap((site): RosterGroup[] => {
    const own = rows.filter(({ participant }) => participant.site === site);
    if (own.length === 0) return [];
    const present = own.filter(
      ({ participant }) => participant.attendance.state === 'present',
    ).length;
    return [site ? { site, rows: own, present } : { rows: own, present }];
  });
}

const matches = ({ name, unit, title, insteadOf }: Participant, wanted: string): boolean =>
  wanted === '' ||
  [name, unit, title, insteadOf?.name ?? ''].some((text) => text.toLowerCase().includes(wanted));

function isInView({ attendance: { state } }: Participant, view: RosterView): boolean {
  switch (view) {
    case 'all':
      return true;
    case 'missing':
      return state === 'expected' || state === 'left';
    case 'present':
    case 'excused':
      return state === view;
  }
}

function dotOf({ id, attendance }: Participant, connected: ReadonlySet<string>): Dot {
  switch (attendance.state) {
    case 'present':
      return connected.has(id) ? 'connected' : 'present';
    case 'expected':
    case 'excused':
    case 'left':
      return attendance.state;
  }
}

/** People come before the meeting begins; days before it, nobody is asked. */
const CHECK_IN_AHEAD_MS = 60 * 60_000;

/** Must this person still check in? Asked while the meeting is on, and shortly before it. */
export function needsCheckIn(
  { roster, lifecycle }: Pick<ConsultationState, 'roster' | 'lifecycle'>,
  person: string,
  now: number,
): boolean {
  const known = roster[person];
  const soon = lifecycle.phase === 'prepared' && now > lifecycle.startsAt - CHECK_IN_AHEAD_MS;
  const on = soon || lifecycle.phase === 'open' || lifecycle.phase === 'paused';
  return on && known !== undefined && known.attendance.state !== 'present';
}
