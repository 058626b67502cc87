// Who is there: checked in at a door, by the clerk, by a substitute, excused; and what is printed of it.
import { expect, test, type Page } from '@playwright/test';
import { startServer, type StartedServer } from '../helpers/server.ts';
import { arrive, desktop, phone, type Person } from './people.ts';

let server: StartedServer;
let clerk: Person;
test.beforeAll(async ({ browser }) => {
  server = await startServer();
  clerk = await arrive(browser, server.links.demo.clerk, desktop);
  await clerk.page.waitForURL(/\/c\//);
  await clerk.page.goto(`${server.links.baseUrl}/c/${server.links.demo.consultation}/desk`);
});
test.afterAll(async () => {
  await clerk?.context.close();
  await server?.stop();
});

const roster = (page: Page) => page.getByRole('dialog', { name: '签到' });
const line = (page: Page, name: string) =>
  roster(page).getByRole('listitem').filter({ hasText: name });

test('[ATT1] a member who left and scans the code at a door checks in there with one tap', async ({
  browser,
}) => {
  const { demo, baseUrl } = server.links;
  const member = await arrive(browser, demo.members[0]!, phone);
  await member.page.getByRole('button', { name: '更多' }).first().click();
  await member.page.getByRole('button', { name: '提前离开' }).click();
  await expect(member.page.getByText('请签到')).toBeVisible();
  await member.page.goto(`${baseUrl}/c/${demo.consultation}?site=onsite`);
  const suggested = member.page.getByRole('button', { name: /扫码所在地点/ });
  await expect(suggested).toContainText('现场');
  await suggested.click();
  await expect(member.page.getByText('请签到')).toBeHidden();
  expect(member.faults).toEqual([]);
  await member.context.close();
});

test('[ATT2] [ATT4] the clerk notes who sits in and who is excused, and finds who is missing', async () => {
  const { page } = clerk;
  await page.getByRole('button', { name: /^到场/ }).click();
  await line(page, '市清和').getByRole('button', { name: '替会' }).click();
  await line(page, '市清和').getByLabel('替会人姓名').fill('代清和');
  await line(page, '市清和').getByRole('button', { name: '保存' }).click();
  await expect(line(page, '代清和')).toContainText('代 市清和');
  await line(page, '代清和')
    .getByRole('button', { name: /本人到会/ })
    .click();
  await expect(line(page, '市清和')).not.toContainText('代 ');

  await roster(page).getByRole('button', { name: '未到' }).click();
  const missing = roster(page).getByRole('listitem').first();
  const name = await missing.locator('.name').innerText();
  await missing.getByRole('button', { name: '请假' }).click();
  await missing.getByLabel(/原因/).fill('住院');
  await missing.locator('form').getByRole('button', { name: '请假' }).click();
  await roster(page).getByRole('button', { name: '请假', exact: true }).first().click();
  await expect(line(page, name)).toContainText('住院');
  await page.keyboard.press('Escape');
});

test('[ATT6] sign-in sheet, name cards and seats are printed from the same list', async () => {
  const { page } = clerk;
  const { demo, baseUrl } = server.links;
  await page.goto(`${baseUrl}/c/${demo.consultation}/print/sign-in`);
  await expect(page.getByRole('row').filter({ hasText: '钱益彰' })).toContainText('示例食品公司');
  await page.getByRole('link', { name: '席签' }).click();
  await expect(page.getByText('钱益彰')).toHaveCount(2);
  await page.getByRole('link', { name: '座次表' }).click();
  await page.getByRole('button', { name: '按名单排座' }).click();
  const front = page.getByRole('button', { name: /^1 排 5 座/ });
  const second = page.getByRole('button', { name: /^1 排 4 座/ });
  const [middle, beside] = [await front.innerText(), await second.innerText()];
  await front.click();
  await second.click();
  expect([await front.innerText(), await second.innerText()]).toEqual([beside, middle]);
  await page.getByRole('button', { name: '保存座次' }).click();
  await page.reload();
  expect(await front.innerText()).toBe(beside);
  expect(clerk.faults).toEqual([]);
});
