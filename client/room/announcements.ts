import { apartIn, groupOf, type Groups } from '../../shared/consultation/groups.ts';
import type { ConsultationState } from '../../shared/consultation/index.ts';

/** What someone who can't see the room is told as it happens. */
export type Announcement =
  | { readonly kind: 'stage'; readonly title: string; readonly minutes: number }
  | {
      readonly kind: 'speaker';
      readonly name: string;
      readonly unit: string;
      readonly mine: boolean;
    }
  | { readonly kind: 'floor-free' }
  | { readonly kind: 'tabled'; readonly no: number }
  | { readonly kind: 'merged'; readonly no: number; readonly into: number }
  | { readonly kind: 'split'; readonly no: number }
  /** Given to this reader's unit to answer. */
  | { readonly kind: 'assigned'; readonly no: number; readonly opinion: string }
  | { readonly kind: 'handed-back'; readonly no: number; readonly unit: string }
  | { readonly kind: 'response'; readonly no: number; readonly unit: string }
  /** The group that this person is in now. */
  | { readonly kind: 'apart'; readonly group: string }
  | { readonly kind: 'groups'; readonly count: number }
  | { readonly kind: 'together' }
  | { readonly kind: 'phase'; readonly phase: ConsultationState['lifecycle']['phase'] };

/** What became news from one state to the next; nothing when the room is only entered. */
export function announcementsBetween(
  before: ConsultationState,
  after: ConsultationState,
  me: string,
): Announcement[] {
  if (before.seq === 0 || before.id !== after.id) return [];
  const news: Announcement[] = [];
  if (before.lifecycle.phase !== after.lifecycle.phase) {
    news.push({ kind: 'phase', phase: after.lifecycle.phase });
  }
  return [
    ...news,
    ...stageNews(before, after),
    ...groupNews(before.groups, after.groups, me),
    ...floorNews(before, after, me),
    ...opinionNews(before, after),
    ...assignmentNews(before, after, me),
    ...responseNews(before, after),
  ];
}

function stageNews(before: ConsultationState, after: ConsultationState): Announcement[] {
  if (before.agenda.current === after.agenda.current) return [];
  const stage = after.agenda.stages.find(({ id }) => id === after.agenda.current);
  return stage ? [{ kind: 'stage', title: stage.title, minutes: stage.minutes }] : [];
}

function groupNews(before: Groups, after: Groups, me: string): Announcement[] {
  if (before === after) return [];
  const [was, is] = [groupOf(before, me), groupOf(after, me)];
  if (is && is.id !== was?.id) return [{ kind: 'apart', group: is.title }];
  const [wereApart, areApart] = [apartIn(before).length, apartIn(after).length];
  if (wereApart === 0 && areApart > 0) return [{ kind: 'groups', count: areApart }];
  return wereApart > 0 && areApart === 0 ? [{ kind: 'together' }] : [];
}

function floorNews(
  before: ConsultationState,
  after: ConsultationState,
  me: string,
): Announcement[] {
  const [was, is] = [before.floor.speaking, after.floor.speaking];
  if (was?.person === is?.person && was?.startedAt === is?.startedAt) return [];
  if (!is) return [{ kind: 'floor-free' }];
  const { name = is.name ?? '', unit = '' } = after.roster[is.person] ?? {};
  return [{ kind: 'speaker', name, unit, mine: is.person === me }];
}

function opinionNews(before: ConsultationState, after: ConsultationState): Announcement[] {
  if (before.opinions === after.opinions) return [];
  return Object.values(after.opinions).flatMap(({ id, no, mergedInto }): Announcement[] => {
    const was = before.opinions[id];
    if (was === undefined) return [{ kind: 'tabled', no }];
    if (was.mergedInto === mergedInto) return [];
    const into = mergedInto === undefined ? undefined : after.opinions[mergedInto]?.no;
    return [into === undefined ? { kind: 'split', no } : { kind: 'merged', no, into }];
  });
}

/** What was given to one's own unit, and what a unit gave back: those who are told of it are the desk and the unit. */
function assignmentNews(
  before: ConsultationState,
  after: ConsultationState,
  me: string,
): Announcement[] {
  if (before.opinions === after.opinions) return [];
  const { role, unit } = after.roster[me] ?? {};
  return Object.values(after.opinions).flatMap((opinion): Announcement[] => {
    const { id, no, assigned, handedBack } = opinion;
    const was = before.opinions[id];
    const isNew = assigned && assigned.at !== was?.assigned?.at;
    if (isNew && role === 'department' && assigned.lead === unit)
      return [{ kind: 'assigned', no, opinion: id }];
    if (handedBack && !was?.handedBack && role !== 'department')
      return [{ kind: 'handed-back', no, unit: handedBack.unit }];
    return [];
  });
}

function responseNews(before: ConsultationState, after: ConsultationState): Announcement[] {
  if (before.responses === after.responses) return [];
  return Object.values(after.responses)
    .filter(
      ({ id, status }) => status === 'published' && before.responses[id]?.status !== 'published',
    )
    .flatMap(({ opinion, unit }) => {
      const no = after.opinions[opinion]?.no;
      return no === undefined ? [] : [{ kind: 'response' as const, no, unit }];
    });
}
