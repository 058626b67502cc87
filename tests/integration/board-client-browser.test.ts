// The board in real browsers: what only a page, an input method and IndexedDB can show.
import type { Browser, BrowserContext, Page, WebSocketRoute } from '@playwright/test';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { enter } from '../../scripts/demonstration/participant.ts';
import { addCard, readCard, readLanes } from '../../shared/board/schema.ts';
import { startServer, type StartedServer } from '../helpers/server.ts';
import {
  device as deviceIn,
  inputMethod,
  launch,
  openCard,
  openRoom as openRoomIn,
  textOf,
} from './browser-rooms.ts';

let server: StartedServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launch()]);
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
afterAll(async () => {
  await browser.close();
  await server.stop();
});

const device = (link: string) => deviceIn(browser, server, link);
const openRoom = (context: BrowserContext) => openRoomIn(context, server);

/** Two members with the same draft open, and its text as each of them has it. */
async function twoWriters() {
  const [first = '', second = ''] = server.links.demo.members;
  const contexts = await Promise.all([device(first), device(second)]);
  const [mine, theirs] = (await Promise.all(contexts.map(openRoom))) as [Page, Page];
  const id = await mine.locator('article.draft button.text').first().getAttribute('id');
  for (const page of [mine, theirs]) await openCard(page, id ?? '');
  return { mine, theirs };
}

