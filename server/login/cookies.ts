import { fastifyCookie, type CookieSerializeOptions } from '@fastify/cookie';

export const LOGIN_COOKIE = 'sl_login';
export const GUEST_COOKIE = 'sl_guest';

/** The longest that browsers keep a cookie, in seconds. */
const MAX_AGE = 400 * 24 * 3600;

/** The same reading for requests and for both sockets' upgrades. */
export const cookiesIn = (header: string | undefined): Readonly<Record<string, string>> =>
  header === undefined ? {} : fastifyCookie.parse(header);

/** Out of reach of scripts; not sent along from other sites' forms; kept off plain HTTP where there is HTTPS. */
export const cookieOptions = (secure: boolean): CookieSerializeOptions => ({
  path: '/',
  httpOnly: true,
  sameSite: 'lax',
  secure,
  maxAge: MAX_AGE,
});
