// A photo from a phone on a slow network that breaks off: it arrives, upright and without its notes.
import { expect, test, type Locator, type Page } from '@playwright/test';
import { jpegOf, noise, openSampleCodecs, withExif } from '../files/sample-pictures.ts';
import { startServer, type StartedServer } from '../helpers/server.ts';
import { arrive, desktop, phone, projector, type Person } from './people.ts';

let server: StartedServer;
let everyone: Person[] = [];
let photo: Buffer;
test.beforeAll(async () => {
  await openSampleCodecs();
  // a megabyte of it, lying on its side as cameras write it
  photo = Buffer.from(withExif(await jpegOf(noise(960, 720)), 6));
  expect(photo.length).toBeGreaterThan(900_000);
  expect(photo.length).toBeLessThan(1_200_000);
});
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
  return person;
};
const card = (page: Page, text: string): Locator =>
  page.getByRole('article').filter({ hasText: text });

/** A phone's network: so many bytes a second, and cut when told. */
async function slowNetwork({ page, context }: Person, bytesPerSecond: number) {
  const session = await context.newCDPSession(page);
  const emulate = (offline: boolean) =>
    session.send('Network.emulateNetworkConditions', {
      offline,
      latency: 20,
      downloadThroughput: -1,
      uploadThroughput: bytesPerSecond,
    });
  await session.send('Network.enable');
  await emulate(false);
  return emulate;
}

async function choose(page: Page, where: Locator, name: string): Promise<void> {
  const choosing = page.waitForEvent('filechooser');
  await where.getByRole('button', { name: '添加图片' }).click();
  await (await choosing).setFiles({ name, mimeType: 'image/jpeg', buffer: photo });
}

const width = (picture: Locator) =>
  picture.evaluate((image) => (image as HTMLImageElement).naturalWidth);

test('[PIC8] [PIC13] a photo on its way survives a cut and a reload, and all see it: the room at once, citizens and the screen when it is released', async ({
  browser,
}) => {
  const { demo } = server.links;
  const alice = await newcomer(browser, demo.members[1]!, phone);
  const bob = await newcomer(browser, demo.members[2]!, desktop);
  await alice.page.getByRole('button', { name: '写意见' }).last().click();
  const editor = alice.page.getByRole('textbox', { name: '编辑意见' });
  await expect(editor).toBeFocused();
  await alice.page.keyboard.insertText('路口的井盖松了，照片在下面。');
  const own = card(alice.page, '井盖松了');
  const cut = await slowNetwork(alice, 150_000);
  await choose(alice.page, own, '井盖.jpg');
  const progress = own.getByRole('progressbar', { name: '上传进度：井盖.jpg' });
  await expect
    .poll(() => progress.evaluate((bar) => (bar as HTMLProgressElement).value))
    .toBeGreaterThan(10);
  await cut(true);
  await expect(own.getByText('网络断开，连上后自动继续')).toBeVisible();
  await cut(false);
  await expect(own.getByText(/上传 \d+%/)).toBeVisible();
  const before = await progress.evaluate((bar) => (bar as HTMLProgressElement).value);
  await alice.page.reload();
  // taken up from where the server stands, by the page as it was opened anew
  await expect(progress).toBeVisible();
  await expect
    .poll(() => progress.evaluate((bar) => (bar as HTMLProgressElement).value))
    .toBeGreaterThanOrEqual(before);
  const thumb = own.getByRole('img', { name: '图片 1/1' });
  await expect(thumb).toBeVisible({ timeout: 30_000 });
  await expect(progress).toHaveCount(0);

  // upright: the camera's 960 × 720 stands
  const seen = card(bob.page, '井盖松了').getByRole('img', { name: '图片 1/1' });
  await expect.poll(() => width(seen)).toBe(360);
  await card(bob.page, '井盖松了').getByRole('button', { name: '图片 1/1' }).click();
  const viewer = bob.page.getByRole('dialog');
  await expect.poll(() => width(viewer.getByRole('img'))).toBe(720);
  await expect(viewer.getByRole('button', { name: '移除图片' })).toHaveCount(0);
  await bob.page.keyboard.press('Escape');

  await own.getByRole('button', { name: '提交', exact: true }).click();
  await alice.page.getByRole('button', { name: '确认提交' }).click();
  await expect(own.getByText('已提交')).toBeVisible();
  await expect(thumb).toBeVisible();

  const citizen = await newcomer(browser, demo.public, phone);
  const screen = await newcomer(browser, demo.screen, projector);
  const mona = await newcomer(browser, demo.moderator, desktop);
  await expect(citizen.page.getByText('井盖松了')).toHaveCount(0);
  const row = mona.page.getByRole('listitem').filter({ hasText: '井盖松了' });
  await row.getByRole('button', { name: /大屏/ }).first().click();
  const onScreen = screen.page.getByRole('img', { name: '图片 1/1' });
  await expect.poll(() => width(onScreen)).toBe(720);
  const published = citizen.page.getByRole('article').filter({ hasText: '井盖松了' });
  await expect.poll(() => width(published.getByRole('img', { name: '图片 1/1' }))).toBe(360);
  for (const { faults } of everyone) expect(faults).toEqual([]);
});

test('[PIC6] [PIC13] what can’t be taken is said on the card, and goes when it is read; who put a picture there takes it off', async ({
  browser,
}) => {
  const alice = await newcomer(browser, server.links.demo.members[1]!, desktop);
  await card(alice.page, '首贷难').getByRole('button', { name: '首贷难' }).click();
  await expect(alice.page.getByRole('textbox', { name: '编辑意见' })).toBeFocused();
  const editing = alice.page.getByRole('article').filter({
    has: alice.page.getByRole('textbox', { name: '编辑意见' }),
  });
  const picker = editing.locator('input[type=file]');
  await picker.setInputFiles({
    name: '假.png',
    mimeType: 'image/png',
    buffer: Buffer.from('<svg onload=alert(1)>'),
  });
  await expect(editing.getByRole('alert')).toContainText('支持');
  await editing.getByRole('button', { name: '知道了' }).click();
  await expect(editing.getByRole('alert')).toHaveCount(0);
  await picker.setInputFiles({ name: '好.jpg', mimeType: 'image/jpeg', buffer: photo });
  await editing.getByRole('button', { name: '图片 1/1' }).click({ timeout: 30_000 });
  const viewer = alice.page.getByRole('dialog');
  await viewer.getByRole('button', { name: '移除图片' }).click();
  await viewer.getByRole('button', { name: '确认移除' }).click();
  await expect(viewer).toHaveCount(0);
  await expect(editing.getByRole('button', { name: '图片 1/1' })).toHaveCount(0);
  expect(alice.faults.filter((fault) => !fault.includes('422'))).toEqual([]);
});
