import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestApp, type Browser, type TestApp } from '../helpers/app.ts';

interface Refusing {
  readonly refused: { readonly code: string; readonly message: string; readonly field?: string };
}

let server: TestApp;
let browser: Browser;

beforeAll(async () => {
  server = await openTestApp();
  browser = server.browser();
});
afterAll(() => server.close());

test('no cache keeps what the interface answers', async () => {
  const { headers } = await server.browser().get('/api/me');
  expect(headers['cache-control']).toBe('no-store');
});

describe('what the server says no to', () => {
  test('is a code, and a sentence in Chinese', async () => {
    const { status, body } = await browser.get<Refusing>('/api/me');
    expect(status).toBe(401);
    expect(body.refused).toEqual({
      code: 'not_logged_in',
      message: '请先通过邀请链接或二维码进入。',
    });
  });

  test.each([
    ['en-GB,en;q=0.9,zh;q=0.1', /^Please/],
    ['fr,zh-CN;q=0.8', /^请/],
    ['*', /^请/],
  ])('is said in the language that is asked for: %s', async (language, words) => {
    const { body } = await browser.get<Refusing>('/api/me', { 'accept-language': language });
    expect(body.refused.message).toMatch(words);
  });

  test('names the field of a form', async () => {
    const missing = await browser.post<Refusing>('/api/invitations/redeem', {});
    expect([missing.status, missing.body.refused]).toMatchObject([
      422,
      { code: 'invalid', field: 'token' },
    ]);
    const wrong = await browser.post<Refusing>('/api/join', { code: 5 });
    expect(wrong.body.refused).toMatchObject({ code: 'invalid', field: 'code' });
  });

  test.each([
    ['JSON that is cut off', '{"token":'],
    ['a key that stands for a prototype', '{"__proto__":{"a":1}}'],
    ['no body at all', ''],
  ])('%s is invalid, not a fault', async (_what, body) => {
    const { status, body: answer } = await browser.post<Refusing>('/api/join', body);
    expect([status, answer.refused.code]).toEqual([422, 'invalid']);
  });

  test('a body of another kind is invalid', async () => {
    const headers = { 'content-type': 'text/plain' };
    const { status } = await browser.post('/api/join', 'code=1', headers);
    expect(status).toBe(422);
  });

  test('a body beyond 64 KiB is too large', async () => {
    const answer = await browser.post<Refusing>('/api/join', { code: 'x'.repeat(70_000) });
    expect([answer.status, answer.body.refused.code]).toEqual([413, 'too_large']);
  });

  test.each(['/api/nothing', '/api', '/api/consultations/s1/nothing'])(
    'an unknown address of the interface is not found: %s',
    async (url) => {
      const { status, body } = await browser.get<Refusing>(url, { accept: 'text/html' });
      expect([status, body.refused.code]).toEqual([404, 'not_found']);
    },
  );
});

describe('[LGN5] a request of another origin’s page', () => {
  test.each(['https://evil.example', 'null', 'http://shangliang.test.evil.example'])(
    'changes nothing: %s',
    async (origin) => {
      const answer = await browser.post<Refusing>('/api/join', { code: 'ABCDEFGH' }, { origin });
      expect([answer.status, answer.body.refused.code]).toEqual([403, 'bad_origin']);
    },
  );

  test('may fetch a page, which holds no data', async () => {
    const { status, headers } = await browser.get('/', { origin: 'https://evil.example' });
    expect(status).toBe(200);
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('pages', () => {
  const pages = ['/', '/i/abc', '/c/s1', '/c/s1/desk', '/screen/s1', '/j/ABCDEFGH', '/office'];
  test('are one file with no data in it, whoever asks for whatever', async () => {
    const asked = await Promise.all(pages.map((page) => browser.get<string>(page)));
    expect(asked.map(({ status }) => status)).toEqual(pages.map(() => 200));
    expect(new Set(asked.map(({ body }) => body)).size).toBe(1);
  });

  test('may load what is ours alone, and work on plain HTTP', async () => {
    const { headers } = await browser.get('/');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("connect-src 'self' ws: wss:");
    expect(policy).not.toContain('upgrade-insecure-requests');
    expect(headers['strict-transport-security']).toBeUndefined();
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  test.each(['/api/consultations/%ff', '/api/%E0%A4%A', `/api/consultations/${'a'.repeat(300)}`])(
    '[WIR1] what is no address at all is refused like any other: %s',
    async (address) => {
      const { status, body } = await browser.get<Refusing>(address);
      expect([status, body]).toEqual([
        404,
        { refused: { code: 'not_found', message: '没有找到。' } },
      ]);
    },
  );

  test('an address that no page has is still a page, with 404', async () => {
    const { status, headers } = await browser.get('/nowhere', { accept: 'text/html' });
    expect(status).toBe(404);
    expect(headers['content-type']).toContain('text/html');
  });
});

describe('for whoever runs it', () => {
  test('health is 200 only while the node may be given work', async () => {
    expect((await browser.get('/api/health')).status).toBe(200);
    server.app.setReady(false);
    expect((await browser.get('/api/health')).status).toBe(503);
    server.app.setReady(true);
  });

  test('figures are in Prometheus’ form, without an address or a name', async () => {
    const { body, headers } = await browser.get<string>('/metrics');
    expect(headers['content-type']).toContain('text/plain');
    expect(body).toMatch(/^shangliang_resident_bytes \d+$/m);
    expect(body).toMatch(/^# TYPE shangliang_commands_total counter$/m);
  });

  test('the interface is described, and readable without scripts', async () => {
    const json = await browser.get<{ paths: object }>('/api/docs/json');
    expect(Object.keys(json.body.paths)).toEqual(
      expect.arrayContaining(['/api/join', '/api/consultations/{id}/commands']),
    );
    const page = await browser.get<string>('/api/docs');
    expect(page.body).toContain('/api/consultations/{id}/commands');
    expect(page.body).not.toContain('<script');
  });
});

test('a page behind TLS gets cookies for HTTPS only', async () => {
  const secure = await openTestApp({
    settings: { PUBLIC_URL: 'https://shangliang.example', TRUST_PROXY: 'loopback' },
  });
  const token = await secure.app.people.invite({ person: 'officer', reusable: true });
  const { headers } = await secure
    .browser()
    .post(
      '/api/invitations/redeem',
      { token },
      { host: 'shangliang.example', origin: 'https://shangliang.example' },
    );
  expect(String(headers['set-cookie'])).toContain('Secure');
  expect(headers['strict-transport-security']).toBeDefined();
  await secure.close();
});
