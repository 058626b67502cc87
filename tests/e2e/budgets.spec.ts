// What each action may cost: clicks and keys as the browser counts them, from the page at rest to
// the effect that someone else can see.
import { expect, test, type Locator, type Page } from '@playwright/test';
import { startServer, type StartedServer } from '../helpers/server.ts';
import { countFrom, type Effort } from './counting.ts';
import { arrive, desktop, phone, projector, type Person } from './people.ts';

let server: StartedServer;
let desk: Person;
let screen: Person;
let effort: () => Promise<Effort>;

test.beforeAll(async ({ browser }) => {
  server = await startServer();
  const { demo } = server.links;
  [desk, screen] = await Promise.all([
    arrive(browser, demo.moderator, desktop),
    arrive(browser, demo.screen, projector),
  ]);
  await expect(screen.page.locator('.stage .view')).toBeVisible();
  await expect(region('扫码意见审核').getByRole('listitem').first()).toBeVisible();
  effort = await countFrom(desk.page);
});
test.beforeEach(() => effort());
test.afterAll(async () => {
  await desk?.context.close();
  await screen?.context.close();
  await server?.stop();
});

const region = (name: string): Locator => desk.page.getByRole('region', { name });
const lineOf = (text: string): Locator =>
  region('待回应意见').getByRole('listitem').filter({ hasText: text });
const cardOf = (page: Page, text: string): Locator =>
  page.getByRole('article').filter({ hasText: text });

test('下一位 costs one click: the speech, the clock and the big screen', async () => {
  const next = desk.page.getByRole('button', { name: /^下一位/ });
  const name = (await next.innerText()).split('\n').at(-1) ?? '';
  await next.click();
  await expect(screen.page.locator('.who h1')).toHaveText(name);
  expect(await effort()).toEqual({ clicks: 1, keys: 0 });
  // and taking it back one more
  await desk.page.getByRole('button', { name: '撤回' }).click();
  await expect(next).toContainText(name);
  expect(await effort()).toEqual({ clicks: 1, keys: 0 });
});

test('the next stage costs one click, and going back one', async () => {
  const strip = region('议程');
  const current = strip.locator('[aria-current]');
  const before = await current.innerText();
  await strip.getByRole('button', { name: /下一步/ }).click();
  await expect(current).toContainText('扫码');
  expect(await effort()).toEqual({ clicks: 1, keys: 0 });
  await strip.getByRole('button', { name: '退回' }).click();
  await expect(current).toContainText(before.split('\n')[0] ?? '');
  expect(await effort()).toEqual({ clicks: 1, keys: 0 });
});

test('an opinion reaches the big screen with one click', async () => {
  await lineOf('营商环境评价').getByRole('button', { name: '上大屏' }).click();
  await expect(screen.page.getByText(/营商环境评价不宜只看办件量/)).toBeVisible();
  expect(await effort()).toEqual({ clicks: 1, keys: 0 });
});

test('an opinion reaches its department with two clicks', async () => {
  const line = lineOf('营商环境评价');
  await line.getByRole('button', { name: '交办' }).click();
  const units = line.getByRole('group', { name: '交给哪个部门主办' });
  await units.getByRole('button', { name: /区工信局/ }).click();
  await expect(line.getByRole('button', { name: '改办' })).toBeVisible();
  expect(await effort()).toEqual({ clicks: 2, keys: 0 });
});

test('B blanks the big screen with one key, and lights it with one', async () => {
  await desk.page.keyboard.press('b');
  await expect(screen.page.locator('.stage .view')).toHaveCount(0);
  await desk.page.keyboard.press('b');
  await expect(screen.page.locator('.stage .view')).toHaveCount(1);
  expect(await effort()).toEqual({ clicks: 0, keys: 2 });
});

async function submitAsCitizen(citizen: Page, text: string): Promise<void> {
  await citizen.getByRole('button', { name: '我要提意见' }).click();
  await citizen.getByRole('textbox').fill(text);
  await citizen.getByRole('checkbox').check();
  await citizen.getByRole('button', { name: '提交' }).click();
  await expect(citizen.getByText(/回执号/).first()).toBeVisible();
  await citizen.keyboard.press('Escape');
}

