// A browser's place at the server without a browser: a cookie, and requests with the right Origin.

export interface Answer<Body> {
  status: number;
  body: Body;
  headers: Headers;
}

export interface Api {
  get<Body = unknown>(path: string): Promise<Answer<Body>>;
  post<Body = unknown>(path: string, body?: unknown): Promise<Answer<Body>>;
}

/** The token in `/i/<token>`, or the code in `/j/<code>`. */
export const lastPart = (link: string) => new URL(link).pathname.split('/').at(-1) ?? '';

const cookieHeader = (headers: Headers) =>
  headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ');

async function answerOf<Body>(response: Response): Promise<Answer<Body>> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  const body = (isJson ? JSON.parse(text) : text) as Body;
  return { status: response.status, body, headers: response.headers };
}

/** `headers` overrides what a browser would send: another Origin, for instance. */
export function api(url: string, cookie = '', headers: Record<string, string> = {}): Api {
  const own = { origin: url, ...(cookie && { cookie }), ...headers };
  return {
    async get<Body>(path: string) {
      return answerOf<Body>(await fetch(url + path, { headers: own }));
    },
    async post<Body>(path: string, body: unknown = {}) {
      const withType = { ...own, 'content-type': 'application/json' };
      const init = { method: 'POST', headers: withType, body: JSON.stringify(body) };
      return answerOf<Body>(await fetch(url + path, init));
    },
  };
}

async function cookieFrom(url: string, path: string, body: unknown): Promise<string> {
  const answer = await api(url).post(path, body);
  const cookie = cookieHeader(answer.headers);
  if (answer.status >= 300 || !cookie) {
    throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  }
  return cookie;
}

/** Follows an entry link `/i/<token>` as a new device; answers the value of its Cookie header. */
export const redeem = (url: string, link: string): Promise<string> =>
  cookieFrom(url, '/api/invitations/redeem', { token: lastPart(link) });

/** Scans the public code `/j/<code>` as a citizen; answers the value of the guest's Cookie header. */
export const join = (url: string, link: string, nickname?: string): Promise<string> =>
  cookieFrom(url, '/api/join', { code: lastPart(link), ...(nickname && { nickname }) });
