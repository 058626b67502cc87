import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const rule = /\b[A-Z]{3}\d+\b/g;

const written = new Set(
  [...readFileSync(path.join(root, 'SPEC.md'), 'utf8').matchAll(/^- \*\*([A-Z]{3}\d+)\*\*/gm)].map(
    ([, id]) => id!,
  ),
);

/** Rules that test titles name in brackets. */
const tested = new Set(
  globSync('tests/**/*.ts', { cwd: root })
    .flatMap((file) => readFileSync(path.join(root, file), 'utf8').match(/\[[A-Z]{3}\d+\]/g) ?? [])
    .flatMap((bracketed) => bracketed.match(rule) ?? []),
);

test('every rule that a test names is written down', () => {
  expect([...tested].filter((id) => !written.has(id))).toEqual([]);
});

test('every rule that is written down has a test', () => {
  expect([...written].filter((id) => !tested.has(id))).toEqual([]);
});
