import type { Hand, Speech } from '../../shared/consultation/speech.ts';
import { queueOf } from '../../shared/consultation/queue.ts';
import type { ConsultationState } from '../../shared/consultation/index.ts';
import type { StageKind } from '../../shared/consultation/stage.ts';
import type { Action, Subject } from '../../shared/policy/can.ts';
import type { Me } from '../../shared/wire/down.ts';
import { awaitingUnit, type UnitTask } from './unit-work.ts';

/** What the thumb's button does just now. */
export type MainAction =
  | { readonly kind: 'none' }
  | { readonly kind: 'raise' }
  | {
      readonly kind: 'waiting';
      readonly hand: Hand;
      readonly place: number;
      /** They booked; they need not have raised a hand. */
      readonly booked: boolean;
    }
  | { readonly kind: 'speaking'; readonly speech: Speech }
  | { readonly kind: 'write' }
  | { readonly kind: 'respond'; readonly tasks: readonly UnitTask[] }
  | { readonly kind: 'desk' };

export type Can = (action: Action, subject?: Subject) => boolean;

/** Stages in which one speaks rather than writes. */
const spoken: ReadonlySet<StageKind> = new Set<StageKind>([
  'speeches',
  'remote',
  'questions',
  'responses',
]);

/**
 * The buttons of the bottom bar, the main one first. One's own turn wins over everything, then what the unit owes,
 * then what the stage is for.
 */
export function bottomActions(state: ConsultationState, me: Me, can: Can): MainAction[] {
  const { phase } = state.lifecycle;
  const owed = awaitingUnit(state, me);
  const respond: MainAction[] = owed.length > 0 ? [{ kind: 'respond', tasks: owed }] : [];
  const desk: MainAction[] =
    can('floor.next') || can('submission.accept') ? [{ kind: 'desk' }] : [];
  if (phase === 'archived') return desk;
  if (phase === 'ended') return [...desk, ...respond];

  const hand = handAction(state, me, can);
  const write: MainAction[] = can('card.create') ? [{ kind: 'write' }] : [];
  // drafts may be prepared; hands are raised in the meeting
  if (phase === 'prepared') return [...desk, ...write];
  if (hand[0]?.kind === 'speaking') return [...hand, ...respond, ...write].slice(0, 2);
  if (desk.length > 0) return [...desk, ...write];
  if (respond.length > 0) return [...respond, ...hand];
  return speechFirst(state) ? [...hand, ...write] : [...write, ...hand];
}

function handAction(state: ConsultationState, me: Me, can: Can): MainAction[] {
  const { floor, roster } = state;
  if (floor.speaking?.person === me.person) return [{ kind: 'speaking', speech: floor.speaking }];
  const queue = queueOf(state);
  const index = queue.findIndex(({ hand }) => hand.person === me.person);
  const waiting = queue[index];
  if (waiting) {
    const { hand, booking } = waiting;
    return [{ kind: 'waiting', hand, place: index + 1, booked: booking !== undefined }];
  }
  const mayRaise = roster[me.person] !== undefined && can('floor.raise', { owners: [me.person] });
  return mayRaise ? [{ kind: 'raise' }] : [];
}

function speechFirst({ agenda }: ConsultationState): boolean {
  const current = agenda.stages.find((stage) => stage.id === agenda.current);
  return current !== undefined && spoken.has(current.kind);
}
