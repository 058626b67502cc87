// Every way in, and what is said to whoever does not get in.
import { expect, test, type Page } from '@playwright/test';
import { api, redeem } from '../helpers/api.ts';
import { startServer, type StartedServer } from '../helpers/server.ts';
import { arrive, desktop, phone, projector } from './people.ts';

let server: StartedServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server.stop());

const demo = () => server.links.demo;
const room = () => `${server.url}/c/${demo().consultation}`;
const articles = (page: Page) => page.getByRole('article');

test('[LGN3] a second invitation asks before it makes the browser another person', async ({
  browser,
}) => {
  const { page, context } = await arrive(browser, demo().members[0]!, phone);
  await expect(articles(page).first()).toBeVisible();
  await page.goto(demo().members[1]!);
  await expect(page.getByText('要换成另一个身份吗？')).toBeVisible();
  await expect(page.getByText('“钱益彰”')).toBeVisible();
  await page.getByRole('link', { name: '保持现在的身份' }).click();
  await expect(page.getByRole('heading', { name: '钱益彰，您好' })).toBeVisible();

  await page.goto(demo().members[1]!);
  await page.getByRole('button', { name: '换成新身份' }).click();
  await expect(page).toHaveURL(room());
  await page.goto(server.url);
  await expect(page.getByRole('heading', { name: '舜思齐，您好' })).toBeVisible();
  await context.close();
});

test('[LGN1] an invitation used on one device tells another what to do', async ({ browser }) => {
  const office = api(server.url, await redeem(server.url, server.links.office));
  const people = [{ name: '新委员', role: 'member', unit: '示例公司', title: '' }];
  const path = `/api/consultations/${demo().consultation}/participants`;
  const added = await office.post<{ token: string }[]>(path, people);
  const link = `${server.url}/i/${added.body[0]!.token}`;

  const first = await arrive(browser, link, phone);
  await expect(first.page).toHaveURL(room());
  const second = await arrive(browser, link, phone);
  await expect(second.page.getByText('请工作人员重新发放')).toBeVisible();
  // the first device may follow its own link again
  await first.page.goto(link);
  await expect(first.page).toHaveURL(room());
  await Promise.all([first.context.close(), second.context.close()]);
});

test('an unknown invitation, code, consultation or page says so, and leads on', async ({
  browser,
}) => {
  const { page, context } = await arrive(browser, `${server.url}/i/no-such-invitation`, phone);
  await expect(page.getByText(/这个邀请链接无效或已撤销/)).toBeVisible();
  await expect(page.getByRole('link', { name: '回到首页' })).toBeVisible();

  await page.goto(`${server.url}/j/00000000`);
  await expect(page.getByText('没有找到这个口令')).toBeVisible();
  await expect(page.getByRole('textbox', { name: '口令' })).toBeVisible();

  // nobody learns whether a consultation exists: the real one answers like one that doesn't
  for (const id of ['no-such-consultation', demo().consultation]) {
    await page.goto(`${server.url}/c/${id}`);
    await expect(page.getByText('无法进入这个商量室')).toBeVisible();
    await expect(page.getByText('请使用您的邀请链接进入')).toBeVisible();
  }

  await page.goto(`${server.url}/no/such/page`);
  await expect(page.getByText('没有这个页面。')).toBeVisible();
  await context.close();
});

test('a wrong screen key shows nothing of the meeting', async ({ browser }) => {
  const wrong = `${server.url}/screen/${demo().consultation}?k=wrong`;
  const { page, context } = await arrive(browser, wrong, projector);
  await expect(page.locator('main p')).toBeVisible();
  await expect(page.locator('.stage')).toHaveCount(0);
  await expect(page.getByText('精准优化')).toHaveCount(0);
  await context.close();
});

test('an observer reads everything, and is offered nothing to write with', async ({ browser }) => {
  const { page, context } = await arrive(browser, demo().observer, desktop);
  await expect(articles(page).filter({ hasText: '同一张营业执照' })).toBeVisible();
  for (const name of ['举手', '写意见', '提交', '交办', '上大屏']) {
    await expect(page.getByRole('button', { name, exact: true })).toHaveCount(0);
  }
  await page.getByText('同一张营业执照').click();
  await expect(page.getByRole('textbox', { name: '编辑意见' })).toHaveCount(0);
  await page.goto(`${room()}/desk`);
  await expect(page.getByText('只有主持人和工作人员可以使用工作台。')).toBeVisible();
  await context.close();
});

test('[SUB2] by a code typed on the start page; a declined submission shows its reason', async ({
  browser,
}) => {
  const { page, context } = await arrive(browser, server.url, phone);
  const code = demo().public.split('/').at(-1)!;
  const typed = `${code.slice(0, 4)} ${code.slice(4)}`.toLowerCase();
  await page.getByRole('textbox', { name: '口令' }).fill('短');
  await page.getByRole('button', { name: '进入' }).click();
  await expect(page.getByText('口令是八位数字和字母')).toBeVisible();
  await page.getByRole('textbox', { name: '口令' }).fill(typed);
  await page.getByRole('button', { name: '进入' }).click();
  await expect(articles(page).first()).toBeVisible();

  const text = '会议室的椅子太少。';
  await page.getByRole('button', { name: '我要提意见' }).click();
  await page.getByRole('textbox').fill(text);
  await page.getByRole('button', { name: '提交' }).click();
  await expect(page.getByText('请先勾选同意说明。')).toBeVisible();
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: '提交' }).click();
  await page.getByRole('button', { name: '查看处理进度' }).click();
  const receipt = articles(page).filter({ hasText: text });
  await expect(receipt).toContainText('等待中');

  const desk = await arrive(browser, demo().moderator, desktop);
  const waiting = desk.page
    .getByRole('region', { name: '扫码意见审核' })
    .getByRole('listitem')
    .filter({ hasText: text });
  await waiting.getByRole('button', { name: '不采用' }).click();
  await waiting.getByRole('button', { name: '与议题无关' }).click();
  await expect(receipt).toContainText('未采用');
  await expect(receipt).toContainText('原因：与议题无关');
  await page.reload();
  await expect(receipt).toContainText('原因：与议题无关');
  await Promise.all([context.close(), desk.context.close()]);
});
