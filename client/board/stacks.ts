import { byAge, pointersAmong, rootsOf } from '../../shared/board/merging.ts';
import type { Opinion } from '../../shared/consultation/opinions.ts';
import { sameList, type CardView } from './views.svelte.ts';

/** What stacks are made of. */
export interface StackParts {
  readonly cards: ReadonlyMap<string, CardView>;
  /** Cards of the document that say that they are merged into another. */
  readonly pointing: ReadonlySet<string>;
  readonly opinions: readonly Opinion[];
  readonly idOf: (opinion: Opinion) => string;
  /** Out of sight for now: stands for nothing. */
  readonly isHidden: (card: string) => boolean;
  /** Being written here: it stays under its writer's hands until that is over. */
  readonly held: string | undefined;
}

/**
 * Which card each merged one is drawn in: drafts by what they say on the board; what was tabled together, and tabled
 * opinions that were merged, by the record. The views of roots learn what they carry. Only what is merged is looked at,
 * so that it costs a board without merges nothing.
 */
export function stack(parts: StackParts, before: ReadonlyMap<string, string>): Map<string, string> {
  const { cards } = parts;
  const rootByCard = rootsOf(pointersOf(parts));
  const carried = new Map<string, CardView[]>();
  for (const [id, root] of rootByCard) {
    const view = cards.get(id);
    const inRoot = carried.get(root) ?? [];
    if (view) inRoot.push(view);
    carried.set(root, inRoot);
  }
  for (const root of new Set([...before.values(), ...carried.keys()])) {
    const ids = (carried.get(root) ?? []).sort(inStack).map(({ id }) => id);
    const view = cards.get(root);
    if (view && !sameList(view.merged, ids)) view.merged = ids;
  }
  return rootByCard;
}

function pointersOf({ cards, pointing, opinions, idOf, isHidden, held }: StackParts) {
  const stands = (id: string) => {
    const view = cards.get(id);
    return view?.head !== undefined && !view.tabled && !isHidden(id);
  };
  const drafts = [...pointing].filter((id) => id !== held).map((id) => cards.get(id)?.head);
  const pointers = pointersAmong(
    drafts.filter((head) => head !== undefined),
    stands,
  );
  const opinionsById = new Map(opinions.map((opinion) => [opinion.id, opinion]));
  const point = (from: string, to: Opinion) => {
    if (cards.has(from) && cards.has(idOf(to))) pointers.set(from, idOf(to));
  };
  for (const opinion of opinions) {
    const main = opinionsById.get(opinion.mergedInto ?? '');
    if (main) point(idOf(opinion), main);
    for (const { card } of opinion.merged ?? []) point(card, opinion);
  }
  return pointers;
}

/** By number, what was tabled with an opinion right after it; drafts by their age. */
function inStack(a: CardView, b: CardView): number {
  const no = (view: CardView) => (view.opinion ?? view.part?.of)?.no ?? 0;
  const rank = (view: CardView) => (view.opinion ? 0 : 1);
  if (no(a) !== no(b)) return no(a) - no(b);
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  return a.head && b.head ? byAge(a.head, b.head) : 0;
}
