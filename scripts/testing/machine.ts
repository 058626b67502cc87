// What the tests need of the machine beyond Node: a browser, the two servers, and a Chinese font.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram } from '../../tests/helpers/processes.ts';

interface Need {
  debianPackage: string;
  why: string;
  isThere: () => boolean;
}

/** Without one, the browser draws Chinese as empty boxes and measures them so. */
function hasChineseFont(): boolean {
  if (existsSync('/usr/share/fonts/truetype/wqy/wqy-microhei.ttc')) return true;
  const list = spawnSync('fc-list', [':lang=zh', 'file'], { encoding: 'utf8' });
  return list.status === 0 && list.stdout.trim() !== '';
}

const needs: Need[] = [
  {
    debianPackage: 'chromium',
    why: 'the browser of the end-to-end tests, as /usr/bin/chromium',
    isThere: () => existsSync('/usr/bin/chromium'),
  },
  { debianPackage: 'fonts-wqy-microhei', why: 'a Chinese font', isThere: hasChineseFont },
  {
    debianPackage: 'redis-server',
    why: 'two nodes that share a room',
    isThere: () => findProgram('redis-server', 'valkey-server') !== undefined,
  },
  {
    debianPackage: 'postgresql',
    why: 'the second database',
    isThere: () => findProgram('initdb') !== undefined,
  },
];

const missing = () => needs.filter((need) => !need.isThere());
const packagesOf = (list: Need[]) => list.map((need) => need.debianPackage);

/** Waits for another apt to finish; RUNLEVEL=1 keeps the packages from starting services. */
async function apt(...args: string[]): Promise<boolean> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  for (let attempt = 1; attempt <= 6; attempt++) {
    const options = ['-qq', '-o', 'DPkg::Lock::Timeout=120', '-o', 'Dpkg::Use-Pty=0'];
    const result = spawnSync('apt-get', [...options, ...args], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
    });
    if (result.status === 0) return true;
    process.stderr.write(result.stderr ?? '');
    if (!/could not get lock|is held by process/i.test(result.stderr ?? '')) return false;
    await sleep(5_000);
  }
  return false;
}

async function install(packages: string[]): Promise<void> {
  console.log(`Installing for the tests: ${packages.join(', ')} …`);
  const isInstalled = () => apt('install', '-y', '--no-install-recommends', ...packages);
  // The lists of a bare machine are empty; an update that fails may still leave usable ones.
  await apt('update');
  await isInstalled();
}

/** Answers true when the machine has all it needs, having installed what it may; else says what. */
export async function prepareMachine(): Promise<boolean> {
  const mayInstall = process.getuid?.() === 0 && findProgram('apt-get') !== undefined;
  if (missing().length > 0 && mayInstall) await install(packagesOf(missing()));

  const stillMissing = missing();
  if (stillMissing.length === 0) return true;
  console.error('The tests need what this machine lacks:');
  for (const { debianPackage, why } of stillMissing) console.error(`  ${debianPackage}: ${why}`);
  console.error(`On Debian: sudo apt-get install ${packagesOf(stillMissing).join(' ')}`);
  return false;
}
