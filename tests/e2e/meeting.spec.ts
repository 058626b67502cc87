// A whole meeting by six people at six devices: the moderator at the desk, two members on phones, a
// department, the big screen, and a citizen who scanned the code.
import { expect, test, type Locator, type Page } from '@playwright/test';
import { startServer, type StartedServer } from '../helpers/server.ts';
import { arrive, desktop, phone, projector, type Person } from './people.ts';

test.describe.configure({ mode: 'serial' });

let server: StartedServer;
let moderator: Person;
let alice: Person;
let bob: Person;
let department: Person;
let screen: Person;
let citizen: Person;

const words = '建议把商业街的办事窗口开到晚上八点';
const more = '，并公布排队人数。';

test.beforeAll(async ({ browser }) => {
  server = await startServer();
  const { demo } = server.links;
  [moderator, alice, bob, department, screen, citizen] = await Promise.all([
    arrive(browser, demo.moderator, desktop),
    arrive(browser, demo.members[0]!, phone),
    arrive(browser, demo.members[1]!, phone),
    arrive(browser, demo.departments[0]!, desktop),
    arrive(browser, demo.screen, projector),
    arrive(browser, demo.public, phone),
  ]);
});

test.afterAll(async () => {
  for (const person of [moderator, alice, bob, department, screen, citizen]) {
    await person?.context.close();
  }
  await server?.stop();
});

const card = (page: Page, text: string): Locator =>
  page.getByRole('article').filter({ hasText: text });

/** Checks in where the room still asks for it. */
async function checkIn({ page }: Person): Promise<void> {
  await expect(page.getByRole('heading', { name: /精准优化营商环境/ })).toBeVisible();
  const asks = page.getByRole('heading', { name: '请签到' });
  if (await asks.isVisible()) await page.getByRole('button', { name: /会场/ }).first().click();
  await expect(asks).toBeHidden();
}

test('everyone enters by their link alone, and the room is there', async () => {
  await expect(moderator.page).toHaveURL(/\/c\/[^/]+\/desk$/);
  await expect(
    moderator.page.getByRole('button', { name: /下一位|结束发言/ }).first(),
  ).toBeVisible();
  for (const person of [alice, bob, department]) await checkIn(person);
  await expect(screen.page.locator('.stage')).toBeVisible();
  await expect(citizen.page.getByText('精准优化营商环境').first()).toBeVisible();
});

test('a member writes an opinion, another sees every character and adds to it', async () => {
  await alice.page.getByRole('navigation').getByRole('button', { name: '写意见' }).click();
  const editor = alice.page.getByRole('textbox', { name: '编辑意见' });
  await expect(editor).toBeFocused();
  await alice.page.keyboard.insertText(words);
  const seen = card(bob.page, words);
  await expect(seen).toBeVisible();
  await expect(seen.getByText('正在编辑')).toBeVisible();
  await seen.getByRole('button', { name: words }).click();
  const own = bob.page.getByRole('textbox', { name: '编辑意见' });
  await expect(own).toBeFocused();
  await bob.page.keyboard.press('Control+End');
  await bob.page.keyboard.insertText(more);
  await expect(editor).toContainText(words + more);
  // the carets are named
  await expect(alice.page.locator('.cm-ySelectionInfo')).toHaveCount(1);
  await bob.page.keyboard.press('Escape');
  await alice.page.keyboard.press('Escape');
  await expect(alice.page.getByText('已保存').first()).toBeVisible();
});

test('tabling fixes text and number, with one click and a look', async () => {
  const own = card(alice.page, words);
  await own.getByRole('button', { name: '提交', exact: true }).click();
  await expect(own.getByText('提交后文字即固定')).toBeVisible();
  await own.getByRole('button', { name: '确认提交' }).click();
  await expect(card(alice.page, words)).toContainText('已提交');
  await expect(card(bob.page, words)).toContainText('已提交');
  await expect(
    card(bob.page, words).getByRole('button', { name: '提交', exact: true }),
  ).toHaveCount(0);
});

test('one click brings it to the big screen; citizens may read it now', async () => {
  await moderator.page.getByRole('button', { name: /全部意见/ }).click();
  const line = moderator.page.getByRole('listitem').filter({ hasText: words });
  await line.getByRole('button', { name: '上大屏' }).click();
  await expect(screen.page.getByText(words + more)).toBeVisible();
  await expect(citizen.page.getByText(words + more)).toBeVisible();
});

test('two clicks give it to a department, which answers on the spot', async () => {
  const line = moderator.page.getByRole('listitem').filter({ hasText: words });
  await line.getByRole('button', { name: '交办' }).click();
  await line.getByRole('group', { name: '交给哪个部门主办' }).getByRole('button').first().click();
  await expect(line.getByRole('button', { name: '改办' })).toBeVisible();
  await expect(card(department.page, words)).toContainText('已交办');

  await card(department.page, words).getByRole('button', { name: words }).click();
  const sheet = department.page.getByRole('dialog');
  await sheet.getByRole('button', { name: /写回应/ }).click();
  await sheet.getByLabel('回应内容').fill('可以延长到八点，下月起试行。');
  await sheet.getByLabel('承诺做什么').first().fill('窗口延时到晚上八点');
  await sheet.getByRole('button', { name: '发布', exact: true }).click();
  await expect(sheet.getByText('可以延长到八点，下月起试行。')).toBeVisible();
  await department.page.keyboard.press('Escape');

  await expect(card(alice.page, words)).toContainText('已回应');
  await expect(screen.page.getByText('窗口延时到晚上八点')).toBeVisible();
  await expect(citizen.page.getByText('可以延长到八点，下月起试行。')).toBeVisible();
});

