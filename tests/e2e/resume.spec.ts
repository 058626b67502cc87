// The server is killed (kill -9) or the network is cut in the middle of things: the pages stay open
// and go on by themselves.
import { expect, test, type Locator, type Page } from '@playwright/test';
import { startServer, type StartedServer } from '../helpers/server.ts';
import { arrive, desktop, phone, projector, type Person } from './people.ts';

let server: StartedServer;
let everyone: Person[] = [];
test.beforeEach(async () => {
  server = await startServer();
});
test.afterEach(async () => {
  for (const { context } of everyone) await context.close();
  everyone = [];
  await server.stop();
});

const newcomer = async (...args: Parameters<typeof arrive>): Promise<Person> => {
  const person = await arrive(...args);
  everyone.push(person);
  // a reload would take this mark away
  await person.page.evaluate(() => Object.assign(window, { neverReloaded: true }));
  return person;
};
const stayed = ({ page }: Person) => page.evaluate(() => 'neverReloaded' in window);

const card = (page: Page, text: string): Locator =>
  page.getByRole('article').filter({ hasText: text });
const status = (page: Page): Locator => page.getByRole('banner').getByRole('status');
const saved = (page: Page) => expect(status(page)).toHaveText(/已保存/);
const away = (page: Page) => expect(status(page)).toHaveText(/离线/);
const editor = (page: Page): Locator => page.getByRole('textbox', { name: '编辑意见' });
const once = (whole: string, part: string) => expect(whole.split(part).length - 1).toBe(1);

async function openDraft(page: Page, words: string): Promise<void> {
  await card(page, words).getByRole('button', { name: words }).click();
  await expect(editor(page)).toBeFocused();
  await page.keyboard.press('Control+End');
}

test('[CLI1] the server is killed while people type, raise hands and answer: all of it arrives, once', async ({
  browser,
}) => {
  const { demo } = server.links;
  const alice = await newcomer(browser, demo.members[1]!, desktop);
  const bob = await newcomer(browser, demo.members[4]!, phone);
  const unit = await newcomer(browser, demo.departments[3]!, desktop);
  const screen = await newcomer(browser, demo.screen, projector);
  await expect(screen.page.locator('.stage .view')).toBeVisible();

  await openDraft(alice.page, '首贷难');
  await alice.page.keyboard.insertText('【甲】');
  await expect(card(bob.page, '首贷难')).toContainText('【甲】');
  const response = '清单九月上线，逐条写明条件。';
  await card(unit.page, '惠企政策散在')
    .getByRole('button', { name: /惠企政策/ })
    .click();
  const sheet = unit.page.getByRole('dialog');
  await sheet.getByRole('button', { name: /写回应/ }).click();
  await sheet.getByLabel('回应内容').fill(response.slice(0, 6));

  await alice.page.keyboard.type('【乙】', { delay: 1 });
  await server.kill('SIGKILL');
  await alice.page.keyboard.type('【丙】', { delay: 1 });
  await sheet.getByLabel('回应内容').fill(response);
  for (const { page } of [alice, bob, unit]) await away(page);
  // nothing that was seen is gone
  await expect(card(bob.page, '首贷难')).toContainText('【甲】');
  await expect(screen.page.locator('.stage .view')).toBeVisible();
  await alice.page.keyboard.insertText('【丁】');
  await expect(status(alice.page)).toHaveText(/离线 \d+ 条/);
  await bob.page.getByRole('button', { name: '举手', exact: true }).tap();
  await sheet.getByRole('button', { name: '发布', exact: true }).click();
  await expect(status(bob.page)).toHaveText('离线 1 条');

  await server.restart();
  for (const { page } of [alice, bob, unit]) await saved(page);
  await expect(card(bob.page, '首贷难')).toContainText('【甲】【乙】【丙】【丁】');
  await expect(bob.page.getByText(/已举手/)).toBeVisible();
  await expect(sheet.getByText(response)).toHaveCount(1);
  await expect(card(alice.page, '惠企政策散在')).toContainText('已回应');

  // whoever comes now sees each of them once
  const late = await newcomer(browser, demo.moderator, desktop);
  const hands = late.page.getByRole('region', { name: '发言席' }).getByRole('listitem');
  await expect(hands.filter({ hasText: '禾有余' })).toHaveCount(1);
  await late.page.goto(`${server.url}/c/${demo.consultation}`);
  await expect(card(late.page, '首贷难')).toContainText('【丁】');
  const text = await card(late.page, '首贷难').innerText();
  for (const part of ['【甲】', '【乙】', '【丙】', '【丁】']) once(text, part);
  await expect(late.page.getByText(response)).toHaveCount(1);
  for (const person of [alice, bob, unit, screen]) expect(await stayed(person)).toBe(true);
});

