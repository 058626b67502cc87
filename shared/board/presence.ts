/**
 * What a connection shows the others of itself. `user` is the server's word: whatever a client sends there is
 * replaced. `cursor` is y-codemirror.next's: relative positions in one card's text.
 */
export interface BoardPresence {
  readonly user: BoardUser;
  /** The card that is open for editing. */
  readonly card?: string;
  readonly cursor?: { readonly anchor: unknown; readonly head: unknown } | null;
}

export interface BoardUser {
  readonly id: string;
  readonly name: string;
  /** CSS colour, the person's own everywhere. */
  readonly color: string;
  readonly colorLight: string;
}

/** A calm palette: dark enough for white initials, apart enough to tell twelve people from each other. */
const palette = [
  '#8c3a32',
  '#2f6b4f',
  '#345c8c',
  '#8a6420',
  '#6b4a86',
  '#2b7078',
  '#a04e6b',
  '#5d6b2a',
  '#4a5568',
  '#9a4a1c',
  '#3f4f9c',
  '#54702f',
] as const;

export function colorOf(person: string): string {
  let hash = 0;
  for (const character of person) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return palette[hash % palette.length] ?? palette[0];
}

export const userOf = (person: { id: string; name: string }): BoardUser => {
  const color = colorOf(person.id);
  return { id: person.id, name: person.name, color, colorLight: `${color}33` };
};
