import { groupLane, isGroupLane } from '../../shared/board/group-lanes.ts';
import type { CardHead } from '../../shared/board/schema.ts';
import { entryOf } from '../../shared/consultation/entry.ts';
import { inOrderFormed, type Group, type Groups } from '../../shared/consultation/groups.ts';

type Placed = Pick<CardHead, 'lane' | 'origin'>;

export const mayHaveOrigin = ({ lane, origin }: Placed): boolean =>
  origin !== undefined || isGroupLane(lane);

/**
 * The group that a card was collected from. A card that came into its lane after that has no origin yet: until the
 * server puts it in its place, the lane says it.
 */
export function originOf({ lane, origin }: Placed, groups: Groups): Group | undefined {
  if (!isGroupLane(lane)) return origin === undefined ? undefined : entryOf(groups, origin);
  return inOrderFormed(groups).find(({ id, collected }) => collected && groupLane(id) === lane);
}
