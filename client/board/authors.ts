import { colorOf } from '../../shared/board/presence.ts';
import type { AuthoredText } from '../../shared/board/authorship.ts';

/** Lines that tell authors apart where colours don't. */
const patterns = ['solid', 'dashed', 'dotted', 'double'] as const;

/** In the order in which they appear. */
export const authorsIn = (runs: readonly AuthoredText[]): string[] => [
  ...new Set(runs.map(({ person }) => person)),
];

/** What of `author-mark.css` marks a person's words among those of the authors of a text. */
export function markOf(
  authors: readonly string[],
  person: string,
): { readonly class: string; readonly style: string } {
  const pattern = patterns[authors.indexOf(person) % patterns.length] ?? patterns[0];
  const color = colorOf(person);
  return { class: `author-mark ${pattern}`, style: `--author:${color};--tint:${color}26` };
}

/** The record keeps an opinion without the blanks around it. */
export function trimmed(runs: readonly AuthoredText[]): AuthoredText[] {
  const kept = [...runs];
  for (let first = kept[0]; first; first = kept[0]) {
    const text = first.text.trimStart();
    if (text !== '') {
      kept[0] = { ...first, text };
      break;
    }
    kept.shift();
  }
  for (let last = kept[kept.length - 1]; last; last = kept[kept.length - 1]) {
    const text = last.text.trimEnd();
    if (text !== '') {
      kept[kept.length - 1] = { ...last, text };
      break;
    }
    kept.pop();
  }
  return kept;
}

export const textOf = (runs: readonly AuthoredText[]): string =>
  runs.map(({ text }) => text).join('');
