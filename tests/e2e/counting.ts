import type { Page } from '@playwright/test';

export interface Effort {
  readonly clicks: number;
  readonly keys: number;
}

/**
 * What a person did at this page since the last count: pointer presses and keys that were really
 * pressed, as the browser saw them. Text put in at once is no key.
 */
export async function countFrom(page: Page): Promise<() => Promise<Effort>> {
  await page.evaluate(() => {
    const effort = { clicks: 0, keys: 0 };
    Object.assign(window, { effort });
    const count = (kind: 'clicks' | 'keys') => (event: Event) => {
      if (event.isTrusted) effort[kind] += 1;
    };
    addEventListener('pointerdown', count('clicks'), true);
    addEventListener('keydown', count('keys'), true);
  });
  return () =>
    page.evaluate(() => {
      const { effort } = window as unknown as { effort: { clicks: number; keys: number } };
      const seen = { ...effort };
      effort.clicks = 0;
      effort.keys = 0;
      return seen;
    });
}
