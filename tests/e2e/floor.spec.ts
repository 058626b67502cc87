// The floor and the agenda as the one who conducts meets them: booked speeches, an interposed question, a citizen who asks
// to speak, a stage skipped, an agenda edited.
import { expect, test, type Locator } from '@playwright/test';
import { startServer, type StartedServer } from '../helpers/server.ts';
import { countFrom } from './counting.ts';
import { arrive, desktop, phone, type Person } from './people.ts';

let server: StartedServer;
let desk: Person;
test.beforeAll(async ({ browser }) => {
  server = await startServer();
  desk = await arrive(browser, server.links.demo.moderator, desktop);
  await expect(next()).toBeVisible();
});
test.afterAll(async () => {
  await desk?.context.close();
  await server?.stop();
});

const region = (name: string): Locator => desk.page.getByRole('region', { name });
const next = () => desk.page.getByRole('button', { name: /^(下一位|结束发言|回到发言)/ });
const queue = () => region('发言席').getByRole('listitem');

test('[FLR7] who booked on the phone leads the queue as soon as the stage begins, with one click for both', async ({
  browser,
}) => {
  const member = await arrive(browser, server.links.demo.members[1]!, phone);
  await member.page.getByRole('button', { name: /^发言/ }).first().tap();
  await member.page.getByLabel('发言主题').fill('首贷为什么难');
  await member.page.getByRole('button', { name: '预约发言' }).tap();
  await expect(desk.page.getByRole('button', { name: '预约 1' })).toBeVisible();
  const effort = await countFrom(desk.page);
  await region('议程')
    .getByRole('button', { name: /^预约发言/ })
    .click();
  await expect(queue().first()).toContainText('预约发言');
  await expect(queue().first()).toContainText('首贷为什么难');
  expect(await effort()).toEqual({ clicks: 1, keys: 0 });
  await member.context.close();
});

test('[FLR13] 插问 holds the speech; one click goes back to it', async () => {
  await next().click();
  const card = region('发言席').locator('.speaker');
  const speaker = await card.locator('strong').innerText();
  await desk.page.getByRole('button', { name: '插问' }).click();
  await desk.page.getByRole('dialog').getByRole('button').filter({ hasText: '路长明' }).click();
  await expect(card).toContainText('插问中');
  await expect(card).toContainText(`${speaker} 的发言已暂停`);
  await expect(next()).toContainText('回到发言');
  const effort = await countFrom(desk.page);
  await next().click();
  await expect(card.locator('strong').first()).toHaveText(speaker);
  expect(await effort()).toEqual({ clicks: 1, keys: 0 });
});

test('[FLR10] the queue is reordered by the keyboard, and says who did it', async ({ browser }) => {
  const member = await arrive(browser, server.links.demo.members[3]!, phone);
  await member.page.getByRole('button', { name: '举手', exact: true }).tap();
  await expect(member.page.getByText(/已举手/)).toBeVisible();
  await member.context.close();
  const names = () => queue().locator('.who strong').allInnerTexts();
  await expect.poll(async () => (await names()).length).toBeGreaterThan(1);
  const [first, second] = await names();
  const more = desk.page.getByRole('button', { name: `${second} 的更多操作` });
  await more.press('Enter');
  await desk.page.getByRole('menuitem', { name: `上移 ${second}` }).press('Enter');
  await expect.poll(names).toEqual(expect.arrayContaining([second, first]));
  await expect(queue().first()).toContainText(second!);
  await expect(queue().first()).toContainText('调整');
});

test('[FLR17] a citizen asks to speak once the stage is opened, and the room sees 周** alone', async ({
  browser,
}) => {
  const citizen = await arrive(browser, server.links.demo.public, phone);
  await expect(citizen.page.getByRole('heading').first()).toBeVisible();
  await expect(citizen.page.getByRole('button', { name: '申请发言' })).toHaveCount(0);
  await desk.page.getByRole('button', { name: '轮次与名额' }).click();
  await desk.page.getByLabel('允许扫码群众申请发言').check();
  await desk.page.keyboard.press('Escape');
  await citizen.page.getByLabel(/怎么称呼您/).fill('周建国');
  await citizen.page.getByRole('button', { name: '申请发言' }).tap();
  const row = queue().filter({ hasText: '周**' });
  await expect(row).toContainText('扫码');
  await expect(desk.page.getByText('周建国')).toHaveCount(0);
  await row.getByRole('button', { name: /^请他发言/ }).click();
  await expect(citizen.page.getByText('请您发言')).toBeVisible();
  await citizen.context.close();
});

test('[FLR12] someone heard is called back with one click beside their time', async () => {
  await next().click();
  await region('发言席').getByText('发言用时').click();
  const heard = desk.page.getByRole('button', { name: /^再请/ }).first();
  const name = (await heard.getAttribute('aria-label'))!.replace('再请 ', '');
  await heard.click();
  await expect(region('发言席').locator('.speaker strong').first()).toHaveText(name);
});

test('[AGD3] the agenda is edited on the desk while the meeting runs; what has begun stays', async () => {
  const strip = region('议程');
  await strip.getByRole('button', { name: '议程操作' }).click();
  await desk.page.getByRole('menuitem', { name: '编辑议程' }).click();
  const editor = desk.page.getByRole('dialog', { name: '编辑议程' });
  await expect(editor.getByRole('button', { name: '删除 开场' })).toBeDisabled();
  await editor.getByRole('button', { name: '添加环节' }).click();
  await editor.getByLabel('环节名称').last().fill('茶歇');
  await editor.getByRole('button', { name: '上移 茶歇' }).click();
  await editor.getByRole('button', { name: '保存议程' }).click();
  await expect(strip.getByRole('listitem').nth(-2)).toContainText('茶歇');
});

test('nothing went wrong in the desk’s page', () => {
  expect(desk.faults).toEqual([]);
});
