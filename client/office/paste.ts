import { participantRoles, type ParticipantRole } from '../../shared/policy/roles.ts';

export interface PastedPerson {
  readonly name: string;
  readonly role: ParticipantRole;
  readonly unit: string;
  readonly title: string;
}

export interface Pasted {
  readonly people: readonly PastedPerson[];
  /** Lines that were not understood, counted from 1. */
  readonly bad: readonly { readonly line: number; readonly text: string }[];
}

/** A list as it comes out of a table or is typed: name, role, unit, post. `names` are the roles as people write them. */
export function readPasted(text: string, names: Readonly<Record<ParticipantRole, string>>): Pasted {
  const people: PastedPerson[] = [];
  const bad: { line: number; text: string }[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const [name = '', role = '', unit = '', title = ''] = cellsOf(line);
    const known = roleNamed(role, names);
    if (name === '' || known === undefined) bad.push({ line: index + 1, text: line.trim() });
    else people.push({ name, role: known, unit, title });
  }
  return { people, bad };
}

/** Tabs separate what comes out of a table, and empty cells count; otherwise commas; otherwise spaces. */
function cellsOf(line: string): string[] {
  const separator = line.includes('\t') ? '\t' : /[,，]/.test(line) ? /[,，]/ : /\s+/;
  return line
    .trim()
    .split(separator)
    .map((cell) => cell.trim());
}

function roleNamed(
  typed: string,
  names: Readonly<Record<ParticipantRole, string>>,
): ParticipantRole | undefined {
  const wanted = typed.toLowerCase();
  return participantRoles.find((role) => role === wanted || names[role].toLowerCase() === wanted);
}
