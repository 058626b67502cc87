/**
 * Runs `job` at most once in `ms` milliseconds, however often it is asked for: at once when it is due, else when it
 * becomes due.
 */
export interface Coalesced {
  ask(): void;
  stop(): void;
}

export function coalesce(ms: number, job: () => void): Coalesced {
  let timer: NodeJS.Timeout | undefined;
  let asked = false;
  const run = () => {
    asked = false;
    timer = setTimeout(() => {
      timer = undefined;
      if (asked) run();
    }, ms);
    job();
  };
  return {
    ask() {
      asked = true;
      if (timer === undefined) run();
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
