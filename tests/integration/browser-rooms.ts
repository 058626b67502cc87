// The room in real browsers, as people who followed their links.
import { chromium, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { redeem } from '../helpers/api.ts';
import type { StartedServer } from '../helpers/server.ts';

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  });

/** A browser that has followed the link. */
export async function device(
  browser: Browser,
  server: StartedServer,
  link: string,
): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const pairs = (await redeem(server.url, link)).split('; ');
  const cookies = pairs.map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return { name, value: value.join('='), url: server.url };
  });
  await context.addCookies(cookies);
  return context;
}

export async function openRoom(context: BrowserContext, server: StartedServer): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${server.url}/c/${server.links.demo.consultation}`);
  await page.getByText('已保存').waitFor();
  await page.locator('article').first().waitFor();
  return page;
}

/** Opens the card's editor with the caret at its end. */
export async function openCard(page: Page, id: string): Promise<void> {
  await page.locator(`#${id}`).click();
  await page.locator('.cm-content').waitFor();
  await page.keyboard.press('Control+End');
}

/** The text without the others' carets in it. */
export const textOf = (page: Page): Promise<string> =>
  page.locator('.cm-content').evaluate((element) => {
    const copy = element.cloneNode(true) as HTMLElement;
    copy.querySelectorAll('.cm-ySelectionCaret').forEach((caret) => caret.remove());
    return copy.innerText;
  });

/** An input method's side of a page: what it shows as composed, and what is taken in the end. */
export async function inputMethod(page: Page) {
  const cdp = await page.context().newCDPSession(page);
  return {
    /** What is composed so far, and shown; nothing: the composition is given up. */
    compose: (text: string) =>
      cdp.send('Input.imeSetComposition', {
        text,
        selectionStart: text.length,
        selectionEnd: text.length,
      }),
    commit: (text: string) => cdp.send('Input.insertText', { text }),
  };
}