test('a submission is accepted with one key, declined with a reason with two', async ({
  browser,
}) => {
  const tray = region('扫码意见审核').getByRole('listitem');
  const before = await tray.count();
  await desk.page.keyboard.press('a');
  await expect(tray).toHaveCount(before - 1);
  expect(await effort()).toEqual({ clicks: 0, keys: 1 });

  const citizen = await arrive(browser, server.links.demo.public, phone);
  await submitAsCitizen(citizen.page, '请多摆几把椅子。');
  await expect(tray).toHaveCount(before);
  await effort();
  // D opens the reasons and stands on the first: Enter sends it
  await desk.page.keyboard.press('d');
  await expect(tray.getByRole('button', { name: '与议题无关' })).toBeFocused();
  await desk.page.keyboard.press('Enter');
  await expect(tray).toHaveCount(before - 1);
  expect(await effort()).toEqual({ clicks: 0, keys: 2 });

  await submitAsCitizen(citizen.page, '请再多摆几把椅子。');
  await expect(tray).toHaveCount(before);
  await effort();
  await tray.getByRole('button', { name: '不采用' }).click();
  await tray.getByRole('button', { name: '内容重复' }).click();
  await expect(tray).toHaveCount(before - 1);
  expect(await effort()).toEqual({ clicks: 2, keys: 0 });
  await citizen.context.close();
});

test('a hand costs one tap, its withdrawal one, its kind none', async ({ browser }) => {
  const { page, context } = await arrive(browser, server.links.demo.members[1]!, phone);
  await expect(page.getByRole('article').first()).toBeVisible();
  const taps = await countFrom(page);
  await page.getByRole('button', { name: '举手', exact: true }).tap();
  await expect(page.getByText(/已举手/)).toBeVisible();
  await expect(region('发言席').getByText('舜思齐').first()).toBeVisible();
  expect(await taps()).toEqual({ clicks: 1, keys: 0 });
  await page.getByRole('button', { name: '放下' }).tap();
  await expect(page.getByText(/已举手/)).toHaveCount(0);
  expect(await taps()).toEqual({ clicks: 1, keys: 0 });
  await context.close();
});

test('a draft is tabled with one click and a look', async ({ browser }) => {
  const { page, context } = await arrive(browser, server.links.demo.members[1]!, desktop);
  const card = cardOf(page, '首贷难');
  await expect(card).toBeVisible();
  const clicks = await countFrom(page);
  await card.getByRole('button', { name: '提交', exact: true }).click();
  await expect(card.getByText('提交后文字即固定')).toBeVisible();
  await card.getByRole('button', { name: '确认提交' }).click();
  await expect(card).toContainText('已提交');
  expect(await clicks()).toEqual({ clicks: 2, keys: 0 });
  await context.close();
});

test('a department answers with two clicks and the text', async ({ browser }) => {
  const { page, context } = await arrive(browser, server.links.demo.departments[3]!, phone);
  await expect(page.getByRole('article').first()).toBeVisible();
  const clicks = await countFrom(page);
  await page.getByRole('button', { name: /^回应（/ }).click();
  const text = page.getByLabel('回应内容');
  // open: the words go straight in, stance and day are set already
  await expect(text).toBeFocused();
  await page.keyboard.insertText('清单下月上线，按季度公布。');
  await page.getByRole('button', { name: '发布', exact: true }).click();
  await expect(page.getByRole('dialog').getByText('清单下月上线，按季度公布。')).toBeVisible();
  expect(await clicks()).toEqual({ clicks: 2, keys: 0 });
  await context.close();
});

test('a link leads to the first input with one tap, without account or name', async ({
  browser,
}) => {
  const citizen = await arrive(browser, server.links.demo.public, phone);
  const taps = await countFrom(citizen.page);
  await citizen.page.getByRole('button', { name: '我要提意见' }).tap();
  await citizen.page.getByRole('textbox').fill('路灯太暗。');
  expect(await taps()).toEqual({ clicks: 1, keys: 0 });
  await citizen.context.close();

  const member = await arrive(browser, server.links.demo.members[2]!, phone);
  const counted = await countFrom(member.page);
  await member.page.getByRole('button', { name: '写意见' }).last().tap();
  await expect(member.page.getByRole('textbox', { name: '编辑意见' })).toBeFocused();
  expect(await counted()).toEqual({ clicks: 1, keys: 0 });
  await member.context.close();
});
