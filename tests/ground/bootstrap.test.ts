import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { filesUnder, isAbandoned, packagesHash, takeLock } from '../../scripts/bootstrap.mjs';

let dir: string;
let lock: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'shangliang-bootstrap-'));
  lock = path.join(dir, 'lock');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** The number of a process that has certainly ended. */
const deadPid = () => spawnSync(process.execPath, ['-e', '']).pid;

describe('when packages are installed again', () => {
  const packageJson = { name: 'a', scripts: { start: 'x' }, dependencies: { yjs: '13.0.0' } };
  const before = packagesHash(JSON.stringify(packageJson), 'lock');

  test('not when only a script changed', () => {
    const changed = { ...packageJson, scripts: { start: 'y' } };
    expect(packagesHash(JSON.stringify(changed), 'lock')).toBe(before);
  });

  test('when a dependency or the lock file changed', () => {
    const changed = { ...packageJson, dependencies: { yjs: '13.0.1' } };
    expect(packagesHash(JSON.stringify(changed), 'lock')).not.toBe(before);
    expect(packagesHash(JSON.stringify(packageJson), 'another lock')).not.toBe(before);
  });
});

test('an editor’s swap file is no source', () => {
  writeFileSync(path.join(dir, '.main.ts.swp'), '');
  writeFileSync(path.join(dir, 'main.ts'), '');
  expect(filesUnder(dir)).toEqual([path.join(dir, 'main.ts')]);
});

describe('two bootstraps at once', () => {
  test('the second waits until the first gives up its turn', async () => {
    const order: string[] = [];
    const releaseFirst = await takeLock(lock);
    let announceWaiting = () => {};
    const waiting = new Promise<void>((resolve) => (announceWaiting = resolve));
    const second = takeLock(lock, announceWaiting).then((release) => {
      order.push('second');
      release();
    });

    await waiting;
    order.push('first');
    releaseFirst();
    await second;

    expect(order).toEqual(['first', 'second']);
    expect(existsSync(lock)).toBe(false);
  });

  test('a turn whose process died is taken over', async () => {
    writeFileSync(lock, String(deadPid()));
    const release = await takeLock(lock, () => expect.unreachable('it waited for a dead process'));
    release();
  });

  test('a turn without a sign of life is abandoned, though its number is in use again', () => {
    writeFileSync(lock, String(process.pid));
    expect(isAbandoned(lock)).toBe(false);
    const aMinuteAgo = Date.now() / 1000 - 60;
    utimesSync(lock, aMinuteAgo, aMinuteAgo);
    expect(isAbandoned(lock)).toBe(true);
  });

  test('a turn that is being taken right now is not abandoned', () => {
    writeFileSync(lock, '');
    expect(isAbandoned(lock)).toBe(false);
  });
});
