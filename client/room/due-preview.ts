import { addCalendarDays, addWorkingDays, dayOf, type DueDay } from '../../shared/working-days.ts';

export type DayKind = 'working' | 'calendar';

/** Working days that a commitment gets unless the officer says otherwise. */
export const DEFAULT_DAYS = 20;
const MAX_DAYS = 1_000;

/** The day that the server will count from now, so that what is promised is seen before it is sent. */
export function duePreview(now: number, days: number, kind: DayKind): DueDay | undefined {
  if (!Number.isInteger(days) || days < 0 || days > MAX_DAYS) return undefined;
  const today = dayOf(now);
  if (kind === 'calendar') return { day: addCalendarDays(today, days), provisional: false };
  return addWorkingDays(today, days);
}
