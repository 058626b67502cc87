// The real server as its own process, as `npm start` runs it: for tests of the whole, and for what
// only a process can show (signals, kill -9, a restart on the same data).
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { endWith, freePort, recordOutput, tieToThisProcess, waitUntilReady } from './processes.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** DATA_DIR/links.json, as the server writes it on each start. */
export interface Links {
  baseUrl: string;
  office: string;
  demo: {
    consultation: string;
    moderator: string;
    clerk: string;
    members: string[];
    departments: string[];
    observer: string;
    screen: string;
    public: string;
  };
}

export interface StartedServer {
  /** Without a slash at its end. */
  url: string;
  /** Entry links of the demonstration; absent with DEMO=off. */
  links: Links;
  dataDir: string;
  readonly pid: number;
  /** Everything that it has printed, standard output and error together. */
  output(): string;
  /** Sends the signal and waits until the process has ended: `kill('SIGKILL')` is the power cut. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts again with the same data, port and settings, after `kill` or instead of it. */
  restart(): Promise<void>;
  /** Ends it and, unless the data directory was given, removes its data. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  env?: Record<string, string>;
  port?: number;
  /** A directory of the caller's, kept afterwards. */
  dataDir?: string;
}

/** Settings of whoever runs the tests must not reach the server under test. */
const settings = ['PORT', 'HOST', 'DATA_DIR', 'DATABASE_URL', 'REDIS_URL', 'PUBLIC_URL', 'DEMO'];
const alsoSettings = ['TRUST_PROXY', 'LOG_LEVEL', 'NODE_ENV', 'VITEST', 'NODE_OPTIONS'];

function cleanEnvironment(): NodeJS.ProcessEnv {
  const ours = new Set([...settings, ...alsoSettings]);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.has(name)));
}

async function launch(url: string, env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, ['server/main.ts'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  tieToThisProcess(child);
  const output = recordOutput(child);
  const isHealthy = async () => (await fetch(`${url}/api/health`)).status === 200;
  await waitUntilReady('The server', child, isHealthy, { output });
  return { child, output };
}

export async function startServer(options: ServerOptions = {}): Promise<StartedServer> {
  const port = options.port ?? (await freePort());
  const dataDir = options.dataDir ?? mkdtempSync(path.join(tmpdir(), 'shangliang-data-'));
  const url = `http://127.0.0.1:${port}`;
  const own = { PORT: String(port), HOST: '127.0.0.1', DATA_DIR: dataDir, PUBLIC_URL: url };
  const env = { ...cleanEnvironment(), ...own, ...options.env };

  const linksFile = path.join(dataDir, 'links.json');
  const readLinks = () =>
    (existsSync(linksFile) ? JSON.parse(readFileSync(linksFile, 'utf8')) : {}) as Links;

  let running = await launch(url, env);
  const earlier: string[] = [];
  const server: StartedServer = {
    url,
    links: readLinks(),
    dataDir,
    get pid() {
      return running.child.pid!;
    },
    output: () => [...earlier, running.output()].join(''),
    kill: (signal = 'SIGTERM') => endWith(running.child, signal),
    async restart() {
      await endWith(running.child, 'SIGTERM');
      earlier.push(running.output());
      running = await launch(url, env);
      server.links = readLinks();
    },
    async stop() {
      await endWith(running.child, 'SIGTERM');
      if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return server;
}
