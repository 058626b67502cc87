/** A stop-watch as data: it ticks in nobody's memory, so it survives restarts and reads the same everywhere. */
export interface Clock {
  /** Milliseconds counted before the present run. */
  readonly spent: number;
  /** Server time at which the present run began; absent while stopped. */
  readonly since?: number;
  /** Stopped from outside, by the pause of the meeting or an interposed question: runs again when that is over. */
  readonly held?: true;
}

export const stopped: Clock = { spent: 0 };

export const clockRuns = (clock: Clock): boolean => clock.since !== undefined;

/** Milliseconds counted up to `now`. Never negative, whatever clock `now` was read from. */
export const elapsed = (clock: Clock, now: number): number =>
  clock.spent + (clock.since === undefined ? 0 : Math.max(0, now - clock.since));

export const startClock = (clock: Clock, now: number): Clock =>
  clockRuns(clock) ? clock : { spent: clock.spent, since: now };

export const pauseClock = (clock: Clock, now: number): Clock => ({ spent: elapsed(clock, now) });

/** [AGD2] What runs stops for a while; what stood still before goes on standing still afterwards. */
export const holdClock = (clock: Clock, now: number): Clock =>
  clockRuns(clock) ? { ...pauseClock(clock, now), held: true } : clock;

export const releaseClock = (clock: Clock, now: number): Clock =>
  clock.held ? startClock(clock, now) : clock;
