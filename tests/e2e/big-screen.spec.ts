// The hall's screens: looked at before they are shown, lined up, one apart from the others, a line below, and back by themselves.
import { expect, test, type Page } from '@playwright/test';
import { startServer, type StartedServer } from '../helpers/server.ts';
import { arrive, desktop, projector, type Person } from './people.ts';

let server: StartedServer;
let desk: Person;
let clerk: Person;
let first: Person;
let second: Person;
test.beforeAll(async ({ browser }) => {
  server = await startServer();
  const { demo, baseUrl } = server.links;
  [desk, clerk, first, second] = await Promise.all([
    arrive(browser, demo.moderator, desktop),
    arrive(browser, demo.clerk, desktop),
    arrive(browser, demo.screen, projector),
    arrive(browser, `${demo.screen}&n=2`, projector),
  ]);
  await clerk.page.waitForURL(/\/c\//);
  await clerk.page.goto(`${baseUrl}/c/${demo.consultation}/desk`);
});
test.afterAll(async () => {
  for (const person of [desk, clerk, first, second]) await person?.context.close();
  await server?.stop();
});

const screenZone = (page: Page) => page.getByRole('region', { name: '大屏', exact: true });
const open = (page: Page, summary: string) => screenZone(page).getByText(summary).click();

test('[SCR6] the clerk lines up, the moderator looks and shows with one key; nothing is out before', async () => {
  const line = clerk.page.getByRole('region', { name: '待回应意见' }).getByRole('listitem').first();
  const text = (await line.locator('.text span').innerText()).slice(0, 12);
  await line.getByRole('button', { name: /加入大屏排队/ }).click();
  await expect(desk.page.getByRole('img', { name: /^预览/ })).toContainText(text);
  await expect(first.page.locator('.stage')).not.toContainText(text);
  await desk.page.keyboard.press('m');
  await expect(first.page.locator('.stage')).toContainText(text);
  await expect(desk.page.getByRole('img', { name: /^预览/ })).toBeHidden();
});

test('[SCR5] [SCR7] a second screen keeps the commitments; the line is on both; B darkens both', async () => {
  await open(desk.page, '提示行与副屏');
  await desk.page.getByLabel('副屏 2 显示').selectOption('承诺');
  await desk.page.getByLabel('屏幕下方的提示').fill('请关闭手机铃声');
  await desk.page.getByRole('button', { name: '显示', exact: true }).click();
  await expect(second.page.locator('.stage')).toContainText('承诺');
  for (const { page } of [first, second])
    await expect(page.locator('.message')).toHaveText('请关闭手机铃声');
  await screenZone(desk.page).getByRole('group', { name: '大屏' }).getByText('议题').click();
  await expect(first.page.locator('.topic h1')).toBeVisible();
  await expect(second.page.locator('.topic h1')).toBeHidden();
  await second.page.reload();
  await expect(second.page.locator('.message')).toBeVisible();
  await desk.page.keyboard.press('b');
  for (const { page } of [first, second]) await expect(page.locator('.view')).toBeHidden();
  await desk.page.keyboard.press('b');
  await desk.page.getByLabel('副屏 2 显示').selectOption('跟随主屏');
  await expect(second.page.locator('.topic h1')).toBeVisible();
  await desk.page.getByRole('button', { name: '撤下' }).click();
  await expect(first.page.locator('.message')).toBeHidden();
  for (const { faults } of [desk, clerk, first, second]) expect(faults).toEqual([]);
});
