import type { ParticipantRole } from '../policy/roles.ts';

/** 会场 in the hall, 现场 at a connected site, 移动 by phone from anywhere. */
export const sites = ['hall', 'onsite', 'mobile'] as const;
export type Site = (typeof sites)[number];

/** A person as the roster knows them; unit and title are a snapshot at the time of the meeting. */
export interface Participant {
  readonly id: string;
  readonly name: string;
  readonly role: ParticipantRole;
  readonly unit: string;
  readonly title: string;
  /** Manual order; wins over every automatic one. */
  readonly sortKey: number;
  readonly site?: Site;
  readonly attendance: Attendance;
}

export type Attendance =
  | { readonly state: 'expected' }
  | { readonly state: 'present'; readonly since: number; readonly by: string }
  | { readonly state: 'left'; readonly at: number };

/** `姓名 · 单位 · 职务`, as shown wherever a person is credited. */
export interface Credit {
  readonly person: string;
  readonly name: string;
  readonly unit: string;
  readonly title: string;
}

export const creditOf = ({ id, name, unit, title }: Participant): Credit => ({
  person: id,
  name,
  unit,
  title,
});
