// `npm run dev:scaled`: two nodes that share one room over PostgreSQL and Redis, all on this machine.
// The databases are the machine's own programs with throw-away data; Ctrl-C ends everything.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { endWith, tieToThisProcess, waitUntilReady } from '../tests/helpers/processes.ts';
import { MissingProgram, startPostgres, startRedis } from '../tests/helpers/services.ts';

const root = path.resolve(import.meta.dirname, '..');
const firstPort = Number(process.env['PORT'] ?? 3000);

/** What is to be undone, newest first. */
const undo: (() => Promise<void> | void)[] = [];

function prefixLines(name: string, ...streams: (Readable | null)[]): void {
  for (const input of streams) {
    if (input) createInterface({ input }).on('line', (line) => console.log(`[${name}] ${line}`));
  }
}

async function startNode(number: number, settings: Record<string, string>): Promise<ChildProcess> {
  const port = firstPort + number - 1;
  const child = spawn(process.execPath, ['server/main.ts'], {
    cwd: root,
    env: { ...process.env, ...settings, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // Ctrl-C reaches only us: we end the nodes before their databases
  });
  tieToThisProcess(child);
  undo.push(() => endWith(child, 'SIGTERM'));
  prefixLines(`node ${number}`, child.stdout, child.stderr);
  const isHealthy = async () => (await fetch(`http://127.0.0.1:${port}/api/health`)).ok;
  await waitUntilReady(`Node ${number}`, child, isHealthy);
  return child;
}

async function start(): Promise<ChildProcess[]> {
  console.log('Starting PostgreSQL and Redis …');
  const postgres = await startPostgres({ detached: true });
  undo.push(() => postgres.stop());
  const redis = await startRedis({ detached: true });
  undo.push(() => redis.stop());

  const dir = mkdtempSync(path.join(tmpdir(), 'shangliang-scaled-'));
  undo.push(() => rmSync(dir, { recursive: true, force: true }));
  // One directory for both: they sign with one key and print the same entry links.
  const shared = { DATABASE_URL: postgres.url, REDIS_URL: redis.url, DATA_DIR: dir };
  // One after the other, so that the first alone migrates and seeds.
  const nodes = [await startNode(1, shared), await startNode(2, shared)];

  console.log(`\nTwo nodes share one room; open the same link on each of their ports:`);
  console.log(`  http://localhost:${firstPort}  and  http://localhost:${firstPort + 1}`);
  console.log(`  DATABASE_URL=${postgres.url}\n  REDIS_URL=${redis.url}\nCtrl-C ends everything.`);
  return nodes;
}

let stopping: Promise<void> | undefined;
function stop(): Promise<void> {
  stopping ??= (async () => {
    for (const step of undo.reverse()) await step();
  })();
  return stopping;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => void stop().then(() => process.exit(0)));
}

try {
  const nodes = await start();
  await Promise.race(nodes.map((node) => new Promise((resolve) => node.once('exit', resolve))));
  if (!stopping) console.error('A node has ended by itself: stopping the rest.');
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  console.error(error instanceof MissingProgram ? message : `Could not start: ${message}`);
}
if (!stopping) process.exitCode = 1;
await stop();
