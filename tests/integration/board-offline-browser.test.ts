// A lid closed in the middle of a sentence, and opened again somewhere else. The network is a proxy that can be cut:
// the whole of it, or the board's socket alone. Without a service worker (plain HTTP has none) a page can't be loaded
// over a dead network; so a reload while offline is simulated twice: one that fails, and one for which the page and
// the record come again while the board stays cut.
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type * as Y from 'yjs';
import { enter, type Participant } from '../../scripts/demonstration/participant.ts';
import { addCard, cardsOf, cardText, readLanes } from '../../shared/board/schema.ts';
import { startProxy, type CuttableProxy } from '../helpers/cuttable-proxy.ts';
import { startServer, type StartedServer } from '../helpers/server.ts';
import { device, launch, openCard, openRoom } from './browser-rooms.ts';

let server: StartedServer;
let browser: Browser;
let other: Participant;
let doc: Y.Doc;
const proxies: CuttableProxy[] = [];

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launch()]);
  other = await enter(server.links.demo.moderator, server.links.demo.consultation);
  ({ doc } = await other.board());
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
});
afterAll(async () => {
  other.leave();
  await browser.close();
  await server.stop();
});

const member = (index: number) => server.links.demo.members[index] ?? '';

/** The server as this browser reaches it. */
async function behindProxy(): Promise<{ proxy: CuttableProxy; reached: StartedServer }> {
  const proxy = await startProxy(server.url);
  proxies.push(proxy);
  return { proxy, reached: { ...server, url: proxy.url } };
}

/** Cards of the other's, ready to be written on by anyone. */
function layCards(...ids: string[]): void {
  const lane = readLanes(doc)[0]!.id;
  doc.transact(() => {
    for (const id of ids)
      addCard(doc, { id, lane, author: other.me.person, text: '起', createdAt: 1 });
  });
}

async function write(page: Page, card: string, words: string): Promise<void> {
  await page.locator(`#card-${card}`).waitFor();
  await openCard(page, `card-${card}`);
  for (const letter of words) await page.keyboard.insertText(letter);
  await page.keyboard.press('Escape');
  await page.locator('.cm-content').waitFor({ state: 'detached' });
}

/** A new card by the button, in the first lane. */
async function writeNew(page: Page, words: string): Promise<void> {
  await page.locator('.composer button').first().click();
  await page.locator('.cm-content').waitFor();
  for (const letter of words) await page.keyboard.insertText(letter);
  await page.keyboard.press('Escape');
}

/** The editor's code is there: whoever has not opened a card before the cut can write as well. */
const editorLoaded = (page: Page) =>
  page.waitForFunction(() =>
    performance.getEntriesByType('resource').some(({ name }) => name.includes('opinion-editor')),
  );

const offline = (page: Page, count: number) => page.getByText(`离线 ${count} 条`).waitFor();
/** Its text, whether or not it is scrolled into sight. */
const shownOn = (page: Page, card: string) => page.locator(`#card-${card}`).textContent();
const saved = (page: Page) => page.getByText('已保存').waitFor();
const textsWith = (words: string) =>
  [...cardsOf(doc).keys()].map((id) => cardText(doc, id)).filter((text) => text.includes(words));

test('[CLI2] the lid is closed: two cards and a new one are written, the page is gone and comes back, all of it merges', async () => {
  layCards('lid-1', 'lid-2');
  const { proxy, reached } = await behindProxy();
  const page = await openRoom(await device(browser, reached, member(0)), reached);
  await editorLoaded(page);
  proxy.cut('everything');
  await write(page, 'lid-1', '合盖写');
  await write(page, 'lid-2', '再写一句');
  await writeNew(page, '新的');
  // three, four, and a new card with two
  await offline(page, 10);
  // the other is at work meanwhile
  layCards('lid-3');

  await expect(page.reload({ timeout: 5_000 })).rejects.toThrow(/ERR_/);
  proxy.cut('board');
  // the browser's own page about the dead network may still be on its way
  const room = `${reached.url}/c/${server.links.demo.consultation}`;
  await expect.poll(() => page.goto(room).catch(() => undefined)).toBeTruthy();
  await offline(page, 10);
  expect(await shownOn(page, 'lid-1')).toBe('起合盖写');
  proxy.cut('nothing');
  await saved(page);
  await page.locator('#card-lid-3').waitFor();
  await expect.poll(() => textsWith('合盖写')).toEqual(['起合盖写']);
  await expect.poll(() => textsWith('再写一句')).toEqual(['起再写一句']);
  await expect.poll(() => textsWith('新的')).toEqual(['新的']);
});

