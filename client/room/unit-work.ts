import type { ConsultationState } from '../../shared/consultation/index.ts';
import { isAssigned, type Opinion } from '../../shared/consultation/opinions.ts';
import type { Response } from '../../shared/consultation/responses.ts';
import type { Me } from '../../shared/wire/down.ts';
import { mainOpinions, responsesTo, stageOf } from './opinions.ts';

/** Something that a department still has to do in this room. */
export type UnitTask =
  /** Assigned, and nothing is written yet. */
  | { readonly kind: 'answer'; readonly opinion: Opinion }
  /** The clerk or a colleague wrote down what was said: the unit confirms and publishes. */
  | { readonly kind: 'confirm'; readonly opinion: Opinion; readonly response: Response }
  /** Confirmed, but not out yet. */
  | { readonly kind: 'publish'; readonly opinion: Opinion; readonly response: Response }
  /** The author asked back. */
  | { readonly kind: 'reply'; readonly opinion: Opinion; readonly response: Response };

/** What awaits the unit of `me`, in the order of the opinions' numbers; nothing for anyone but a department. */
export function awaitingUnit(state: ConsultationState, me: Me): UnitTask[] {
  if (me.role !== 'department' || me.unit === undefined) return [];
  const { unit } = me;
  return mainOpinions(state)
    .filter((opinion) => opinion.assigned?.lead === unit && isAssigned(opinion))
    .flatMap((opinion) =>
      taskOf(
        opinion,
        responsesTo(state, opinion.id).find((r) => r.unit === unit),
      ),
    );
}

/** What the unit of `me` assists with (会办) and the lead has not answered yet. */
export function assistedBy(state: ConsultationState, me: Me): Opinion[] {
  if (me.role !== 'department' || me.unit === undefined) return [];
  const { unit } = me;
  return mainOpinions(state).filter(
    (opinion) => opinion.assigned?.assist.includes(unit) && stageOf(state, opinion) === 'assigned',
  );
}

function taskOf(opinion: Opinion, response: Response | undefined): UnitTask[] {
  if (!response) return [{ kind: 'answer', opinion }];
  switch (response.status) {
    case 'recorded':
      return [{ kind: 'confirm', opinion, response }];
    case 'confirmed':
      return [{ kind: 'publish', opinion, response }];
    case 'published':
      return response.question && !response.questionAnswer
        ? [{ kind: 'reply', opinion, response }]
        : [];
  }
}
