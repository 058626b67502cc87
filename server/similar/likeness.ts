/** From here on two texts are likely about the same thing; below, nothing is shown. */
export const SIMILAR = 0.15;
/** What is much less similar than the best is left out beside it. */
const BESIDE_THE_BEST = 0.5;

/** At most so many are shown. */
export const MOST_SIMILAR = 5;

/** Those worth showing, the most similar first. */
export function worthShowing<Scored extends { readonly score: number }>(
  found: readonly Scored[],
): Scored[] {
  const sorted = [...found].sort((a, b) => b.score - a.score);
  const least = Math.max(SIMILAR, (sorted[0]?.score ?? 0) * BESIDE_THE_BEST);
  return sorted.filter(({ score }) => score >= least).slice(0, MOST_SIMILAR);
}
