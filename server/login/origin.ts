import type { IncomingHttpHeaders } from 'node:http';

/**
 * [LGN5] May a page of this origin act here? Its host is the one that it speaks to, or it is `PUBLIC_URL`. Browsers
 * name the origin on everything that changes something and on WebSocket handshakes, so who names none is a program:
 * it was given its cookie on purpose.
 */
export function originAllowed(headers: IncomingHttpHeaders, publicUrl?: string): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return headers['sec-fetch-site'] !== 'cross-site';
  if (origin === publicUrl) return true;
  if (host === undefined || !URL.canParse(origin)) return false;
  const page = new URL(origin);
  // with the page's own scheme, because a proxy may have taken TLS off: `:443` then means the same as nothing
  const here = `${page.protocol}//${host}`;
  return URL.canParse(here) && page.host !== '' && new URL(here).host === page.host;
}
