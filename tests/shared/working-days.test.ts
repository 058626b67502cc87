import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addCalendarDays,
  addWorkingDays,
  dayOf,
  holidayYears,
  isWorkingDay,
} from '../../shared/working-days.ts';

test('[RSP6] a day is a day of the office, eight hours ahead of UTC', () => {
  expect(dayOf(Date.parse('2026-11-24T15:59:59Z'))).toBe('2026-11-24');
  expect(dayOf(Date.parse('2026-11-24T16:00:00Z'))).toBe('2026-11-25');
});

test.each([
  ['2026-11-24', true, 'a Tuesday'],
  ['2026-11-28', false, 'a Saturday'],
  ['2026-10-01', false, 'a holiday'],
  ['2026-10-10', true, 'a Saturday worked instead'],
  ['2026-02-16', false, 'a Monday within the Spring Festival'],
])('[RSP6] %s: %s, %s', (day, works) => {
  expect(isWorkingDay(day)).toBe(works);
});

test.each([
  ['2026-11-24', 0, '2026-11-24'],
  ['2026-11-24', 1, '2026-11-25'],
  ['2026-11-27', 1, '2026-11-30'],
  ['2026-09-24', 1, '2026-09-28'],
  ['2026-09-30', 1, '2026-10-08'],
  ['2026-02-13', 2, '2026-02-24'],
])('[RSP6] from %s %s working days lead to %s', (from, days, day) => {
  expect(addWorkingDays(from, days)).toEqual({ day, provisional: false });
});

test('[RSP6] a year whose holidays are not published yet makes the day provisional', () => {
  expect(addWorkingDays('2026-12-31', 1)).toEqual({ day: '2027-01-01', provisional: true });
  expect(addWorkingDays('2026-12-30', 1)).toEqual({ day: '2026-12-31', provisional: false });
});

test('[RSP6] whatever the day, counting goes one working day at a time and ends on one', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 700 }),
      fc.integer({ min: 1, max: 60 }),
      (start, days) => {
        const from = addCalendarDays('2025-01-01', start);
        const { day } = addWorkingDays(from, days);
        expect(isWorkingDay(day)).toBe(true);
        expect(addWorkingDays(addWorkingDays(from, days - 1).day, 1).day).toBe(day);
      },
    ),
  );
});

test('what is worked instead is a weekend day, and no day is both off and worked', () => {
  for (const { off, worked } of Object.values(holidayYears)) {
    for (const day of worked) {
      expect([0, 6]).toContain(new Date(`${day}T00:00:00Z`).getUTCDay());
      expect(off.some(([from, to]) => from <= day && day <= to)).toBe(false);
    }
    for (const [from, to] of off) expect(from <= to).toBe(true);
  }
});
