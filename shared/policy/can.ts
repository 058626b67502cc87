import type { Actor } from '../log/envelope.ts';
import { isStaff } from './audience.ts';
import type { Role } from './roles.ts';

/** What the rule is about, as far as a rule needs it. */
export interface Subject {
  /** Whose it is: a card's author, a hand's owner, the person checked in, an opinion's authors. */
  readonly owners?: readonly string[];
  /** The department that it belongs to. */
  readonly unit?: string;
  /** A card that has become an opinion of the record. */
  readonly tabled?: boolean;
  /** The moderator has opened it to those who may only then. */
  readonly opened?: boolean;
  /** An opinion that the public may read. */
  readonly released?: boolean;
}

type Rule = (actor: Actor, subject: Subject) => boolean;

const by =
  (...roles: Role[]): Rule =>
  (actor) =>
    roles.includes(actor.role);
const owner: Rule = (actor, subject) => subject.owners?.includes(actor.person) ?? false;
const ofUnit: Rule = (actor, subject) =>
  actor.role === 'department' && actor.unit !== undefined && actor.unit === subject.unit;
const either =
  (...rules: Rule[]): Rule =>
  (actor, subject) =>
    rules.some((rule) => rule(actor, subject));
const both =
  (...rules: Rule[]): Rule =>
  (actor, subject) =>
    rules.every((rule) => rule(actor, subject));

const staff: Rule = (actor) => isStaff(actor.role);
const conductors = by('moderator', 'system');
const desk = by('moderator', 'clerk', 'system');
const speakers = by('moderator', 'member', 'representative', 'department', 'clerk');
const drafters = speakers;
const admitted = either(staff, speakers, by('observer'));
const opened: Rule = (_actor, subject) => subject.opened === true;
const released: Rule = (_actor, subject) => subject.released === true;
const untabled: Rule = (_actor, subject) => subject.tabled !== true;

/** Every permission of the system, one line each. Commands are asked under their own name. */
const rules = {
  // reading
  'consultation.read': either(admitted, by('public', 'screen')),
  'board.read': admitted,
  'roster.read': admitted,
  'opinion.read': either(admitted, both(by('public', 'screen'), released)),
  'similar.find': either(admitted, by('public')),

  // the board (drafts)
  'board.write': drafters,
  'card.create': drafters,
  /** Writing down what someone else says, in their name. */
  'card.createFor': desk,
  'card.edit': both(drafters, untabled),
  'card.move': drafters,
  /** 并案 and 拆出, of the card that goes into another. */
  'card.merge': both(drafters, untabled),
  'card.delete': both(untabled, either(both(drafters, owner), conductors)),
  'picture.add': both(drafters, untabled),
  /** Owners: who put it there, and whose card it is. */
  'picture.remove': both(untabled, either(both(drafters, owner), desk)),
  /** A deleted card, or an earlier text: what stands in the record is not the board's to bring back. */
  'card.restore': both(conductors, untabled),
  'lane.edit': by('moderator', 'clerk', 'system'),

  // the office
  'office.read': by('officer', 'approver', 'reviewer', 'convener', 'handler', 'system'),
  'consultation.create': by('officer', 'system'),
  'agendaTemplate.read': by('officer', 'system'),
  'agendaTemplate.save': by('officer', 'system'),
  'agendaTemplate.delete': by('officer', 'system'),
  'invitation.issue': either(staff),

  // the record
  'consultation.open': either(conductors, by('officer')),
  'consultation.pause': conductors,
  'consultation.resume': conductors,
  'consultation.end': conductors,
  'consultation.archive': either(desk, by('officer')),
  'consultation.form': either(desk, by('officer')),
  'participant.add': staff,
  'participant.change': staff,
  'participant.remove': staff,
  'agenda.set': staff,
  'agenda.start': conductors,
  'agenda.back': conductors,
  'agenda.extend': conductors,
  'agenda.skip': conductors,
  'attendance.checkIn': either(desk, both(admitted, owner)),
  'attendance.substitute': desk,
  'attendance.restore': desk,
  'attendance.excuse': either(desk, both(admitted, owner)),
  'seating.set': desk,
  'attendance.leave': either(desk, both(admitted, owner)),
  'attendance.move': either(desk, both(admitted, owner)),
  'floor.raise': either(desk, both(speakers, owner), both(by('public'), both(owner, opened))),
  'floor.withdraw': either(desk, both(either(speakers, by('public')), owner)),
  'floor.book': either(staff, both(speakers, both(owner, opened))),
  'floor.unbook': either(staff, both(speakers, owner)),
  'floor.orderBookings': staff,
  'floor.allow': staff,
  'floor.quota': staff,
  'floor.next': conductors,
  'floor.pause': conductors,
  'floor.back': conductors,
  'floor.reorder': conductors,
  'floor.interpose': conductors,
  'floor.continue': conductors,
  'opinion.table': either(both(by('member', 'representative', 'moderator'), owner), desk),
  'opinion.revise': either(both(by('member', 'representative'), owner), desk),
  'opinion.withdraw': either(both(by('member', 'representative'), owner), conductors),
  'opinion.assign': desk,
  'opinion.handBack': ofUnit,
  'opinion.record': desk,
  'opinion.confirm': either(both(by('member', 'representative'), owner), desk),
  'opinion.publish': desk,
  'opinion.merge': desk,
  'opinion.split': desk,
  'opinion.support': by('member', 'representative', 'moderator', 'public'),
  'response.record': either(ofUnit, desk),
  'response.confirm': ofUnit,
  'response.publish': either(ofUnit, desk),
  'response.correct': ofUnit,
  'response.question': both(by('member', 'representative'), owner),
  'response.answer': ofUnit,
  'submission.send': by('public'),
  'submission.record': desk,
  'submission.rate': both(by('public'), owner),
  'submission.accept': desk,
  'submission.decline': desk,
  'screen.show': conductors,
  'screen.follow': conductors,
  'screen.message': conductors,
  'screen.next': conductors,
  /** The clerk lines up what the moderator shows. */
  'screen.queue': desk,
  'screen.blank': either(conductors, by('clerk')),
  'group.form': desk,
  'group.move': desk,
  'group.extend': desk,
  'group.collect': desk,
} as const satisfies Record<string, Rule>;

export type Action = keyof typeof rules;

export function can(actor: Actor, action: Action, subject: Subject = {}): boolean {
  return rules[action](actor, subject);
}

export const isAction = (name: string): name is Action =>
  Object.prototype.hasOwnProperty.call(rules, name);
