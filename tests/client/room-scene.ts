// A consultation's state for tests of the room and the desk, folded from events as the client does.
import {
  evolve,
  initialState,
  type ConsultationEvent,
  type ConsultationState,
} from '../../shared/consultation/index.ts';
import type { ParticipantRole } from '../../shared/policy/roles.ts';
import { can as policyCan, type Action, type Subject } from '../../shared/policy/can.ts';
import type { Me } from '../../shared/wire/down.ts';

/** 2026-03-10 10:00 in China. */
export const START = Date.UTC(2026, 2, 10, 2, 0, 0);
export const MINUTE = 60_000;

export class Scene {
  state: ConsultationState = initialState;
  now = START;

  constructor() {
    this.happened({
      type: 'consultation.created',
      data: {
        id: 'c1',
        title: '老旧小区加装电梯',
        host: '区政协',
        form: { hall: true, onsite: true, mobile: true, groups: false },
        code: 'ABCD1234',
        startsAt: START,
        sample: true,
      },
    });
  }

  happened(event: ConsultationEvent, by = 'chair'): this {
    const seq = this.state.seq + 1;
    const actor = { person: by, role: 'moderator', name: by } as const;
    const recorded = { ...event, seq, actor, at: this.now, commandId: `k${seq}` };
    this.state = evolve(this.state, recorded);
    return this;
  }

  later(ms: number): this {
    this.now += ms;
    return this;
  }

  person(
    id: string,
    role: ParticipantRole,
    unit = '',
    site: 'hall' | 'onsite' | 'mobile' = 'hall',
  ): this {
    const sortKey = this.state.seq;
    return this.happened({
      type: 'participant.added',
      data: { id, name: `${id}名`, role, unit, title: '', sortKey, site },
    });
  }

  opened(): this {
    return this.happened({ type: 'consultation.opened', data: {} });
  }

  stage(kind: 'speeches' | 'briefing', minutes = 10): this {
    this.happened({
      type: 'agenda.set',
      data: { stages: [{ id: kind, title: kind, kind, minutes }] },
    });
    return this.happened({ type: 'agenda.started', data: { stage: kind } });
  }

  raised(person: string): this {
    return this.later(1_000).happened({ type: 'floor.raised', data: { person, kind: 'speech' } });
  }

  called(person: string): this {
    return this.happened({
      type: 'floor.advanced',
      data: { person, kind: 'speech', limit: 6 * MINUTE },
    });
  }

  tabled(no: number, author: string): this {
    const credit = { person: author, name: author, unit: '', title: '' };
    return this.happened({
      type: 'opinion.tabled',
      data: {
        id: `o${no}`,
        no,
        text: `第${no}条`,
        authors: [credit],
        source: 'room',
        card: `card${no}`,
      },
    });
  }

  assigned(no: number, lead: string): this {
    return this.happened({
      type: 'opinion.assigned',
      data: { opinion: `o${no}`, lead, assist: [] },
    });
  }

  recorded(no: number, unit: string): this {
    const answer = { text: '正在研究', stance: 'study', commitments: [] } as const;
    return this.happened({
      type: 'response.recorded',
      data: { id: `r${no}`, opinion: `o${no}`, unit, answer },
    });
  }

  published(no: number, unit: string): this {
    const commitments = [{ what: '装好电梯', officer: '张三', due: '2026-06-30' }];
    const answer = { text: '马上办', stance: 'adopt', commitments } as const;
    return this.happened({
      type: 'response.published',
      data: { response: `r${no}`, opinion: `o${no}`, unit, answer, recordedAt: this.now },
    });
  }

  me(person: string): Me {
    const known = this.state.roster[person];
    if (!known) throw new Error(`${person} is not on the roster`);
    const { role, name, unit } = known;
    return unit === '' ? { person, role, name } : { person, role, name, unit };
  }

  can(person: string): (action: Action, subject?: Subject) => boolean {
    return (action, subject) => policyCan(this.me(person), action, subject);
  }
}
