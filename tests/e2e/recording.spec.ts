// Words that the clerk writes down for others: a participant confirms them, a caller follows them by the receipt number;
// and what a citizen says of the answer.
import { expect, test } from '@playwright/test';
import { startServer, type StartedServer } from '../helpers/server.ts';
import { arrive, desktop, phone, type Person } from './people.ts';

let server: StartedServer;
let clerk: Person;
test.beforeAll(async ({ browser }) => {
  server = await startServer();
  const { demo, baseUrl } = server.links;
  clerk = await arrive(browser, demo.clerk, desktop);
  await clerk.page.waitForURL(/\/c\//);
  await clerk.page.goto(`${baseUrl}/c/${demo.consultation}/desk`);
});
test.afterAll(async () => {
  await clerk?.context.close();
  await server?.stop();
});

test('[OPN11] the clerk writes down what a member says; the member confirms it with one tap', async ({
  browser,
}) => {
  const member = await arrive(browser, server.links.demo.members[0]!, phone);
  const { page } = clerk;
  await page.getByRole('button', { name: '代录' }).click();
  const dialog = page.getByRole('dialog', { name: '代录' });
  await dialog.getByLabel('姓名').selectOption({ label: '钱益彰 · 示例食品公司' });
  await dialog.getByLabel(/意见内容/).fill('冷库门口的路请一并修好。');
  await dialog.getByRole('button', { name: '记录' }).click();
  const asked = member.page.getByRole('region', { name: '这是您的意见吗？' });
  await expect(asked).toContainText('冷库门口的路请一并修好。');
  await asked.getByRole('button', { name: '是我的意见' }).click();
  await expect(asked).toBeHidden();
  const line = page
    .getByRole('region', { name: '待回应意见' })
    .getByRole('listitem')
    .filter({ hasText: '冷库门口' });
  await line.locator('.text').click();
  await expect(page.getByRole('dialog')).toContainText('钱益彰 已确认');
  await page.keyboard.press('Escape');
  expect(member.faults).toEqual([]);
  await member.context.close();
});

test('[SUB5] [SUB6] a caller’s words get a receipt number that any phone can follow', async ({
  browser,
}) => {
  const { page } = clerk;
  await page.getByRole('button', { name: '代录' }).click();
  const dialog = page.getByRole('dialog', { name: '代录' });
  await dialog.getByText('群众来电、来信').click();
  await dialog.getByLabel('来自').selectOption('电话');
  await dialog.getByLabel(/意见内容/).fill('楼下路灯坏了三个月。');
  await dialog.getByRole('checkbox').check();
  await dialog.getByRole('button', { name: '记录' }).click();
  const told = await dialog.locator('.receipt').innerText();
  const receipt = told.split('：').at(-1)!.trim();
  expect(receipt).toMatch(/^[0-9A-Z]{8,}/);
  await page.keyboard.press('Escape');

  const citizen = await arrive(browser, `${server.links.demo.public}/mine`, phone);
  const find = citizen.page.getByLabel('用回执号查询');
  await find.fill('000000000000');
  await citizen.page.getByRole('button', { name: '查询' }).click();
  await expect(citizen.page.getByRole('alert')).toContainText('没有找到');
  await find.fill(receipt.toLowerCase());
  await citizen.page.getByRole('button', { name: '查询' }).click();
  await expect(citizen.page.getByRole('article')).toContainText('楼下路灯坏了三个月。');
  expect(citizen.faults.filter((fault) => !fault.includes('404'))).toEqual([]);
  await citizen.context.close();
});
