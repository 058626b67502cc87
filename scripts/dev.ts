// `npm run dev`: one port for the browser. Vite serves the client with hot reload and passes the
// rest on to the server, which starts again whenever its sources change.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createServer } from 'vite';
import { freePort } from '../tests/helpers/processes.ts';

const root = path.resolve(import.meta.dirname, '..');
const port = Number(process.env['PORT'] ?? 3000);
const host = process.env['HOST'] ?? '0.0.0.0';
const serverPort = await freePort();
const target = `http://127.0.0.1:${serverPort}`;

// Without changeOrigin: the server compares Origin with Host, and both must be the browser's.
const proxy = Object.fromEntries(
  // A board's id has no dot: what has one is a source file of client/board, which is Vite's.
  ['^/api/', '^/metrics$', '^/socket\\.io/', '^/board/[^/.]+(\\?|$)'].map((pattern) => [
    pattern,
    { target, ws: true },
  ]),
);

const vite = await createServer({
  configFile: path.join(root, 'vite.config.ts'),
  server: { port, host, strictPort: true, allowedHosts: true, proxy },
});

try {
  await vite.listen();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

const server = spawn(process.execPath, ['--watch', '--watch-preserve-output', 'server/main.ts'], {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    PORT: String(serverPort),
    HOST: '127.0.0.1',
    // Entry links lead through Vite.
    PUBLIC_URL: process.env['PUBLIC_URL'] ?? `http://localhost:${port}`,
  },
});

let isStopping = false;
async function stop() {
  if (isStopping) return;
  isStopping = true;
  server.kill('SIGTERM');
  await vite.close();
}
process.on('SIGINT', () => void stop());
process.on('SIGTERM', () => void stop());
server.once('exit', (code) => {
  if (!isStopping) process.exitCode = code ?? 1;
  void stop();
});

vite.printUrls();
