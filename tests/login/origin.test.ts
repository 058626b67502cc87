import { describe, expect, test } from 'vitest';
import { originAllowed } from '../../server/login/origin.ts';

const allowed = (headers: Record<string, string>, publicUrl?: string) =>
  originAllowed({ host: 'shangliang.example', ...headers }, publicUrl);

describe('[LGN5] the origin of a request', () => {
  test.each([
    ['the host itself', { origin: 'http://shangliang.example' }],
    ['the host behind TLS', { origin: 'https://shangliang.example' }],
    [
      'the host with its scheme’s own port',
      { origin: 'https://shangliang.example', host: 'shangliang.example:443' },
    ],
    ['an address with a port', { origin: 'http://10.0.0.5:3000', host: '10.0.0.5:3000' }],
    ['a program, which names none', {}],
  ])('allows %s', (_what, headers) => {
    expect(allowed(headers)).toBe(true);
  });

  test.each([
    ['another site', { origin: 'https://evil.example' }],
    ['the same host on another port', { origin: 'http://shangliang.example:8080' }],
    ['a host that ends like ours', { origin: 'http://evil-shangliang.example' }],
    ['a host that begins like ours', { origin: 'http://shangliang.example.evil.example' }],
    ['an opaque origin', { origin: 'null' }],
    ['an empty origin', { origin: '' }],
    ['nonsense', { origin: 'shangliang.example' }],
    [
      'a browser that says where it comes from without an origin',
      { 'sec-fetch-site': 'cross-site' },
    ],
  ])('refuses %s', (_what, headers) => {
    expect(allowed(headers)).toBe(false);
  });

  test('PUBLIC_URL counts as ours, whatever the proxy makes of Host', () => {
    const publicUrl = 'https://public.example';
    expect(allowed({ origin: publicUrl }, publicUrl)).toBe(true);
    expect(allowed({ origin: 'http://public.example' }, publicUrl)).toBe(false);
  });
});
