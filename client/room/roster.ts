import { inOrder } from '../../shared/consultation/attendance.ts';
import type { ConsultationState } from '../../shared/consultation/index.ts';
import { sites, type Participant, type Site } from '../../shared/consultation/people.ts';
import type { Presence } from '../../shared/wire/down.ts';

/** Beside a name: connected now, checked in but not connected, not here yet, gone. */
export type Dot = 'connected' | 'present' | 'expected' | 'left';

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
): RosterGroup[] {
  const connected = new Set(presence.connected);
  const rows = inOrder(roster)
    .filter((participant) => matches(participant, wanted.trim().toLowerCase()))
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

const matches = ({ name, unit, title }: Participant, wanted: string): boolean =>
  wanted === '' || [name, unit, title].some((text) => text.toLowerCase().includes(wanted));

function dotOf({ id, attendance }: Participant, connected: ReadonlySet<string>): Dot {
  switch (attendance.state) {
    case 'left':
      return 'left';
    case 'present':
      return connected.has(id) ? 'connected' : 'present';
    case 'expected':
      return 'expected';
  }
}

/** Must this person still check in? Asked while the meeting is on, and before it. */
export function needsCheckIn({ roster, lifecycle }: ConsultationState, person: string): boolean {
  const known = roster[person];
  const on = lifecycle.phase === 'open' || lifecycle.phase === 'paused';
  return on && known !== undefined && known.attendance.state !== 'present';
}
