// A small consultation for tests of the domain: events as given, a command as when, what follows as then.
import {
  decide,
  evolve,
  initialState,
  type CommandData,
  type CommandName,
  type ConsultationCommand,
  type ConsultationEvent,
  type ConsultationState,
  type RecordedConsultationEvent,
} from '../../../shared/consultation/index.ts';
import type { Circumstances } from '../../../shared/consultation/decision.ts';
import type { Actor } from '../../../shared/log/envelope.ts';
import { isRefused, type Refused } from '../../../shared/refusal.ts';

export const START = Date.parse('2026-11-24T06:00:00Z');
const MINUTE = 60_000;

export const alice: Actor = { person: 'alice', role: 'member', name: '钱益彰', unit: '工商联界' };
export const bob: Actor = { person: 'bob', role: 'member', name: '舜思齐', unit: '经济界' };
export const carol: Actor = {
  person: 'carol',
  role: 'representative',
  name: '路长明',
  unit: '街道',
};
export const dan: Actor = {
  person: 'dan',
  role: 'department',
  name: '市清和',
  unit: '区市场监管局',
};
export const erin: Actor = { person: 'erin', role: 'department', name: '任有方', unit: '区人社局' };
export const mona: Actor = { person: 'mona', role: 'moderator', name: '言正清', unit: '区政协' };
export const clark: Actor = {
  person: 'clark',
  role: 'clerk',
  name: '记清风',
  unit: '区政协办公室',
};
export const otto: Actor = { person: 'otto', role: 'observer', name: '列席者', unit: '区委' };
export const guest: Actor = { person: 'g_1', role: 'public', name: '' };
export const other: Actor = { person: 'g_2', role: 'public', name: '' };
export const hallScreen: Actor = { person: 'screen', role: 'screen', name: '' };
const system: Actor = { person: 'system', role: 'system', name: '' };

export const everyone = [alice, bob, carol, dan, erin, mona, clark, otto, guest, other, hallScreen];

/** A consultation under way, as a value that commands are tried on; time passes only by `wait`. */
export class Meeting {
  state: ConsultationState = initialState;
  readonly events: RecordedConsultationEvent[] = [];
  now = START;
  private commands = 0;

  wait(minutes: number): this {
    this.now += minutes * MINUTE;
    return this;
  }

  happen(event: ConsultationEvent, actor: Actor = system): void {
    const commandId = `c${this.commands}`;
    const recorded = { ...event, seq: this.state.seq + 1, actor, at: this.now, commandId };
    this.events.push(recorded);
    this.state = evolve(this.state, recorded);
  }

  /** The command's events, already folded in; or the code of its refusal. */
  try<Name extends CommandName>(
    actor: Actor,
    type: Name,
    data: CommandData<Name>,
    more: Partial<Circumstances> = {},
  ): readonly ConsultationEvent[] | Refused['refused']['code'] {
    this.commands += 1;
    const circumstances = {
      now: this.now,
      commandId: `c${this.commands}`,
      receipt: `R${this.commands}`,
      ...more,
    };
    const decision = decide(
      this.state,
      { type, data } as ConsultationCommand,
      actor,
      circumstances,
    );
    if (isRefused(decision)) return decision.refused.code;
    for (const event of decision) this.happen(event, actor);
    return decision;
  }

  /** The same, for steps that must not be refused. Answers the command's id, which names what it created. */
  do<Name extends CommandName>(
    actor: Actor,
    type: Name,
    data: CommandData<Name>,
    more: Partial<Circumstances> = {},
  ): string {
    const result = this.try(actor, type, data, more);
    if (typeof result === 'string') throw new Error(`${type} was refused: ${result}`);
    return `c${this.commands}`;
  }

  table(author: Actor, text: string, card = `card-${text}`): string {
    const draft = { card, text, textHash: `hash of ${text}`, author: author.person, lane: 'l' };
    return this.do(author, 'opinion.table', { card }, { draft });
  }
}

/** Created, staffed, with an agenda; not open yet. */
export function prepared(): Meeting {
  const meeting = new Meeting();
  meeting.happen({
    type: 'consultation.created',
    data: {
      id: 'm1',
      title: '优化营商环境',
      host: '区政协',
      form: { hall: true, onsite: true, mobile: true, groups: false },
      code: 'ABCD2345',
      startsAt: START,
      sample: true,
    },
  });
  const people = [alice, bob, carol, dan, erin, mona, clark, otto];
  for (const [index, { person, name, role, unit }] of people.entries()) {
    const participant = {
      id: person,
      name,
      role,
      unit: unit ?? '',
      title: '',
      sortKey: index,
      site: 'hall',
    };
    meeting.happen({ type: 'participant.added', data: participant } as ConsultationEvent);
  }
  meeting.do(mona, 'agenda.set', {
    stages: [
      { id: 'opening', title: '开场', kind: 'opening', minutes: 3 },
      { id: 'speeches', title: '预约发言', kind: 'speeches', minutes: 36, speechMinutes: 6 },
      { id: 'responses', title: '部门回应', kind: 'responses', minutes: 20, speechMinutes: 5 },
    ],
  });
  return meeting;
}

export function underWay(): Meeting {
  const meeting = prepared();
  meeting.do(mona, 'consultation.open', {});
  return meeting;
}
