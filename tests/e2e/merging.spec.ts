// 并案 and its undoing: drafts by mouse and by keys, tabled with both authors, opinions merged at the desk, and on a phone.
import { expect, test, type Locator, type Page } from '@playwright/test';
import { startServer, type StartedServer } from '../helpers/server.ts';
import { arrive, desktop, phone, type Person } from './people.ts';

test.describe.configure({ mode: 'serial' });

let server: StartedServer;
let alice: Person;
let bob: Person;
let moderator: Person;

const ofAlice = '把商业街的窗口开到晚上八点';
const ofBob = '窗口周末也要有人值守';

test.beforeAll(async ({ browser }) => {
  server = await startServer();
  const { demo } = server.links;
  [alice, bob, moderator] = await Promise.all([
    arrive(browser, demo.members[0]!, desktop),
    arrive(browser, demo.members[1]!, phone),
    arrive(browser, demo.moderator, desktop),
  ]);
  for (const { page } of [alice, bob]) {
    const asks = page.getByRole('heading', { name: '请签到' });
    await expect(page.getByRole('group', { name: '意见板' })).toBeVisible();
    if (await asks.isVisible()) await page.getByRole('button', { name: /会场/ }).first().click();
    await expect(asks).toBeHidden();
  }
});

test.afterAll(async () => {
  for (const person of [alice, bob, moderator]) await person?.context.close();
  await server?.stop();
});

const card = (page: Page, text: string): Locator =>
  page.getByRole('article').filter({ hasText: text });
const fold = (page: Page, text: string): Locator =>
  card(page, text).getByRole('button', { name: /并入 \d+ 条/ });

async function write({ page }: Person, text: string): Promise<void> {
  await page.getByRole('button', { name: '写意见', exact: true }).last().click();
  await expect(page.getByRole('textbox', { name: '编辑意见' })).toBeFocused();
  await page.keyboard.insertText(text);
  await page.keyboard.press('Escape');
  await expect(card(page, text)).toBeVisible();
}

/** From the head of one card to the middle of another, and held there. */
async function drag(page: Page, from: Locator, to: Locator): Promise<void> {
  await page.bringToFront();
  await from.scrollIntoViewIfNeeded();
  const [start, end] = [(await from.boundingBox())!, (await to.boundingBox())!];
  const x = start.x + start.width / 2;
  await page.mouse.move(x, start.y + 20);
  await page.mouse.down();
  await page.mouse.move(x + 5, start.y + 30, { steps: 4 });
  await page.mouse.move(x, end.y + end.height / 2, { steps: 8 });
  await page.mouse.move(x, end.y + end.height / 2 + 2, { steps: 2 });
}

test('[BRD20] two drafts are merged by mouse: the middle takes in, and says so; Ctrl+Z undoes it', async () => {
  await write(alice, ofAlice);
  await write(bob, ofBob);
  const { page } = alice;
  const [from, to] = [card(page, ofBob), card(page, ofAlice)];
  await expect(from.getByText('正在编辑')).toHaveCount(0);
  await drag(page, from, to);
  await expect(to).toHaveAttribute('data-drop-onto', '松手并案');
  await page.mouse.up();
  await expect(fold(page, ofAlice)).toContainText('并入 1 条');
  await expect(card(page, ofBob)).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await expect(card(page, ofBob)).toBeVisible();
});

test('[BRD20] the same by keys alone: Alt+M, a few letters, Enter; the phone sees it', async () => {
  const { page } = alice;
  await card(page, ofBob).getByRole('button', { name: ofBob }).focus();
  await page.keyboard.press('Alt+m');
  const list = page.getByRole('dialog');
  await expect(list.getByRole('combobox')).toBeFocused();
  await page.keyboard.insertText('八点');
  await expect(list.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(list).toHaveCount(0);
  await expect(fold(page, ofAlice)).toBeVisible();
  await fold(bob.page, ofAlice).click();
  await expect(card(bob.page, ofAlice).getByText(ofBob, { exact: true })).toBeVisible();
  await card(bob.page, ofAlice).getByRole('button', { name: '拆出' }).click();
  await expect(card(page, ofBob)).toBeVisible();
  await expect(fold(page, ofAlice)).toHaveCount(0);
});

test('[OPN9] on a phone by menu; what is merged is looked at and tabled with it, under both names', async () => {
  const phoneCard = card(bob.page, ofBob);
  await phoneCard.getByRole('button', { name: '更多操作' }).click();
  await bob.page.getByRole('menuitem', { name: /并入/ }).click();
  await bob.page.getByRole('option').filter({ hasText: ofAlice }).click();
  await expect(fold(bob.page, ofAlice)).toBeVisible();
  const { page } = alice;
  const own = card(page, ofAlice);
  await expect(fold(page, ofAlice)).toBeVisible();
  await own.getByRole('button', { name: '提交', exact: true }).click();
  await expect(own.locator('blockquote').filter({ hasText: ofBob })).toBeVisible();
  await own.getByRole('button', { name: '确认提交' }).click();
  await expect(own).toContainText('已提交');
  await expect(own.locator('header').first()).toContainText('钱益彰');
  await expect(own.locator('header').first().locator('.person')).toHaveCount(2);
  await fold(page, ofAlice).click();
  await expect(own.getByText(ofBob, { exact: true })).toBeVisible();
  await expect(own.getByRole('button', { name: '拆出' })).toHaveCount(0);
});

test('[OPN6] the desk merges opinions and splits them again; numbers stay', async () => {
  await write(alice, '排队人数要公布');
  const other = card(alice.page, '排队人数要公布');
  await other.getByRole('button', { name: '提交', exact: true }).click();
  await other.getByRole('button', { name: '确认提交' }).click();
  await expect(other).toContainText('已提交');
  const no = (await other.locator('.no').first().innerText()).replace(/\D/g, '');
  const desk = moderator.page;
  await desk.getByRole('button', { name: /全部意见/ }).click();
  const line = desk.getByRole('listitem').filter({ hasText: '排队人数要公布' });
  await line.getByRole('button', { name: '并入…' }).click();
  await expect(desk.getByRole('combobox')).toBeFocused();
  await desk.keyboard.insertText('八点');
  await desk.keyboard.press('Enter');
  await expect(fold(alice.page, ofAlice)).toContainText('并入 2 条');
  await expect(line).toContainText('并入第');
  await line.getByRole('button', { name: '拆出' }).click();
  await expect(other.locator('.no').first()).toContainText(no);
  await expect(fold(alice.page, ofAlice)).toContainText('并入 1 条');
});

test('nothing went wrong in any page', () => {
  for (const { faults } of [alice, bob, moderator]) expect(faults).toEqual([]);
});
