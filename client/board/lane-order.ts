import type { LaneView } from './views.svelte.ts';

/**
 * The lanes as one person sees them: their own group's first, and those of the other groups last. Whoever is in no
 * group looks on: the groups first, in the order in which they were formed.
 */
export function orderLanes(lanes: readonly LaneView[], group: string | undefined): LaneView[] {
  const place = (lane: LaneView): number => {
    if (lane.kind !== 'group') return 1;
    return group === undefined || lane.group === group ? 0 : 2;
  };
  return [...lanes].sort((a, b) => place(a) - place(b));
}
