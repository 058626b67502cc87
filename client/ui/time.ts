const MINUTE = 60_000;

/** `mm:ss` of a length in milliseconds, from an hour on `h:mm:ss`. Rounded up, so that a clock ends at 0:00. */
export function formatClock(milliseconds: number): string {
  const seconds = Math.ceil(Math.max(0, milliseconds) / 1_000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** Whole minutes of a length in milliseconds. */
export const minutesOf = (milliseconds: number): number => Math.round(milliseconds / MINUTE);

const china = { timeZone: 'Asia/Shanghai', hourCycle: 'h23' } as const;
const timeOfDay = new Intl.DateTimeFormat('zh-CN', {
  ...china,
  hour: '2-digit',
  minute: '2-digit',
});
const dateAndTime = new Intl.DateTimeFormat('zh-CN', {
  ...china,
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

/** An instant in the office's own time, wherever the device is: `14:05`. */
export const formatTime = (instant: number): string => timeOfDay.format(instant);

/** `2026/11/24 14:05`. */
export const formatDateTime = (instant: number): string => dateAndTime.format(instant);
