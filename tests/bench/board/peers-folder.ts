import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const source = path.resolve(import.meta.dirname, '../peers');
const files = ['package.json', 'package-lock.json', 'reference.mjs', 'hocuspocus.mjs', 'bare.mjs'];
const LOCK = 'package-lock.json';

/** Where the peers are installed: outside the project's own packages. */
export const peersFolder = path.resolve(
  import.meta.dirname,
  '../../../node_modules/.cache/bench-peers',
);

const read = (folder: string, file: string): string => {
  const whole = path.join(folder, file);
  return existsSync(whole) ? readFileSync(whole, 'utf8') : '';
};

/** Installs the peers when they are not there as the lock file has them. */
export function installPeers(): void {
  const marked = path.join('node_modules', LOCK);
  const installed = read(peersFolder, marked) === read(source, LOCK);
  mkdirSync(peersFolder, { recursive: true });
  for (const file of files) cpSync(path.join(source, file), path.join(peersFolder, file));
  if (installed) return;
  console.log('installing the peers …');
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'];
  const { status } = spawnSync('npm', args, { cwd: peersFolder, stdio: 'inherit' });
  if (status !== 0) throw new Error('the peers could not be installed');
  cpSync(path.join(peersFolder, LOCK), path.join(peersFolder, marked));
}
