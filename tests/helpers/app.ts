// The whole server in this process, without a port: for tests that ask it by HTTP's inject.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createApp, type App } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';
import { foundIfEmpty } from '../../server/demonstration/found.ts';
import { newCode } from '../../server/login/tokens.ts';

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
  readonly headers: Record<string, string | string[] | number | undefined>;
}

/** A browser: it keeps its cookies, and names its origin on what changes something. */
export interface Browser {
  get<Body = unknown>(url: string, headers?: Record<string, string>): Promise<Answer<Body>>;
  post<Body = unknown>(
    url: string,
    body?: object | string,
    headers?: Record<string, string>,
  ): Promise<Answer<Body>>;
  remove<Body = unknown>(url: string): Promise<Answer<Body>>;
  cookies(): Readonly<Record<string, string>>;
  /** Takes a cookie as it is: stolen, or of yesterday. */
  setCookie(name: string, value: string): void;
}

export interface TestApp {
  readonly app: App;
  readonly dataDir: string;
  browser(): Browser;
  /** A browser that is the office's officer. */
  officer(): Promise<Browser>;
  close(): Promise<void>;
}

export async function openTestApp(
  options: { demo?: boolean; settings?: Record<string, string> } = {},
): Promise<TestApp> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'shangliang-app-'));
  const config = readConfig({ DATA_DIR: dataDir, LOG_LEVEL: 'silent', ...options.settings });
  const app = await createApp({ config });
  await foundIfEmpty(
    {
      recordAt: (now) => app.recordAt(now),
      editBoard: (consultation, actor, edit) => app.boards.edit(consultation, actor, edit),
      newCode: () => newCode(),
      people: app.people,
      doors: (id) => app.consultations.doors(id),
    },
    { demo: options.demo === true, now: Date.now() },
  );
  app.setReady(true);
  const browser = () => openBrowser(app);
  return {
    app,
    dataDir,
    browser,
    async officer() {
      const token = await app.people.invite({ person: 'officer', reusable: true });
      const opened = browser();
      await opened.post('/api/invitations/redeem', { token });
      return opened;
    },
    async close() {
      await app.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function openBrowser({ http }: App): Browser {
  const cookies: Record<string, string> = {};
  async function ask<Body>(
    method: 'GET' | 'POST' | 'DELETE',
    url: string,
    payload: object | string | undefined,
    headers: Record<string, string>,
  ): Promise<Answer<Body>> {
    const host = 'shangliang.test';
    const response = await http.inject({
      method,
      url,
      cookies: { ...cookies },
      headers: {
        host,
        ...(method === 'GET' ? {} : { origin: `http://${host}` }),
        ...(typeof payload === 'string' ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(payload === undefined ? {} : { payload }),
    });
    for (const { name, value } of response.cookies) cookies[name] = value;
    const isJson = String(response.headers['content-type']).includes('json');
    const body = (isJson ? response.json() : response.body) as Body;
    return { status: response.statusCode, body, headers: response.headers };
  }
  return {
    get: (url, headers = {}) => ask('GET', url, undefined, headers),
    post: (url, body, headers = {}) => ask('POST', url, body, headers),
    remove: (url) => ask('DELETE', url, undefined, {}),
    cookies: () => ({ ...cookies }),
    setCookie(name, value) {
      cookies[name] = value;
    },
  };
}
