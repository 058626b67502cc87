import { describe, expect, test } from 'vitest';
import { measureRoutes, routes } from '../../scripts/build/budgets.ts';
import type { Asset, Bundle, Chunk } from '../../scripts/build/bundle.ts';
import { findWhatOldBrowsersLack } from '../../scripts/build/old-browsers.ts';

const chunk = (fileName: string, more: Partial<Chunk> = {}): Chunk => ({
  type: 'chunk',
  fileName,
  code: '',
  isEntry: false,
  facadeModuleId: null,
  moduleIds: [],
  imports: [],
  ...more,
});
const bundleOf = (...outputs: (Chunk | Asset)[]): Bundle =>
  Object.fromEntries(outputs.map((output) => [output.fileName, output]));

/** Code that gzip can't make smaller than `kilobytes` kB: base 36 carries 5 bits a character. */
function incompressible(kilobytes: number): string {
  let seed = 1;
  const next = () => (seed = (seed * 48_271) % 2_147_483_647).toString(36);
  return Array.from({ length: kilobytes * 300 }, next).join('');
}

describe('what a page loads first', () => {
  const pages = routes.map(({ page }) =>
    chunk(`${page}.js`, { facadeModuleId: `/x/client/${page}`, imports: ['common.js'] }),
  );
  const entry = chunk('main.js', { isEntry: true, imports: ['common.js'] });
  const problemsOf = (common: Partial<Chunk>) =>
    Object.fromEntries(
      measureRoutes(bundleOf(entry, ...pages, chunk('common.js', common))).map((load) => [
        load.page,
        load.problems.length,
      ]),
    );

  test('is the entry, the page, and what both import, each once', () => {
    const code = incompressible(50);
    const loads = measureRoutes(bundleOf(entry, ...pages, chunk('common.js', { code })));
    expect(loads[0]?.kilobytes).toBeGreaterThan(50);
    expect(loads[0]?.kilobytes).toBeLessThan(80);
  });

  test('is refused above the budget of that page', () => {
    const problems = problemsOf({ code: incompressible(110) });
    expect(problems['public/public-page.svelte']).toBe(1);
    expect(problems['room/room-page.svelte']).toBe(0);
  });

  test('holds no Yjs for citizens and the big screen, however it gets there', () => {
    const problems = problemsOf({ moduleIds: ['/x/node_modules/yjs/dist/yjs.mjs'] });
    expect(problems['public/public-page.svelte']).toBe(1);
    expect(problems['screen/screen-page.svelte']).toBe(1);
    expect(problems['room/room-page.svelte']).toBe(0);
  });

  test('is not known of a page that has no chunk of its own', () => {
    expect(measureRoutes(bundleOf(entry)).every((load) => load.problems.length === 1)).toBe(true);
  });
});

describe('what old browsers lack', () => {
  const inScript = (code: string) => findWhatOldBrowsersLack(bundleOf(chunk('a.js', { code })));
  const inSheet = (source: string) =>
    findWhatOldBrowsersLack(bundleOf({ type: 'asset', fileName: 'a.css', source }));

  test.each(['/(?<=a)b/', 'list.findLast(f)', 'Object.hasOwn(a,b)', 'list.at(-1)'])(
    'is found in a script: %s',
    (code) => expect(inScript(code)).toHaveLength(1),
  );

  test.each(['/(?<name>a)/', 'list.findLastOf(f)', 'catalogue.at("key")'])(
    'is not seen where it is not: %s',
    (code) => expect(inScript(code)).toEqual([]),
  );

  test.each([
    'a:has(b){}',
    '@container (width>1px){a{}}',
    '@layer a{}',
    'a{color:color-mix(in srgb,red,blue)}',
    'a{height:100dvh}',
    'a{rotate:1deg}',
  ])('is found in a style sheet: %s', (source) => expect(inSheet(source)).toHaveLength(1));

  test.each([
    'a{height:100vh;height:100dvh}',
    '@supports (height:1dvh){a{height:100dvh}}',
    '@supports selector(:has(a)){a:has(b){c:d}}e{f:g}',
    'a{transform:rotate(1deg)}',
  ])('is allowed with a fallback: %s', (source) => expect(inSheet(source)).toEqual([]));
});