describe('the board in browsers', () => {
  test('[BRD11] another’s edit at the same place waits for the input method, and nothing is lost', async () => {
    const { mine, theirs } = await twoWriters();
    const bystander = await openRoom(await device(server.links.demo.observer));
    const before = await textOf(mine);
    const { compose, commit } = await inputMethod(mine);
    await compose('n');
    await compose('ni');
    await theirs.keyboard.type('【同时】');
    // where nobody composes it is shown: so it has reached this page as well
    await bystander.getByText('【同时】').waitFor();
    await compose('nihao');
    expect(await textOf(mine)).toBe(`${before}nihao`);
    await commit('你好');
    // each as it is at that moment: the other's words may still be on their way
    await expect
      .poll(async () => {
        const [here, there] = await Promise.all([textOf(mine), textOf(theirs)]);
        return here === there && here.includes('【同时】') && here.includes('你好');
      })
      .toBe(true);
    expect(await textOf(mine)).not.toContain('nihao');
  });

  test('[BRD6] the other’s caret bears the other’s name, and goes with the other', async () => {
    const { mine, theirs } = await twoWriters();
    const name = mine.locator('.cm-ySelectionInfo');
    await name.waitFor();
    const shown = await name.innerText();
    await mine.locator('.writers').getByText(shown).waitFor();
    await theirs.context().close();
    await name.waitFor({ state: 'detached' });
  });

  test('[CLI2] what is written without a connection survives a reload and arrives afterwards', async () => {
    const context = await device(server.links.demo.members[0] ?? '');
    const open: WebSocketRoute[] = [];
    let cut = false;
    await context.routeWebSocket(/\/board\//, (socket) => {
      if (cut) return void socket.close({ code: 1011 });
      socket.connectToServer();
      open.push(socket);
    });
    const page = await openRoom(context);
    const draft = page.locator('article.draft button.text').first();
    const id = await draft.getAttribute('id');
    await draft.click();
    await page.locator('.cm-content').waitFor();
    cut = true;
    await Promise.all(open.map((socket) => socket.close({ code: 1011 })));
    await page.keyboard.press('Control+End');
    await page.keyboard.type('断网写的');
    await page.getByText('离线 4 条').waitFor();
    await page.reload();
    await page.getByText('离线 4 条').waitFor();
    expect(await page.locator(`#${id}`).innerText()).toContain('断网写的');
    cut = false;
    await page.getByText('已保存').waitFor();
    const other = await openRoom(await device(server.links.demo.members[1] ?? ''));
    expect(await other.locator(`#${id}`).innerText()).toContain('断网写的');
  });

  test('[CLI23] another’s keystroke changes the element of one card and nothing else of the board', async () => {
    const mine = await openRoom(await device(server.links.demo.moderator));
    const theirs = await openRoom(await device(server.links.demo.members[1] ?? ''));
    const id = await mine.locator('article.draft button.text').first().getAttribute('id');
    await theirs.locator(`#${id}`).click();
    await theirs.locator('.cm-content').waitFor();
    await mine.locator('.writers').waitFor();
    await mine.evaluate((card) => {
      const changed = new Set<string>();
      Object.assign(window, { changed });
      new MutationObserver((changes) => {
        for (const { target } of changes) {
          const element = target instanceof Element ? target : target.parentElement;
          if (!element?.closest('.board')) continue;
          const own = element.closest('article')?.querySelector('.text')?.id === card;
          changed.add(own ? 'that card' : element.outerHTML.slice(0, 200));
        }
      }).observe(document.body, {
        subtree: true,
        childList: true,
        characterData: true,
        attributes: true,
      });
    }, id);
    await theirs.keyboard.type('〔笔〕');
    await expect.poll(() => mine.locator(`#${id}`).innerText()).toContain('〔笔〕');
    const changed = await mine.evaluate(() => [
      ...(window as unknown as { changed: Set<string> }).changed,
    ]);
    expect(changed).toEqual(['that card']);
  });

  test('[CLI23] in a long lane few cards are mounted, and writing and moving by keys work as in a short one', async () => {
    const writer = await enter(server.links.demo.members[2] ?? '', server.links.demo.consultation);
    const { doc } = await writer.board();
    const [lane] = readLanes(doc);
    doc.transact(() => {
      for (let n = 0; n < 150; n += 1)
        addCard(doc, {
          id: `long-${n}`,
          lane: lane!.id,
          author: writer.me.person,
          text: `长栏第${n}条`,
          createdAt: n,
        });
    });
    const page = await openRoom(await device(server.links.demo.members[1] ?? ''));
    const column = page.locator(`section[aria-label="${lane!.title}"]`);
    await column.getByText(/^\d{3} 条/).waitFor();
    await column.locator('article').first().waitFor();
    expect(await column.locator('article').count()).toBeLessThan(40);
    // written at the end of the lane, far below what is shown
    await column.getByRole('button', { name: /写意见/ }).click();
    await page.locator('.cm-content').waitFor();
    await page.keyboard.type('写在最后');
    expect(await page.locator('.cm-content').innerText()).toContain('写在最后');
    await page.keyboard.press('Escape');
    const id = await column
      .locator('article', { hasText: '写在最后' })
      .locator('button.text')
      .getAttribute('id');
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe(id);
    for (let steps = 0; steps < 3; steps += 1) await page.keyboard.press('Alt+ArrowUp');
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe(id);
    await page.locator(`#${id}`).waitFor();
    const place = readCard(doc, id!.replace('card-', ''));
    await expect
      .poll(() => readCard(doc, id!.replace('card-', ''))!.order < readCard(doc, 'long-147')!.order)
      .toBe(true);
    expect(place?.lane).toBe(lane!.id);
    writer.leave();
  });

  test('a card is moved by keys alone: it keeps the focus, and others see it move', async () => {
    const mine = await openRoom(await device(server.links.demo.moderator));
    const other = await openRoom(await device(server.links.demo.members[1] ?? ''));
    const id = await mine.locator('article.draft button.text').first().getAttribute('id');
    await mine.locator(`#${id}`).focus();
    await mine.keyboard.press('Alt+ArrowRight');
    await expect.poll(() => mine.evaluate(() => document.activeElement?.id)).toBe(id);
    const laneOf = (page: Page) =>
      page.locator(`section:has(#${id})`).last().getAttribute('aria-label');
    await expect.poll(() => laneOf(other)).toBe(await laneOf(mine));
  });
});
