import type { Role } from './roles.ts';

/**
 * Whom an event is told. `all` means public: guests and big screens too. `room` means everyone admitted; `staff`
 * moderator and clerk (and the office's officer, who prepares). What is addressed to a unit or a person is told staff
 * as well.
 */
export type Audience =
  | { readonly to: 'all' }
  | { readonly to: 'room' }
  | { readonly to: 'staff' }
  | { readonly to: 'unit'; readonly unit: string }
  | { readonly to: 'person'; readonly person: string };

/** A reader of a consultation's feed. */
export interface Reader {
  readonly role: Role;
  readonly person: string;
  readonly unit?: string;
}

const staff: ReadonlySet<Role> = new Set<Role>(['moderator', 'clerk', 'officer', 'system']);
const outside: ReadonlySet<Role> = new Set<Role>([
  'public',
  'screen',
  'approver',
  'reviewer',
  'convener',
  'handler',
]);

export const isStaff = (role: Role): boolean => staff.has(role);
export const isOutside = (role: Role): boolean => outside.has(role);

export function mayHear(reader: Reader, audience: Audience): boolean {
  switch (audience.to) {
    case 'all':
      return true;
    case 'room':
      return !isOutside(reader.role);
    case 'staff':
      return isStaff(reader.role);
    case 'unit':
      return (
        isStaff(reader.role) || (reader.role === 'department' && reader.unit === audience.unit)
      );
    case 'person':
      // nobody's own: an empty id names no one, whoever reads without one
      return isStaff(reader.role) || (audience.person !== '' && reader.person === audience.person);
  }
}
