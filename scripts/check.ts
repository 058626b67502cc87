// `npm run check`: format, lint, types, unit tests and the lock file, in about a minute. Two lanes at a
// time, for two cores; what a step prints is shown when it has ended, so that nothing is mixed up.
import { spawn } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

const lanes: readonly (readonly string[])[] = [
  ['lint', 'format:check', 'lock'],
  ['types', 'test:unit'],
];

interface Outcome {
  readonly code: number;
  readonly printed: string;
}

function run(script: string): Promise<Outcome> {
  const child = spawn('npm', ['run', '--silent', script], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const keep = (chunk: Buffer) => (printed += chunk.toString());
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return new Promise((resolve) => {
    child.once('error', ({ message }) => resolve({ code: 1, printed: message }));
    child.once('close', (code) => resolve({ code: code ?? 1, printed }));
  });
}

async function runLane(scripts: readonly string[]): Promise<boolean> {
  let passed = true;
  for (const script of scripts) {
    const began = Date.now();
    const { code, printed } = await run(script);
    const seconds = ((Date.now() - began) / 1_000).toFixed(0);
    if (code !== 0) process.stdout.write(printed);
    console.log(`${code === 0 ? 'passed' : 'FAILED'}  ${script} (${seconds} s)`);
    passed &&= code === 0;
  }
  return passed;
}

const passed = await Promise.all(lanes.map(runLane));
process.exitCode = passed.every(Boolean) ? 0 : 1;
