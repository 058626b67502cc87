// What everyone must be able to use: axe on every screen, in large text and in English too; no page
// wider than its window; the way from a card to a tabled opinion by keyboard alone.
import { randomUUID } from 'node:crypto';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, expect, test, type Page } from '@playwright/test';
import { api, redeem } from '../helpers/api.ts';
import { startServer, type StartedServer } from '../helpers/server.ts';
import { arrive, desktop, phone, projector, type Way } from './people.ts';

let server: StartedServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server.stop());

interface Place {
  readonly name: string;
  readonly link: () => string;
  /** Goes on from where the link leads, and waits for what shows that the page is there. */
  readonly open: (page: Page) => Promise<void>;
}

const demo = () => server.links.demo;
const shown = (page: Page, selector: string) =>
  expect(page.locator(selector).first()).toBeVisible();

const places: readonly Place[] = [
  { name: 'entry', link: () => server.url, open: (page) => shown(page, 'form input') },
  {
    name: 'room',
    link: () => demo().members[1]!,
    open: (page) => shown(page, 'article'),
  },
  {
    name: 'desk',
    link: () => demo().moderator,
    open: (page) => shown(page, '.stage .view'),
  },
  {
    name: 'public page',
    link: () => demo().public,
    open: (page) => shown(page, 'article'),
  },
  {
    name: 'receipts',
    link: () => demo().public,
    async open(page) {
      await shown(page, 'article');
      await page.goto(`${demo().public}/mine`);
      await shown(page, 'h2');
    },
  },
  {
    name: 'office',
    link: () => server.links.office,
    open: (page) => shown(page, 'table, li, article'),
  },
  {
    name: 'response form',
    link: () => demo().departments[3]!,
    async open(page) {
      await shown(page, 'article');
      await page
        .getByRole('article')
        .filter({ hasText: '惠企政策散在十几个网站' })
        .getByRole('button', { name: /惠企政策/ })
        .click();
      await shown(page, 'dialog');
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /写回应|Write response|Write a response/ })
        .click();
      await shown(page, 'dialog textarea');
    },
  },
];

const ways: readonly { readonly name: string; readonly way: Way }[] = [
  { name: 'Chinese', way: {} },
  { name: 'English, large text', way: { elder: true, english: true } },
];

async function faultsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}

const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

/** The phone is turned into a desktop by widening its window: a page is made for both. */
async function look(browser: Browser, place: Place, way: Way) {
  const { page, context } = await arrive(browser, place.link(), phone, way);
  await place.open(page);
  if (way.english) await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  for (const viewport of [phone, desktop]) {
    await page.setViewportSize(viewport);
    expect.soft(await faultsOf(page), `axe at ${viewport.width}`).toEqual([]);
    expect.soft(await overflow(page), `overflow at ${viewport.width}`).toBeLessThanOrEqual(0);
  }
  await context.close();
}

for (const place of places) {
  for (const { name, way } of ways) {
    test(`${place.name}, ${name}: axe finds nothing serious, nothing is wider than the page`, async ({
      browser,
    }) => {
      await look(browser, place, way);
    });
  }
}

test('the big screen: axe finds nothing serious in any of its views', async ({ browser }) => {
  const screen = await arrive(browser, demo().screen, projector);
  const desk = await arrive(browser, demo().moderator, desktop);
  const controls = desk.page.getByRole('region', { name: '大屏' });
  await expect(screen.page.locator('.stage .view')).toBeVisible();
  expect.soft(await faultsOf(screen.page), 'response').toEqual([]);
  for (const [view, seen] of [
    ['议题', screen.page.locator('.stage svg').first()],
    ['承诺', screen.page.getByText('承诺清单')],
    ['数字', screen.page.getByText('商量进展')],
    ['发言人', screen.page.getByText(/等待发言|正在发言/)],
  ] as const) {
    await controls.getByRole('button', { name: view, exact: true }).click();
    await expect(seen).toBeVisible();
    expect.soft(await faultsOf(screen.page), view).toEqual([]);
    expect.soft(await overflow(screen.page), view).toBeLessThanOrEqual(0);
  }
  await Promise.all([screen.context.close(), desk.context.close()]);
});

test('a list of commitments longer than the big screen loses no line below its edge', async ({
  browser,
}) => {
  const answer = api(server.url, await redeem(server.url, demo().departments[3]!));
  const path = `/api/consultations/${demo().consultation}`;
  const { body } = await answer.get<{
    state: { opinions: Record<string, { id: string; no: number }> };
  }>(path);
  const opinion = Object.values(body.state.opinions).find(({ no }) => no === 2)!.id;
  const what = '把惠企政策列成一张动态清单，按行业和规模主动推送到每一家企业，兑现情况逐季公布';
  const commitments = Array.from({ length: 9 }, (_, row) => ({
    what: `${what}（${row + 1}）`,
    officer: '工致远',
    days: 20,
    dayKind: 'working',
  }));
  const data = { opinion, text: '照办。', stance: 'adopt', commitments, publish: true };
  const command = { commandId: randomUUID(), type: 'response.record', data };
  expect((await answer.post(`${path}/commands`, command)).status).toBe(200);

  const screen = await arrive(browser, demo().screen, projector);
  const desk = await arrive(browser, demo().moderator, desktop);
  const controls = desk.page.getByRole('region', { name: '大屏' });
  await controls.getByRole('button', { name: '承诺', exact: true }).click();
  await expect(screen.page.getByText(/[123] \/ 3/)).toBeVisible();
  for (const box of await Promise.all(
    (await screen.page.getByRole('row').all()).map((row) => row.boundingBox()),
  )) {
    expect(box!.y + box!.height).toBeLessThan(projector.height);
  }
  await Promise.all([screen.context.close(), desk.context.close()]);
});

test('by keyboard alone: to a card, open it, write, table it', async ({ browser }) => {
  const { page, context } = await arrive(browser, demo().members[3]!, desktop);
  const focused = page.locator(':focus');
  /** Tab, as often as it takes; a page that keeps the focus somewhere is found out. */
  async function tabTo(label: RegExp): Promise<void> {
    for (let steps = 0; steps < 150; steps += 1) {
      await page.keyboard.press('Tab');
      if ((await focused.count()) === 0) continue;
      const name = await focused.evaluate((element) =>
        (element.getAttribute('aria-label') ?? element.textContent ?? '').trim(),
      );
      if (label.test(name)) return;
    }
    throw new Error(`Tab does not reach ${label}`);
  }

  await expect(page.getByRole('article').first()).toBeVisible();
  await tabTo(/^商业街要统一门头/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: '编辑意见' })).toBeFocused();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('先听店主的。');
  await page.keyboard.press('Escape');
  await expect(focused).toContainText('先听店主的。');
  await tabTo(/^提交$/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: '确认提交' })).toBeFocused();
  await page.keyboard.press('Enter');
  const card = page.getByRole('article').filter({ hasText: '先听店主的。' });
  await expect(card).toContainText('已提交');
  await context.close();
});
