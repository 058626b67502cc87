import { currentStage } from '../../shared/consultation/agenda.ts';
import type { ConsultationState } from '../../shared/consultation/index.ts';
import type { Role } from '../../shared/policy/roles.ts';
import { takesLetters } from '../ui/takes-letters.ts';
import type { Tab } from './room-layout.svelte.ts';

const followers: ReadonlySet<Role> = new Set<Role>(['department', 'member', 'representative']);

/**
 * [AGD4] The tab that a phone turns to because a stage has just begun: the answers, for those who give and hear them. On
 * entering, and for everyone else, nothing turns by itself.
 */
export function tabForStage(
  before: ConsultationState,
  after: ConsultationState,
  role: Role | undefined,
): Tab | undefined {
  if (before.seq === 0 || before.agenda.current === after.agenda.current) return undefined;
  if (role === undefined || !followers.has(role)) return undefined;
  return currentStage(after.agenda)?.kind === 'responses' ? 'responses' : undefined;
}

/** Whoever is writing or reading something opened is not led away from it. */
export const isBusy = (sheetOpen: boolean): boolean =>
  sheetOpen ||
  takesLetters(document.activeElement) ||
  document.querySelector('dialog[open]') !== null;
