// What tests and development scripts need to run programs of this machine.
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A port that was free a moment ago; whoever starts a program on it must say if it is taken. */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Debian keeps PostgreSQL's own programs out of the path, one folder per version. */
function postgresFolders(): string[] {
  const home = '/usr/lib/postgresql';
  if (!existsSync(home)) return [];
  const versions = readdirSync(home).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => path.join(home, version, 'bin'));
}

/** The full path of the first of these programs that the machine has. */
export function findProgram(...names: string[]): string | undefined {
  const inPath = (process.env['PATH'] ?? '').split(path.delimiter);
  const folders = [...inPath, '/usr/local/bin', '/usr/bin', ...postgresFolders()];
  return names
    .flatMap((name) => folders.map((folder) => path.join(folder, name)))
    .find((file) => existsSync(file));
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

/** Resolves when the process has ended, also when it had before. */
export function ended(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

export async function endWith(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (!hasEnded(child)) child.kill(signal);
  await ended(child);
}

/** No orphan is left when this process ends before it could stop its child. */
export function tieToThisProcess(child: ChildProcess): void {
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
}

/**
 * Asks again and again until `isReady` answers true: a real question to the program, not a guess
 * about how long it takes. A rejection counts as “not yet”, the end of the process as a failure.
 */
export async function waitUntilReady(
  what: string,
  child: ChildProcess,
  isReady: () => Promise<boolean>,
  { timeout = 30_000, output = () => '' }: { timeout?: number; output?: () => string } = {},
): Promise<void> {
  const deadline = Date.now() + timeout;
  while (Date.now() < deadline) {
    if (hasEnded(child)) {
      throw new Error(`${what} ended with ${child.exitCode ?? child.signalCode}.\n${output()}`);
    }
    if (await isReady().catch(() => false)) return;
    await sleep(25);
  }
  throw new Error(`${what} was not ready after ${timeout} ms.\n${output()}`);
}

/** Keeps the last of what a process prints, for the message of a failing test. */
export function recordOutput(child: ChildProcess, limit = 200_000): () => string {
  let text = '';
  const add = (chunk: Buffer) => {
    text = (text + chunk.toString('utf8')).slice(-limit);
  };
  child.stdout?.on('data', add);
  child.stderr?.on('data', add);
  return () => text;
}
