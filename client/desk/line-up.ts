import type { Queued, Screen } from '../../shared/consultation/screen.ts';
import type { Room } from '../room/room.svelte.ts';

/** Adds to what the desk has lined up for the big screen. */
export const lineUp = (room: Room, item: Queued): Promise<boolean> =>
  room.act('screen.queue', { items: [...(room.state.screen.queue ?? []), item] });

export const isQueued = ({ queue = [] }: Screen, ref: string): boolean =>
  queue.some((item) => item.ref === ref);

/** Shows what is first in the queue as it is seen here: a second press, or a second moderator, shows it no more. */
export async function showNext(room: Room): Promise<void> {
  const first = room.state.screen.queue?.[0];
  if (first) await room.act('screen.next', { first }, undefined, ['queue_empty']);
}
