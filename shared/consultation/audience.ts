import type { Audience } from '../policy/audience.ts';
import type { ConsultationEvent } from './index.ts';

type ByType = {
  [E in ConsultationEvent as E['type']]:
    Audience | ((event: E & { readonly actor: { readonly person: string } }) => Audience);
};

const all: Audience = { to: 'all' };
const room: Audience = { to: 'room' };
const unit = (name: string): Audience => ({ to: 'unit', unit: name });
const person = (id: string): Audience => ({ to: 'person', person: id });
/** What the desk wrote down for someone has no device to be told on. */
const guest = (id: string): Audience => (id === '' ? { to: 'staff' } : person(id));

/** Whom each event is told: the one place where it is said. */
const audiences: ByType = {
  'consultation.created': all,
  'consultation.opened': all,
  'consultation.paused': all,
  'consultation.resumed': all,
  'consultation.ended': all,
  'consultation.archived': all,
  'consultation.formed': all,
  'agenda.set': all,
  'agenda.started': all,
  'agenda.extended': all,
  'agenda.skipped': all,
  'participant.added': room,
  'participant.changed': room,
  'participant.removed': room,
  'attendance.checkedIn': room,
  'attendance.substituted': room,
  'attendance.restored': room,
  'attendance.excused': room,
  'attendance.explained': { to: 'staff' },
  'attendance.left': room,
  'attendance.moved': room,
  'seating.set': room,
  'floor.raised': room,
  'floor.withdrawn': room,
  'floor.advanced': room,
  'floor.returned': room,
  'floor.clockPaused': room,
  'floor.clockResumed': room,
  'floor.reordered': room,
  'floor.interposed': room,
  'floor.continued': room,
  'floor.booked': room,
  'floor.unbooked': room,
  'floor.bookingsOrdered': room,
  'floor.allowed': all,
  'floor.quotaSet': all,
  'floor.guestTold': (event) => person(event.data.guest),
  'opinion.tabled': room,
  'opinion.revised': (event) => (event.data.published ? all : room),
  'opinion.withdrawn': (event) => (event.data.published ? all : room),
  'opinion.assigned': room,
  'opinion.handedBack': (event) => unit(event.data.unit),
  'opinion.confirmed': (event) => (event.data.published ? all : room),
  'opinion.published': all,
  'opinion.merged': (event) => (event.data.published ? all : room),
  'opinion.split': (event) => (event.data.published ? all : room),
  'opinion.supported': (event) => person(event.actor.person),
  'response.recorded': (event) => unit(event.data.unit),
  'response.confirmed': (event) => unit(event.data.unit),
  'response.published': all,
  'response.corrected': all,
  'response.questioned': all,
  'response.answered': all,
  'submission.sent': (event) => guest(event.data.guest),
  'submission.rated': (event) => guest(event.data.guest),
  'submission.accepted': all,
  'submission.declined': (event) => guest(event.data.guest),
  'screen.shown': all,
  'screen.blanked': all,
  'screen.followed': all,
  'screen.messaged': all,
  'screen.queued': { to: 'staff' },
  'group.formed': room,
  'group.moved': room,
  'group.extended': room,
  'group.collected': room,
};

export function audienceOf(
  event: ConsultationEvent & { readonly actor: { readonly person: string } },
): Audience {
  const audience = audiences[event.type] as Audience | ((event: unknown) => Audience);
  return typeof audience === 'function' ? audience(event) : audience;
}
