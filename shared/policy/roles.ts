/** In the room. */
export const roomRoles = [
  'moderator',
  'member',
  'representative',
  'department',
  'clerk',
  'observer',
  'public',
  'screen',
] as const;

/** For the office. A person may hold several; `system` is the program itself (demonstration, timers). */
export const officeRoles = ['officer', 'approver', 'reviewer', 'convener', 'handler'] as const;

export type RoomRole = (typeof roomRoles)[number];
export type OfficeRole = (typeof officeRoles)[number];
export type Role = RoomRole | OfficeRole | 'system';

/** Roles that can be given to a participant of a consultation. */
export const participantRoles = [
  'moderator',
  'member',
  'representative',
  'department',
  'clerk',
  'observer',
] as const satisfies readonly RoomRole[];
export type ParticipantRole = (typeof participantRoles)[number];
