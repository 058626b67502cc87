import { Type } from 'typebox';
import { refuse } from '../refusal.ts';
import type { Decision, EventOf } from './decision.ts';
import { entryOf } from './entry.ts';
import { cameAlong, directlyMerged, isAnswered, mainOf, release } from './merged-opinions.ts';
import type { Opinion, OpinionEvent } from './opinions.ts';
import type { ConsultationState } from './state.ts';

/**
 * 并案 of tabled opinions, and its undoing.
 *
 * 1. The main opinion is never merged itself: merging into a merged one means its main one, and what had been merged
 *    into the one that moves comes along.
 * 2. Number, text, credits, support and assignment of what is merged stay as they are; a split has nothing to restore
 *    but where it stands.
 * 3. What is merged together is public together.
 */
export type MergingEvent =
  | EventOf<
      'opinion.merged',
      {
        readonly opinion: string;
        /** The main one. */
        readonly into: string;
        /** It came along with this one, into which it had been merged before. */
        readonly via?: string;
        readonly published: boolean;
      }
    >
  | EventOf<'opinion.split', { readonly opinion: string; readonly published: boolean }>;

const IdSchema = Type.String({ minLength: 1, maxLength: 100 });

export const mergingCommands = {
  'opinion.merge': Type.Object({ opinion: IdSchema, into: IdSchema }),
  'opinion.split': Type.Object({ opinion: IdSchema }),
};

export function merge(
  state: ConsultationState,
  opinion: Opinion,
  into: string,
): Decision<OpinionEvent> {
  const { opinions } = state;
  const target = entryOf(opinions, into);
  if (!target) return refuse('not_found', 'into');
  const main = mainOf(opinions, target);
  if (target.withdrawn || main.withdrawn || main.id === opinion.id)
    return refuse('conflict', 'into');
  if (opinion.mergedInto === main.id) return refuse('already');
  if (opinion.mergedInto !== undefined) return refuse('merged', 'opinion');
  if (isAnswered(state, opinion)) return refuse('conflict', 'opinion');
  const isPublic = main.published || opinion.published;
  return [
    ...(isPublic ? [...release(opinions, main), ...release(opinions, opinion)] : []),
    movedTo(main, opinion, isPublic),
    ...cameAlong(opinions, opinion).map((each) =>
      movedTo(main, each, isPublic, each.mergedVia ?? each.mergedInto),
    ),
  ];
}

export function split({ opinions }: ConsultationState, opinion: Opinion): Decision<OpinionEvent> {
  return opinion.mergedInto === undefined ? refuse('already') : takenOut(opinions, opinion);
}

/** A main opinion that goes leaves those merged into it standing for themselves. */
export const leftBehind = (
  opinions: ConsultationState['opinions'],
  main: Opinion,
): MergingEvent[] =>
  main.mergedInto === undefined
    ? directlyMerged(opinions, main).flatMap((each) => takenOut(opinions, each))
    : [];

function takenOut(opinions: ConsultationState['opinions'], opinion: Opinion): MergingEvent[] {
  const { id, published } = opinion;
  const along = cameAlong(opinions, opinion).map((each) => {
    const parent = each.mergedVia === id ? undefined : each.mergedVia;
    return movedTo(opinion, each, published, parent);
  });
  return [{ type: 'opinion.split', data: { opinion: id, published } }, ...along];
}

function movedTo(main: Opinion, moved: Opinion, isPublic: boolean, via?: string): MergingEvent {
  // what was withdrawn before it was released stays the room's
  const published = moved.published || (isPublic && !moved.withdrawn);
  const data = { opinion: moved.id, into: main.id, published };
  return { type: 'opinion.merged', data: via === undefined ? data : { ...data, via } };
}

export function evolveMerging(opinion: Opinion, event: MergingEvent): Opinion {
  const { mergedInto: _main, mergedVia: _with, ...alone } = opinion;
  if (event.type === 'opinion.split') return alone;
  const { into, via } = event.data;
  return { ...alone, mergedInto: into, ...(via !== undefined && { mergedVia: via }) };
}
