// The build counts what a page imports before it runs; this counts what really crosses the network.
import { type BrowserContext, expect, test } from '@playwright/test';
import { redeem } from '../helpers/api.ts';
import { startServer, type StartedServer } from '../helpers/server.ts';

let server: StartedServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server.stop());

/** Bytes of JavaScript received, compressed as they came, until the page has come to rest. */
async function scriptBytes(context: BrowserContext, url: string): Promise<number> {
  const page = await context.newPage();
  const sizes: Promise<number>[] = [];
  page.on('requestfinished', (request) => {
    if (request.resourceType() !== 'script') return;
    sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
  });
  await page.goto(url, { waitUntil: 'networkidle' });
  const bytes = await Promise.all(sizes);
  await page.close();
  return bytes.reduce((total, size) => total + size, 0);
}

async function enterAs(context: BrowserContext, link: string): Promise<void> {
  const pairs = (await redeem(server.url, link)).split('; ');
  const cookies = pairs.map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return { name, value: value.join('='), url: server.url };
  });
  await context.addCookies(cookies);
}

test('the public page loads less than 80 kB of JavaScript', async ({ context }) => {
  const bytes = await scriptBytes(context, server.links.demo.public);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThan(80_000);
});

test('the big screen loads less than 80 kB of JavaScript', async ({ context }) => {
  const bytes = await scriptBytes(context, server.links.demo.screen);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThan(80_000);
});

test('the room, before an editor opens, loads less than 160 kB', async ({ context }) => {
  await enterAs(context, server.links.demo.members[0] ?? '');
  const bytes = await scriptBytes(context, `${server.url}/c/${server.links.demo.consultation}`);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThan(160_000);
});
