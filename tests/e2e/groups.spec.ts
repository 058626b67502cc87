// 分散 and 集中: the moderator parts the meeting by site; a member on a phone and one on a desktop find themselves in
// their groups' lanes, write, and meet again on the common lane.
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { startServer, type StartedServer } from '../helpers/server.ts';
import { arrive, desktop, phone, type Person } from './people.ts';

test.describe.configure({ mode: 'serial' });

let server: StartedServer;
let moderator: Person;
let alice: Person;
let bob: Person;

const hers = '我们组建议窗口开到晚上八点。';
const his = '我们组建议装卸货分时段。';

test.beforeAll(async ({ browser }) => {
  server = await startServer();
  const { demo } = server.links;
  [moderator, alice, bob] = await Promise.all([
    arrive(browser, demo.moderator, desktop),
    arrive(browser, demo.members[0]!, phone),
    arrive(browser, demo.members[1]!, desktop),
  ]);
  for (const { page } of [alice, bob])
    await expect(page.getByRole('heading', { name: /精准优化营商环境/ })).toBeVisible();
  // one in the hall, the other at the site
  for (const [{ page }, place] of [
    [alice, /会场/],
    [bob, /现场/],
  ] as const) {
    const asks = page.getByRole('heading', { name: '请签到' });
    if (await asks.isVisible()) await page.getByRole('button', { name: place }).first().click();
  }
});

test.afterAll(async () => {
  for (const person of [moderator, alice, bob]) await person?.context.close();
  await server?.stop();
});

test('[GRP1] the moderator puts someone elsewhere by keyboard and parts the meeting by site', async () => {
  const desk = moderator.page;
  await desk.getByRole('button', { name: /到场/ }).click();
  await desk.getByRole('combobox', { name: '为 舜思齐 签到' }).selectOption('现场');
  await desk.keyboard.press('Escape');
  await desk.getByRole('button', { name: '分组' }).click();
  const dialog = desk.getByRole('dialog');
  await dialog.getByRole('button', { name: '按会场' }).press('Enter');
  await expect(dialog.getByRole('region', { name: '会场组' })).toContainText('钱益彰');
  await expect(dialog.getByRole('region', { name: '现场组' })).toContainText('舜思齐');
  const { violations } = await new AxeBuilder({ page: desk }).include('dialog').analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await dialog.getByRole('button', { name: '开始分散' }).click();
  await expect(desk.getByRole('region', { name: '分散讨论' })).toContainText('现场组');
});

test('[GRP4] on a phone the own group’s lane is chosen, on a desktop it is the first; both write there', async () => {
  const tab = alice.page.getByRole('tab', { name: /我的小组：会场组/ });
  await expect(tab).toHaveAttribute('aria-selected', 'true');
  await expect(alice.page.getByText('分散讨论', { exact: true })).toBeVisible();
  await expect(alice.page.getByRole('status').getByText('您在会场组')).toBeAttached();
  await alice.page.getByRole('navigation').getByRole('button', { name: '写意见' }).click();
  await expect(alice.page.getByRole('textbox', { name: '编辑意见' })).toBeFocused();
  await alice.page.keyboard.insertText(hers);
  await alice.page.keyboard.press('Escape');
  await expect(tab).toContainText('1');

  const lanes = bob.page.locator('#board section');
  await expect(lanes.first()).toHaveAccessibleName('现场组');
  await expect(lanes.first()).toContainText('我的小组');
  await lanes
    .first()
    .getByRole('button', { name: /写意见/ })
    .click();
  await expect(bob.page.getByRole('textbox', { name: '编辑意见' })).toBeFocused();
  await bob.page.keyboard.insertText(his);
  // another group's lane is out of the way, and can be looked into
  await expect(bob.page.getByText(hers)).toHaveCount(0);
  await bob.page.getByRole('button', { name: /会场组 1 条/ }).click();
  await expect(bob.page.getByText(hers)).toBeVisible();
  for (const { page } of [alice, bob]) {
    const { violations } = await new AxeBuilder({ page }).include('#board').analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
  }
});

test('[GRP5] collecting asks while someone writes, keeps their words, and everyone sees where cards come from', async () => {
  const desk = moderator.page.getByRole('region', { name: '分散讨论' });
  await desk.getByRole('button', { name: '+5 分钟' }).click();
  await desk.getByRole('button', { name: '集中', exact: true }).click();
  const dialog = moderator.page.getByRole('dialog');
  await expect(dialog).toContainText('舜思齐（现场组） 正在写');
  // the desk's keys rest behind a question
  await moderator.page.keyboard.press('n');
  await expect(moderator.page.getByText('现在没有人发言')).toBeVisible();
  await dialog.getByRole('button', { name: '现在集中' }).click();
  await expect(desk).toHaveCount(0);

  // he goes on where he was
  await bob.page.keyboard.insertText('先试三个月。');
  await expect(bob.page.getByRole('textbox', { name: '编辑意见' })).toContainText(
    `${his}先试三个月。`,
  );
  for (const { page } of [alice, bob]) {
    await expect(page.locator('strong', { hasText: '已集中' })).toBeVisible();
    const cards = page.getByRole('article');
    await expect(cards.filter({ hasText: hers })).toContainText('来自 会场组');
    await expect(cards.filter({ hasText: his })).toContainText('来自 现场组');
  }
  await expect(alice.page.getByRole('tab', { name: /集中意见/ })).toHaveAttribute(
    'aria-selected',
    'true',
  );
  await expect(bob.page.getByRole('region', { name: '现场组' })).toHaveCount(0);
});

test('nothing went wrong in any page', async () => {
  for (const { faults } of [moderator, alice, bob]) expect(faults).toEqual([]);
});
