import {
  groupTimeLeft,
  inOrderFormed,
  type Group,
  type Groups,
} from '../../shared/consultation/groups.ts';

/** Milliseconds for which the room is told that everyone is together again. */
const TOLD_MS = 60_000;

/** Milliseconds until the first of these groups has used its time; `undefined` where none is timed. */
export function leftOf(groups: readonly Group[], now: number): number | undefined {
  const left = groups
    .map((group) => groupTimeLeft(group, now))
    .filter((each) => each !== undefined);
  return left.length === 0 ? undefined : Math.min(...left);
}

/** Were the last of the groups collected just now? */
export function justCollected(groups: Groups, now: number): boolean {
  const all = inOrderFormed(groups);
  if (all.length === 0 || all.some(({ collected }) => !collected)) return false;
  const last = Math.max(...all.map(({ collected }) => collected?.at ?? 0));
  return now - last < TOLD_MS;
}
