import type { Similar } from '../../shared/wire/rest.ts';
import { LIKELY_SAME } from '../../shared/wire/likely-same.ts';
import { t } from '../ui/messages.svelte.ts';

/** The year of an instant, in the office's own time. */
const yearOf = (instant: number): number => new Date(instant + 8 * 3_600_000).getUTCFullYear();

/** What is similar, in a few words: `第 3 号意见`, `2025年《…》第 4 号`. */
export function nameOf({ source, no, title, at }: Similar): string {
  switch (source) {
    case 'draft':
      return t.similar.draft;
    case 'submission':
      return t.similar.waiting;
    case 'opinion':
      return t.similar.no(no ?? 0);
    case 'earlier':
      return t.similar.earlier(yearOf(at), title, no ?? 0);
  }
}

/** The first that likely asks for the same; nothing where none does. */
export const likelySame = (found: readonly Similar[]): Similar | undefined =>
  found.find(({ score }) => score >= LIKELY_SAME);

/** Why a text is declined of which this says the same, as its author will read it. */
export function duplicateReason(similar: Similar, released: boolean): string | undefined {
  const { source, no, answer } = similar;
  if (source === 'opinion' && no !== undefined)
    return released ? t.similar.sameAs(no) : t.similar.sameAsUnreleased;
  if (source !== 'earlier' || !answer) return undefined;
  return t.similar.answeredBefore(nameOf(similar), answer.unit, t.ui.stances[answer.stance]);
}
