// Who wrote what on a card, how the board came to be as it is, and bringing back what was deleted.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { startServer, type StartedServer } from '../helpers/server.ts';
import { arrive, desktop, phone } from './people.ts';

let server: StartedServer;
test.beforeEach(async () => {
  server = await startServer();
});
test.afterEach(() => server.stop());

const card = (page: Page, text: string): Locator =>
  page.getByRole('article').filter({ hasText: text });
const dialog = (page: Page): Locator => page.getByRole('dialog');

/** Opens a draft and writes at its beginning. */
async function write(page: Page, in_: string, words: string): Promise<void> {
  await card(page, in_)
    .getByRole('button', { name: new RegExp(`^[^：]*${in_}`) })
    .click();
  await expect(page.getByRole('textbox', { name: '编辑意见' })).toBeFocused();
  await page.keyboard.press('Control+Home');
  await page.keyboard.insertText(words);
  await page.keyboard.press('Escape');
}

async function serious(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}

test('[HIS1][HIS2][HIS3] two write in a card, a third sees whose words they are, goes back, and brings it back', async ({
  browser,
}) => {
  const { demo, baseUrl } = server.links;
  const alice = await arrive(browser, demo.members[1]!, desktop);
  const bob = await arrive(browser, demo.members[2]!, desktop);
  await write(alice.page, '首贷难', '【甲】');
  await expect(card(bob.page, '【甲】')).toBeVisible();
  await write(bob.page, '首贷难', '【乙】');

  const mona = await arrive(browser, demo.moderator, desktop);
  const { page } = mona;
  await expect(page).toHaveURL(/desk/); // she is known here
  await page.goto(`${baseUrl}/c/${demo.consultation}`);
  const draft = card(page, '首贷难');
  await expect(draft).toContainText('【乙】【甲】');

  await test.step('pointing at the names shows colours and every writer, and moves nothing', async () => {
    const before = await draft.locator('.text').boundingBox();
    await draft.getByTitle('看每个字是谁写的').hover();
    await expect(draft.locator('.author-mark')).toHaveCount(2);
    await expect(draft.getByRole('banner').or(draft.locator('header'))).toContainText('荷清扬');
    expect((await draft.locator('.text').boundingBox())!.height).toBe(before!.height);
    await page.mouse.move(0, 0);
    await expect(draft.locator('.author-mark')).toHaveCount(0);
  });

  await test.step('by keyboard: open, go through the passages, close', async () => {
    await draft.getByTitle('看每个字是谁写的').focus();
    await page.keyboard.press('Enter');
    const legend = draft.getByRole('list', { name: '作者' });
    await expect(legend).toContainText('舜思齐');
    await expect(legend).toContainText('荷清扬');
    await draft.locator('.author-mark').first().focus();
    await expect(draft.getByRole('status')).toContainText('荷清扬');
    await page.keyboard.press('ArrowRight');
    await expect(draft.getByRole('status')).toContainText('舜思齐');
    expect(await serious(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(legend).toHaveCount(0);
    await expect(page.locator(':focus')).toContainText('【乙】【甲】');
  });

  await test.step('the card’s history: each step’s text, and an earlier one restored', async () => {
    await draft.getByRole('button', { name: '更多操作' }).click();
    await page.getByRole('menuitem', { name: '历史' }).click();
    const steps = dialog(page).getByRole('region', { name: '经过' }).getByRole('button');
    await expect(steps.last()).toContainText('荷清扬');
    await dialog(page).getByRole('slider').focus();
    await page.keyboard.press('ArrowLeft');
    const then = dialog(page).getByRole('region', { name: '当时的文字' });
    await expect(then).not.toContainText('【乙】');
    await expect(then).toContainText('【甲】');
    expect(await serious(page)).toEqual([]);
    await dialog(page).getByRole('button', { name: '恢复为这时的文字' }).click();
    await expect(card(alice.page, '首贷难')).not.toContainText('【乙】');
    await expect(card(alice.page, '首贷难')).toContainText('【甲】');
    await page.keyboard.press('Escape');
  });

  await test.step('a deleted card is found in the board’s history and brought back', async () => {
    await draft.getByRole('button', { name: '更多操作' }).click();
    await page.getByRole('menuitem', { name: '删除草稿' }).click();
    await expect(card(bob.page, '首贷难')).toHaveCount(0, { timeout: 15_000 });
    await page.getByRole('button', { name: '意见板的历史' }).click();
    await dialog(page).getByText('已删除的卡片（1）').click();
    await dialog(page).getByRole('button', { name: '恢复这张卡片' }).click();
    await expect(card(bob.page, '首贷难')).toContainText('【甲】');
    await expect(card(bob.page, '首贷难')).toContainText('舜思齐');
    await page.keyboard.press('Escape');
    await draft.getByTitle('看每个字是谁写的').click();
    await draft.locator('.author-mark').first().hover();
    await expect(draft.getByRole('status')).toContainText(/舜思齐.*由言正清恢复/);
  });
  for (const person of [alice, bob, mona]) {
    expect(person.faults).toEqual([]);
    await person.context.close();
  }
});

test('[HIS2] on a phone the board’s past plays, and an observer sees it without restoring', async ({
  browser,
}) => {
  const { page, context, faults } = await arrive(browser, server.links.demo.observer, phone);
  await page.getByRole('button', { name: '意见板的历史' }).tap();
  const slider = dialog(page).getByRole('slider');
  const last = Number(await slider.getAttribute('max'));
  expect(last).toBeGreaterThan(3);
  await expect(slider).toHaveValue(String(last));
  await slider.fill('0');
  await expect(dialog(page).locator('button.card')).toHaveCount(0);
  await dialog(page).getByLabel('速度').selectOption('20');
  await dialog(page).getByRole('button', { name: '播放' }).tap();
  await expect(slider).toHaveValue(String(last));
  await expect(dialog(page).locator('button.card').first()).toBeVisible();
  expect(await serious(page)).toEqual([]);
  await dialog(page).locator('button.card').first().tap();
  await expect(dialog(page).getByRole('heading', { name: '这张卡片的历史' })).toBeVisible();
  await expect(dialog(page).getByRole('list', { name: '作者' })).toBeVisible();
  await expect(dialog(page).getByRole('button', { name: /恢复/ })).toHaveCount(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(phone.width);
  expect(await serious(page)).toEqual([]);
  expect(faults).toEqual([]);
  await context.close();
});
