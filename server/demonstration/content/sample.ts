import type { Form } from '../../../shared/consultation/lifecycle.ts';
import type { Site } from '../../../shared/consultation/people.ts';
import type { Stance } from '../../../shared/consultation/responses.ts';
import type { ParticipantRole } from '../../../shared/policy/roles.ts';

/** A fictional consultation, always shown as 示例数据. */
export interface Sample {
  readonly id: string;
  readonly title: string;
  readonly host: string;
  readonly form: Form;
  /** Who reports at the beginning. */
  readonly briefing: string;
  /** The places that are connected. */
  readonly connected: readonly string[];
  readonly people: readonly SamplePerson[];
  readonly opinions: readonly SampleOpinion[];
  readonly responses: readonly SampleResponse[];
}

export interface SamplePerson {
  readonly id: string;
  readonly name: string;
  readonly role: ParticipantRole;
  readonly unit: string;
  readonly title: string;
  readonly site: Site;
}

export interface SampleOpinion {
  readonly no: number;
  /** A person's id; absent for what came by QR code. */
  readonly author?: string;
  /** The masked name of a citizen. */
  readonly citizen?: string;
  readonly text: string;
}

/** A unit's answer to one opinion. Days are working days from the meeting. */
export interface SampleResponse {
  readonly opinion: number;
  /** What is said. */
  readonly text: string;
  readonly unit: string;
  readonly officer: string;
  readonly stance: Stance;
  /** What limits a partial adoption. */
  readonly reason?: string;
  readonly commitments: readonly { readonly what: string; readonly days: number }[];
}

/** Those who are part of every session. */
export const hosts: readonly SamplePerson[] = [
  {
    id: 'yan-zhengqing',
    name: '言正清',
    role: 'moderator',
    unit: '区政协',
    title: '秘书长',
    site: 'hall',
  },
  {
    id: 'ji-qingfeng',
    name: '记清风',
    role: 'clerk',
    unit: '区政协办公室',
    title: '干部',
    site: 'hall',
  },
  {
    id: 'shang-zhixing',
    name: '商知行',
    role: 'observer',
    unit: '区政协',
    title: '主席(召集人)',
    site: 'hall',
  },
];
