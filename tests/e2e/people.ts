import type { Browser, BrowserContext, Page } from '@playwright/test';

/** One person at one device: a browser context of their own, as nobody shares cookies. */
export interface Person {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What went wrong in the page: uncaught errors and failed scripts. A test ends with this empty. */
  readonly faults: readonly string[];
}

export const phone = { width: 390, height: 844 };
export const desktop = { width: 1440, height: 900 };
export const projector = { width: 1920, height: 1080 };

/** What the device remembers from an earlier visit. */
export interface Way {
  readonly elder?: boolean;
  readonly english?: boolean;
  /** A device whose clock is wrong: so many milliseconds ahead, and running so fast. */
  readonly clock?: { readonly ahead: number; readonly rate: number };
}

export async function arrive(
  browser: Browser,
  link: string,
  viewport: { width: number; height: number },
  { elder = false, english = false, clock }: Way = {},
): Promise<Person> {
  const isPhone = viewport.width < 600;
  const context = await browser.newContext({ viewport, hasTouch: isPhone, locale: 'zh-CN' });
  const remembered = { ...(elder && { elder: 'on' }), ...(english && { language: 'en' }) };
  await context.addInitScript((kept) => {
    for (const [key, value] of Object.entries(kept)) localStorage[`shangliang/${key}`] = value;
  }, remembered);
  if (clock) await context.addInitScript(setClock, clock);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    // a cut network is said by the browser itself, and is no fault of the page
    if (message.type() === 'error' && !message.text().includes('net::'))
      faults.push(message.text());
  });
  await page.goto(link);
  return { page, context, faults };
}

/** Runs in the page: its Date is wrong from the beginning; the monotonic clock, as on a real device, is not. */
function setClock({ ahead, rate }: { ahead: number; rate: number }): void {
  const Real = Date;
  const begin = Real.now();
  const now = (): number => begin + (Real.now() - begin) * rate + ahead;
  globalThis.Date = new Proxy(Real, {
    construct: (target, given: unknown[]) =>
      (given.length === 0 ? new target(now()) : Reflect.construct(target, given)) as Date,
    get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
  });
}
