import type { ParticipantRole } from '../policy/roles.ts';

/** 会场 in the hall, 现场 at a connected site, 移动 by phone from anywhere. */
export const sites = ['hall', 'onsite', 'mobile'] as const;
export type Site = (typeof sites)[number];
export const isSite = (value: unknown): value is Site => sites.some((site) => site === value);

/** Where someone who speaks comes from: a site, or 扫码 a citizen's phone. */
export const places = [...sites, 'qr'] as const;
export type Place = (typeof places)[number];

/** What a list says of a person; unit and title are a snapshot at the time of the meeting. */
export interface Described {
  readonly id: string;
  readonly name: string;
  readonly role: ParticipantRole;
  readonly unit: string;
  readonly title: string;
  /** Manual order; wins over every automatic one. */
  readonly sortKey: number;
  readonly site?: Site;
}

/** A person as the roster knows them. */
export interface Participant extends Described {
  readonly attendance: Attendance;
  /** When they were there, in order; the last has no end while they are. */
  readonly visits: readonly Visit[];
  /** 替会: whose place the person named above takes. */
  readonly insteadOf?: { readonly name: string; readonly title: string };
  /** Why they asked to be excused; told to staff alone. */
  readonly excuse?: string;
}

export interface Visit {
  readonly site: Site;
  readonly from: number;
  readonly to?: number;
}

export type Attendance =
  | { readonly state: 'expected' }
  /** 请假. */
  | { readonly state: 'excused'; readonly at: number }
  | { readonly state: 'present'; readonly since: number; readonly by: string }
  | { readonly state: 'left'; readonly at: number };

/** As shown wherever a person is credited. */
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

/** `姓名 · 单位 · 职务`, without what is not known. */
export const creditLine = (credits: readonly Credit[]): string =>
  credits
    .map(({ name, unit, title }) => [name, unit, title].filter(Boolean).join(' · '))
    .join('、');
