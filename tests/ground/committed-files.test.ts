import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { filesUnder } from '../../scripts/bootstrap.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const folders = ['shared', 'server', 'client', 'scripts', 'tests', 'docs'];

test('no file names a folder of somebody’s own machine', () => {
  const ownFolder = /(?<![\w.:/])\/(home|Users|root|work)\/\w/;
  const files = folders.flatMap((folder) => filesUnder(path.join(root, folder)));
  const texts = files.filter((file) => /\.(ts|mjs|js|svelte|json|md|css|html)$/.test(file));
  const naming = texts.filter((file) => ownFolder.test(readFileSync(file, 'utf8')));
  expect(naming.map((file) => path.relative(root, file))).toEqual([]);
});

test('the lock file sends nobody to a private registry', () => {
  const lock = readFileSync(path.join(root, 'package-lock.json'), 'utf8');
  const hosts = [...lock.matchAll(/"resolved": "https?:\/\/([^/"]+)/g)].map(([, host]) => host);
  expect(hosts.filter((host) => host !== 'registry.npmjs.org')).toEqual([]);
});
