// Chrome 90 and Safari 14 can't be run here, so the finished build is searched for what they lack.
// The bundler lowers syntax; methods, regular expressions and CSS features it leaves as they are.
import type { Bundle } from './bundle.ts';

interface Lacking {
  what: string;
  pattern: RegExp;
}

const javascript: Lacking[] = [
  { what: 'a lookbehind in a regular expression', pattern: /\(\?<[=!]/ },
  { what: 'Array.prototype.findLast', pattern: /\.findLast(Index)?\(/ },
  { what: 'a copying array method', pattern: /\.(toSorted|toReversed|toSpliced)\(/ },
  { what: 'Object.hasOwn', pattern: /\bObject\.hasOwn\(/ },
  { what: 'groupBy', pattern: /\b(Object|Map)\.groupBy\(/ },
  { what: 'Promise.withResolvers', pattern: /\bPromise\.withResolvers\(/ },
  { what: 'structuredClone', pattern: /\bstructuredClone\(/ },
  { what: 'AbortSignal.timeout', pattern: /\bAbortSignal\.(timeout|any)\(/ },
  { what: 'a relative index by at()', pattern: /\.at\(-?\d*\)/ },
];

const css: Lacking[] = [
  { what: ':has()', pattern: /:has\(/ },
  { what: ':popover-open', pattern: /:popover-open/ },
  { what: '@container', pattern: /@container\b/ },
  { what: '@layer', pattern: /@layer\b/ },
  { what: '@property', pattern: /@property\b/ },
  { what: 'color-mix()', pattern: /color-mix\(/ },
  { what: 'oklch() or lab()', pattern: /\b(oklch|oklab|lab|lch)\(/ },
  { what: 'nesting', pattern: /[{;}]\s*&/ },
  { what: 'translate, rotate or scale as a property', pattern: /[{;](translate|rotate|scale):/ },
];

/** What stands in `@supports (…) { … }` has its fallback before it. */
export function withoutSupportsBlocks(sheet: string): string {
  const start = sheet.search(/@supports\b(?! not)/);
  if (start < 0) return sheet;
  let depth = 0;
  let end = sheet.indexOf('{', start);
  for (; end < sheet.length; end++) {
    if (sheet[end] === '{') depth++;
    if (sheet[end] === '}' && --depth === 0) break;
  }
  return sheet.slice(0, start) + withoutSupportsBlocks(sheet.slice(end + 1));
}

/** `height: 100dvh` alone leaves old browsers without a height; after `height: 100vh` it is fine. */
export function viewportUnitsWithoutFallback(sheet: string): string[] {
  const rules = sheet.matchAll(/\{([^{}]*)\}/g);
  return [...rules].flatMap(([, body = '']) => {
    const earlier = new Set<string>();
    return body.split(';').filter((declaration) => {
      const [property = '', value = ''] = declaration.split(':');
      const isNew = /\d[dsl]v[hwib]\b/.test(value);
      const isAlone = isNew && !earlier.has(property.trim());
      earlier.add(property.trim());
      return isAlone;
    });
  });
}

function search(fileName: string, text: string, lackings: Lacking[]): string[] {
  return lackings.flatMap(({ what, pattern }) => {
    const index = text.search(pattern);
    if (index < 0) return [];
    const around = text.slice(Math.max(0, index - 40), index + 40).replace(/\s+/g, ' ');
    return [`${fileName} uses ${what}, which Chrome 90 or Safari 14 lacks: …${around}…`];
  });
}

function searchSheet(fileName: string, sheet: string): string[] {
  const text = withoutSupportsBlocks(sheet);
  const units = viewportUnitsWithoutFallback(text).map(
    (declaration) => `${fileName} has no fallback for “${declaration.trim()}”`,
  );
  return [...search(fileName, text, css), ...units];
}

export function findWhatOldBrowsersLack(bundle: Bundle): string[] {
  return Object.values(bundle).flatMap((output) => {
    if (output.type === 'chunk') return search(output.fileName, output.code, javascript);
    if (!output.fileName.endsWith('.css')) return [];
    return searchSheet(output.fileName, Buffer.from(output.source).toString('utf8'));
  });
}
