import type { Queued, Screen } from '../../shared/consultation/screen.ts';
import type { Room } from '../room/room.svelte.ts';

/** Adds to what the desk has lined up for the big screen. */
export const lineUp = (room: Room, item: Queued): Promise<boolean> =>
  room.act('screen.queue', { items: [...(room.state.screen.queue ?? []), item] });

export const isQueued = ({ queue = [] }: Screen, ref: string): boolean =>
  queue.some((item) => item.ref === ref);