test('the author asks back once', async () => {
  await card(alice.page, words).getByRole('button', { name: words }).click();
  const sheet = alice.page.getByRole('dialog');
  await sheet.getByRole('button', { name: '追问' }).click();
  await sheet.getByLabel('想追问什么').fill('周末也开吗？');
  await sheet.getByRole('button', { name: '发送' }).click();
  await expect(sheet.getByText('周末也开吗？')).toBeVisible();
  await expect(sheet.getByRole('button', { name: '追问' })).toHaveCount(0);
  await alice.page.keyboard.press('Escape');
});

test('a citizen supports and submits; the desk accepts with one key; the receipt tells', async () => {
  const item = citizen.page.getByRole('article').filter({ hasText: words });
  await item.getByRole('button', { name: '附议' }).click();
  await expect(item.getByRole('button', { name: '已附议' })).toBeVisible();
  await expect(card(alice.page, words)).toContainText('群众 1');

  const text = '商业街路灯太暗，收摊以后不敢走。';
  await citizen.page.getByRole('button', { name: '我要提意见' }).click();
  await citizen.page.getByRole('textbox').fill(text);
  await citizen.page.getByRole('checkbox').check();
  await citizen.page.getByRole('button', { name: '提交' }).click();
  await expect(citizen.page.getByText(/回执号/).first()).toBeVisible();

  const tray = moderator.page.getByRole('region', { name: '扫码意见审核' });
  const waiting = tray.getByRole('listitem').filter({ hasText: text });
  await waiting.getByRole('button', { name: text }).click();
  await moderator.page.keyboard.press('a');
  await expect(waiting).toHaveCount(0);
  await expect(citizen.page.getByRole('article').filter({ hasText: text })).toBeVisible();
});

test('the floor: a hand with one tap, 下一位 with one click, undone with one more', async () => {
  await alice.page.getByRole('button', { name: '发言', exact: true }).first().click();
  await alice.page.getByRole('navigation').getByRole('button', { name: '举手' }).click();
  await expect(alice.page.getByText(/已举手/)).toBeVisible();
  const next = moderator.page.getByRole('button', { name: /^下一位/ }).first();
  // those who waited before her speak first; the button names whom it will call
  for (let turn = 0, called = ''; turn < 5 && !called.includes('钱益彰'); turn += 1) {
    called = await next.innerText();
    await next.click();
    await expect(screen.page.getByText('正在重新连接')).toHaveCount(0);
  }
  await expect(alice.page.getByText('请您发言')).toBeVisible();
  await expect(screen.page.locator('.who h1')).toBeVisible();
  await moderator.page.getByRole('button', { name: '撤回' }).first().click();
  await expect(alice.page.getByText(/已举手/)).toBeVisible();
});

test('B blanks the screen from anywhere in the desk, and brings it back', async () => {
  await moderator.page.locator('body').click({ position: { x: 5, y: 5 } });
  await moderator.page.keyboard.press('b');
  await expect(screen.page.locator('.stage .view')).toHaveCount(0);
  await moderator.page.keyboard.press('b');
  await expect(screen.page.locator('.stage .view')).toHaveCount(1);
});

test('the agenda goes on and back with one click each', async () => {
  const strip = moderator.page.getByRole('region', { name: '议程' });
  await strip.getByRole('button', { name: /下一步/ }).click();
  await alice.page.getByRole('button', { name: '议程', exact: true }).first().click();
  const current = alice.page.locator('[aria-current="step"]');
  const after = await current.textContent();
  await strip.getByRole('button', { name: '退回' }).click();
  await expect(current).not.toHaveText(after ?? '');
  await strip.getByRole('button', { name: '+5 分钟' }).click();
});

test('pausing is told to all with its reason; ending asks first', async () => {
  const desk = moderator.page;
  await desk.getByRole('button', { name: '暂停', exact: true }).click();
  await expect(alice.page.getByText(/会议暂停/).first()).toBeVisible();
  await desk.getByRole('button', { name: '继续', exact: true }).click();
  await desk.getByRole('button', { name: '结束会议' }).click();
  await desk.getByRole('dialog').getByRole('button', { name: '结束会议' }).click();
  await expect(alice.page.getByText(/已结束/).first()).toBeVisible();
  await expect(citizen.page.getByText(/已经结束/).first()).toBeVisible();
});

test('nothing went wrong in any page', async () => {
  for (const { faults } of [moderator, alice, bob, department, screen, citizen]) {
    expect(faults).toEqual([]);
  }
});