test('[CLI2] a cut network: two write on, both see both, and a reload afterwards loses no word', async ({
  browser,
}) => {
  const { demo } = server.links;
  const alice = await newcomer(browser, demo.members[1]!, desktop);
  const bob = await newcomer(browser, demo.members[2]!, phone);
  await openDraft(alice.page, '首贷难');
  await saved(alice.page);
  // he has not opened an editor yet, and still can when he is cut off: its code is there by then
  await bob.page.waitForFunction(() =>
    performance.getEntriesByType('resource').some(({ name }) => name.includes('opinion-editor')),
  );
  await alice.context.setOffline(true);
  await alice.page.keyboard.insertText('【断网时写的】');
  await bob.context.setOffline(true);
  await openDraft(bob.page, '首贷难');
  await bob.page.keyboard.insertText('【另一人断网写的】');
  for (const { page } of [alice, bob]) await expect(status(page)).toHaveText(/离线 \d+ 条/);
  await alice.context.setOffline(false);
  await bob.context.setOffline(false);
  for (const { page } of [alice, bob]) {
    await saved(page);
    await expect(editor(page)).toContainText('【断网时写的】');
    await expect(editor(page)).toContainText('【另一人断网写的】');
  }
  for (const { page } of [alice, bob]) {
    await page.reload();
    // what this device has kept is there first, the other's words when the server has answered
    await expect(card(page, '首贷难')).toContainText('【断网时写的】');
    await expect(card(page, '首贷难')).toContainText('【另一人断网写的】');
    const text = await card(page, '首贷难').innerText();
    once(text, '【断网时写的】');
    once(text, '【另一人断网写的】');
  }
});

test('[CLI2] words typed while the server is gone outlive the page', async ({ browser }) => {
  const alice = await newcomer(browser, server.links.demo.members[1]!, desktop);
  await openDraft(alice.page, '首贷难');
  await saved(alice.page);
  await server.kill('SIGKILL');
  await away(alice.page);
  await alice.page.keyboard.insertText('【只在本机】');
  await expect(status(alice.page)).toHaveText(/离线 \d+ 条/);
  // closed and opened again, in the same browser, after the server has come back
  await alice.page.close();
  await server.restart();
  const again = await alice.context.newPage();
  await again.goto(`${server.url}/c/${server.links.demo.consultation}`);
  await expect(card(again, '首贷难')).toContainText('【只在本机】');
  await saved(again);
  const bob = await newcomer(browser, server.links.demo.members[2]!, desktop);
  await expect(card(bob.page, '首贷难')).toContainText('【只在本机】');
  once(await card(bob.page, '首贷难').innerText(), '【只在本机】');
});

test('[CLI2] the text of a response form survives a reload', async ({ browser }) => {
  const { page } = await newcomer(browser, server.links.demo.departments[3]!, phone);
  await page.getByRole('button', { name: /^回应（/ }).click();
  await page.getByLabel('回应内容').fill('还没写完的回应');
  await page.getByLabel('承诺做什么').fill('清单上线');
  await page.reload();
  await page.getByRole('button', { name: /^回应（/ }).click();
  await expect(page.getByLabel('回应内容')).toHaveValue('还没写完的回应');
  await expect(page.getByLabel('承诺做什么')).toHaveValue('清单上线');
});
