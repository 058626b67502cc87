import { isOutside, isStaff, mayHear, type Reader } from '../policy/audience.ts';
import { audienceOf } from './audience.ts';
import { evolve, type RecordedConsultationEvent } from './index.ts';
import { initialState, type ConsultationState } from './state.ts';

/** May this reader be told of the event? */
export const isVisibleTo = (event: RecordedConsultationEvent, reader: Reader): boolean =>
  mayHear(reader, audienceOf(event));

/** The events of a span that this reader may see, as this reader gets them. */
export const visibleTo = (
  events: readonly RecordedConsultationEvent[],
  reader: Reader,
): RecordedConsultationEvent[] =>
  events.filter((event) => isVisibleTo(event, reader)).map((event) => asToldTo(event, reader));

/**
 * Which guest wrote published words is the desk's business; the words are everyone's. Whom the desk is made of is the
 * room's business: those outside learn in which role something was done, and people's names only where they are said.
 */
function asToldTo(event: RecordedConsultationEvent, reader: Reader): RecordedConsultationEvent {
  const { personal, actor } = event;
  const own = actor.person === reader.person;
  const told =
    own || !isOutside(reader.role)
      ? event
      : { ...event, actor: { person: '', name: '', role: actor.role } };
  if (!personal || isStaff(reader.role) || personal.subject === reader.person) return told;
  return { ...told, personal: { ...personal, subject: '' } };
}

/**
 * A consultation as this reader may know it: the fold of what they may hear, all events given. Its `seq` is that of
 * the last event, hidden or not, so that the feed goes on from there.
 */
export function snapshotFor(
  events: readonly RecordedConsultationEvent[],
  reader: Reader,
): ConsultationState {
  const state = visibleTo(events, reader).reduce(evolve, initialState);
  return { ...state, seq: events[events.length - 1]?.seq ?? 0 };
}

/**
 * The same, where the fold of everything is at hand already: from the staff nothing is hidden, and folding a long
 * meeting anew for each of them would hold up everybody else.
 */
export const stateFor = (
  { state, events }: { state: ConsultationState; events: readonly RecordedConsultationEvent[] },
  reader: Reader,
): ConsultationState => (isStaff(reader.role) ? state : snapshotFor(events, reader));