test('[CLI2] two devices of one person, both cut off, in the same card: both see both, once', async () => {
  layCards('twin');
  const { proxy, reached } = await behindProxy();
  const pages: Page[] = [];
  for (let n = 0; n < 2; n += 1)
    pages.push(await openRoom(await device(browser, reached, member(1)), reached));
  const [phone, laptop] = pages as [Page, Page];
  await Promise.all(pages.map(editorLoaded));
  proxy.cut('everything');
  await write(phone, 'twin', '〔手机〕');
  await write(laptop, 'twin', '〔电脑〕');
  await writeNew(laptop, '电脑上的新卡');
  await offline(phone, 4);
  await offline(laptop, 11);
  proxy.cut('nothing');
  await Promise.all(pages.map(saved));
  await expect.poll(() => cardText(doc, 'twin')).toHaveLength(9);
  const text = cardText(doc, 'twin');
  for (const part of ['〔手机〕', '〔电脑〕']) expect(text.split(part)).toHaveLength(2);
  for (const page of pages) await expect.poll(() => shownOn(page, 'twin')).toBe(text);
  await phone.getByText('电脑上的新卡').waitFor();
});

test('[CLI2] a browser that forbids databases: a cut is outlived by the page, and all arrives', async () => {
  layCards('private');
  const { proxy, reached } = await behindProxy();
  const context: BrowserContext = await device(browser, reached, member(2));
  await context.addInitScript(() => {
    Object.defineProperty(window, 'indexedDB', {
      get() {
        throw new DOMException('forbidden', 'SecurityError');
      },
    });
  });
  const page = await openRoom(context, reached);
  const faults: string[] = [];
  page.on('pageerror', (fault) => faults.push(fault.message));
  await editorLoaded(page);
  await write(page, 'private', '在线');
  await saved(page);
  proxy.cut('everything');
  await write(page, 'private', '断线');
  await offline(page, 2);
  proxy.cut('nothing');
  await saved(page);
  await expect.poll(() => cardText(doc, 'private')).toBe('起在线断线');
  expect(faults).toEqual([]);
});

test('[BRD4] [BRD5] words for a card that was tabled meanwhile are kept and offered, in every tab; all tabs have the record', async () => {
  layCards('late');
  const { proxy, reached } = await behindProxy();
  const context = await device(browser, reached, member(3));
  const [cutOff, beside] = [await openRoom(context, reached), await openRoom(context, reached)];
  await editorLoaded(cutOff);
  proxy.cut('board');
  await write(cutOff, 'late', '晚到的话');
  await offline(cutOff, 4);
  const tabled = async () => await other.send('opinion.table', { card: 'late' });
  await expect.poll(tabled).toMatchObject({ ok: true });
  for (const page of [cutOff, beside]) await page.locator('article.tabled #card-late').waitFor();
  proxy.cut('nothing');
  for (const page of [cutOff, beside]) {
    // the words are offered again, and the card is what the record says
    await page.locator('.board').getByText('起晚到的话').waitFor();
    expect(await shownOn(page, 'late')).toBe('起');
    await saved(page);
  }
  expect(cardText(doc, 'late')).toBe('起');
  // added again in one tab it is on the board, and offered in neither any more
  await beside.getByRole('button', { name: '作为新卡片加入' }).click();
  await expect.poll(() => textsWith('晚到的话')).toEqual(['起晚到的话']);
  for (const page of [cutOff, beside])
    await expect.poll(() => page.getByText('起晚到的话').count()).toBe(1);
});
