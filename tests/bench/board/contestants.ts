import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../helpers/processes.ts';
import { hocuspocusWords, yWebsocket, type Dialect } from './dialects.ts';
import { ourRooms } from './our-rooms.ts';
import { peersFolder } from './peers-folder.ts';
import { startProcess, type Program, type ServerProcess } from './process.ts';
import type { Address } from './wire.ts';

export const sides = ['ours', 'reference', 'hocuspocus', 'bare'] as const;
export type Side = (typeof sides)[number] | 'ours, ungated';

/** Places at a board: `writers` people with a connection each, and readers, twenty connections a person. */
export interface Room {
  readonly name: string;
  readonly dialect: Dialect;
  /** Who plants the board; the author of its cards. */
  readonly author: string;
  personAt(seat: number): string;
  /** It keeps a board only when that is brought as one step 2. */
  readonly inOne?: boolean;
  /** The writers' places come first. */
  seat(index: number): Address;
}

export type OpenRoom = (name: string, seats: { writers: number; readers: number }) => Promise<Room>;

export interface Contestant {
  readonly side: Side;
  readonly dataDir: string;
  readonly port: number;
  readonly process: ServerProcess;
  readonly openRoom: OpenRoom;
  /** Starts again on the same data after `process.end`; resolves at once, before it listens. */
  again(): void;
  /** Resolves when it answers. */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

const root = path.resolve(import.meta.dirname, '../../..');
const MAX_START_MS = 30_000;

function programOf(side: Side, port: number, dataDir: string): Program {
  const env = { PORT: String(port), DATA_DIR: dataDir };
  if (side === 'ours' || side === 'ours, ungated') {
    const url = `http://127.0.0.1:${port}`;
    const own = { ...env, HOST: '127.0.0.1', PUBLIC_URL: url, DEMO: 'off' };
    const ungated = ['--import', './tests/bench/board/without-judging.ts'];
    const args = [...(side === 'ours' ? [] : ungated), ...profiling(), 'server/main.ts'];
    return { args, cwd: root, env: own };
  }
  return { args: [...profiling(), `${side}.mjs`], cwd: peersFolder, env };
}

/** `PROFILE=<folder>` leaves a profile of each server there. */
function profiling(): string[] {
  const folder = process.env['PROFILE'];
  return folder ? ['--cpu-prof', `--cpu-prof-dir=${folder}`] : [];
}

export interface Begin {
  /** It begins with a copy of what this folder holds. */
  readonly data?: string;
  readonly port?: number;
}

export const copyData = (from: string, to: string): void => cpSync(from, to, { recursive: true });

/** Starts a side with data of its own. */
export async function start(side: Side, begin: Begin = {}): Promise<Contestant> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'board-bench-'));
  if (begin.data !== undefined) copyData(begin.data, dataDir);
  const port = begin.port ?? (await freePort());
  const program = programOf(side, port, dataDir);
  const url = `http://127.0.0.1:${port}`;
  let running = startProcess(program);

  const contestant: Contestant = {
    side,
    dataDir,
    port,
    get process() {
      return running;
    },
    openRoom: side.startsWith('ours') ? ourRooms(port, dataDir) : peerRooms(side, port),
    again: () => void (running = startProcess(program)),
    async ready() {
      const deadline = performance.now() + MAX_START_MS;
      const path = side.startsWith('ours') ? '/api/health' : '/';
      for (;;) {
        const answer = await fetch(url + path).catch(() => undefined);
        if (answer?.ok) return;
        if (performance.now() > deadline) throw new Error(`${side}: ${running.output()}`);
        await pause(5);
      }
    },
    async stop() {
      await running.end('SIGTERM');
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return contestant;
}

const peerRooms =
  (side: Side, port: number): OpenRoom =>
  async (name) => ({
    name,
    dialect: side === 'hocuspocus' ? hocuspocusWords : yWebsocket,
    author: 'author',
    personAt: () => 'author',
    inOne: side === 'bare',
    seat: () => ({ port, path: side === 'hocuspocus' ? '/' : `/${name}`, headers: {} }),
  });
