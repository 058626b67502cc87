/** Chance that a seed replays. */
export interface Random {
  /** From 0 up to, not including, `below`. */
  int(below: number): number;
  chance(of: number): boolean;
  pick<T>(from: readonly T[]): T;
  bytes(length: number): Uint8Array;
}

/** By the seed's text: `7/update/3` is another stream than `7/update/4`. */
export function randomOf(seed: string): Random {
  let state = 2_166_136_261;
  for (const character of seed)
    state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  // mulberry32
  const next = () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (below: number) => Math.floor(next() * below);
  return {
    int,
    chance: (of) => next() < of,
    pick: (from) => from[int(from.length)]!,
    bytes: (length) => Uint8Array.from({ length }, () => int(256)),
  };
}

/** The same every time, unless SEED says otherwise: a run that nobody touched is not to turn red by chance. */
export const seedOfRun = (): string => process.env['SEED'] ?? '1';
