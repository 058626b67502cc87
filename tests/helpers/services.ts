// Real PostgreSQL and Redis from this machine's own programs, each on a free loopback port with a
// folder of its own. `startX()` returns its closer; no start leaves anything behind.
import { spawn, spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import {
  endWith,
  findProgram,
  freePort,
  recordOutput,
  tieToThisProcess,
  waitUntilReady,
} from './processes.ts';

export class MissingProgram extends Error {}

function requireProgram(debianPackage: string, ...names: string[]): string {
  const found = findProgram(...names);
  if (found) return found;
  throw new MissingProgram(
    `“${names.join('” or “')}” is not on this machine (Debian: apt-get install ${debianPackage}).`,
  );
}

export interface ServiceOptions {
  /** Out of reach of the terminal's Ctrl-C, for callers that end things in an order of their own. */
  detached?: boolean;
}

/* PostgreSQL ----------------------------------------------------------------------------------- */

export interface Postgres {
  /** Of the database `postgres`. */
  url: string;
  /** Makes an empty database, so that tests sharing one server don't meet. */
  createDatabase(name: string): Promise<string>;
  stop(): Promise<void>;
}

/** PostgreSQL refuses to run as root; then it runs as “nobody”. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;

async function query(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {}); // a server going down under us is the caller's business
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function initialise(initdb: string, dir: string): void {
  const args = ['-D', path.join(dir, 'data'), '-U', 'postgres', '-A', 'trust', '-E', 'UTF8'];
  const result = spawnSync(initdb, [...args, '--no-sync', '--locale=C.UTF-8'], {
    ...nobody,
    cwd: dir,
    encoding: 'utf8',
  });
  if (result.status !== 0) throw new Error(result.stderr || String(result.error));
}

/** Without fsync: its data lives only as long as the test. */
export async function startPostgres({ detached = false }: ServiceOptions = {}): Promise<Postgres> {
  const initdb = requireProgram('postgresql', 'initdb');
  const postgres = requireProgram('postgresql', 'postgres');
  const dir = mkdtempSync(path.join(tmpdir(), 'shangliang-postgres-'));
  if (nobody) chownSync(dir, nobody.uid, nobody.gid);
  initialise(initdb, dir);

  const port = await freePort();
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
  ].flatMap((setting) => ['-c', setting]);
  const args = ['-D', path.join(dir, 'data'), '-p', String(port), ...settings];
  const child = spawn(postgres, args, {
    ...nobody,
    cwd: dir,
    detached,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  tieToThisProcess(child);
  const output = recordOutput(child);

  const urlOf = (database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`;
  const url = urlOf('postgres');
  const answers = () => query(url, 'select 1').then(() => true);
  await waitUntilReady('PostgreSQL', child, answers, { output });

  return {
    url,
    async createDatabase(name) {
      await query(url, `create database "${name}"`);
      return urlOf(name);
    },
    async stop() {
      await endWith(child, 'SIGINT'); // “fast” shutdown: closes open connections
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/* Redis ---------------------------------------------------------------------------------------- */

export interface Redis {
  url: string;
  /** Ends the program; what it held is lost, as after a crash without persistence. */
  down(): Promise<void>;
  /** Starts it again on the same port, empty. */
  up(): Promise<void>;
  /** Freezes it: connections stay open and nothing answers. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

/** One PING over a socket of its own, so that no client library is needed to ask. */
function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const answer = (isPong: boolean) => {
      socket.destroy();
      resolve(isPong);
    };
    socket.setTimeout(1_000, () => answer(false));
    socket.once('data', (data) => answer(data.toString('utf8').startsWith('+PONG')));
    socket.once('error', () => answer(false));
  });
}

export async function startRedis({ detached = false }: ServiceOptions = {}): Promise<Redis> {
  const program = requireProgram('redis-server', 'redis-server', 'valkey-server');
  const dir = mkdtempSync(path.join(tmpdir(), 'shangliang-redis-'));
  const port = await freePort();

  const launch = async () => {
    const where = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir];
    const args = [...where, '--save', '', '--appendonly', 'no'];
    const started = spawn(program, args, { detached, stdio: ['ignore', 'pipe', 'pipe'] });
    tieToThisProcess(started);
    const output = recordOutput(started);
    await waitUntilReady('Redis', started, () => answersPing(port), { output });
    return started;
  };
  let child = await launch();

  return {
    url: `redis://127.0.0.1:${port}`,
    down: () => endWith(child, 'SIGKILL'),
    async up() {
      child = await launch();
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async stop() {
      await endWith(child, 'SIGKILL'); // SIGTERM would wait for ever while paused
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
