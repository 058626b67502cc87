/**
 * Days are `YYYY-MM-DD` in the office's own time (China, UTC+8, no summer time). A year whose holidays are not
 * published yet counts weekends only, and says so (`provisional`).
 *
 * Source of the published years: the State Council's yearly notices on holiday arrangements.
 */
export interface HolidayYear {
  /** Days off that would otherwise be working days, as inclusive spans. */
  readonly off: readonly (readonly [from: string, to: string])[];
  /** Weekend days that are worked instead (调休). */
  readonly worked: readonly string[];
}

export const holidayYears: Readonly<Record<number, HolidayYear>> = {
  2025: {
    off: [
      ['2025-01-01', '2025-01-01'],
      ['2025-01-28', '2025-02-04'],
      ['2025-04-04', '2025-04-06'],
      ['2025-05-01', '2025-05-05'],
      ['2025-05-31', '2025-06-02'],
      ['2025-10-01', '2025-10-08'],
    ],
    worked: ['2025-01-26', '2025-02-08', '2025-04-27', '2025-09-28', '2025-10-11'],
  },
  2026: {
    off: [
      ['2026-01-01', '2026-01-03'],
      ['2026-02-15', '2026-02-23'],
      ['2026-04-04', '2026-04-06'],
      ['2026-05-01', '2026-05-05'],
      ['2026-06-19', '2026-06-21'],
      ['2026-09-25', '2026-09-27'],
      ['2026-10-01', '2026-10-07'],
    ],
    worked: ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'],
  },
};

const DAY_MS = 86_400_000;
const CHINA_OFFSET_MS = 8 * 3_600_000;

/** The day of an instant (milliseconds since 1970) in the office's time. */
export const dayOf = (instant: number): string =>
  new Date(instant + CHINA_OFFSET_MS).toISOString().slice(0, 10);

export const addCalendarDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

export function isWorkingDay(day: string): boolean {
  const year = holidayYears[Number(day.slice(0, 4))];
  if (year?.worked.includes(day)) return true;
  if (year?.off.some(([from, to]) => from <= day && day <= to)) return false;
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6;
}

export interface DueDay {
  readonly day: string;
  /** A year was touched whose holidays are not published yet. */
  readonly provisional: boolean;
}

/** The day `days` working days after `from`; the day itself does not count. `days` is a whole number ≥ 0. */
export function addWorkingDays(from: string, days: number): DueDay {
  let day = from;
  let provisional = false;
  for (let left = days; left > 0;) {
    day = addCalendarDays(day, 1);
    provisional ||= holidayYears[Number(day.slice(0, 4))] === undefined;
    if (isWorkingDay(day)) left -= 1;
  }
  return { day, provisional };
}
