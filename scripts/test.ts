// `npm test`: everything there is, on a bare machine too, ending with the count of it all.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { prepareMachine } from './testing/machine.ts';
import {
  type PlaywrightReport,
  sum,
  type Tally,
  tallyOfPlaywright,
  tallyOfTool,
  tallyOfVitest,
  verdict,
} from './testing/tally.ts';

const root = path.resolve(import.meta.dirname, '..');
const results = path.join(root, 'test-results');

const programs = path.join(root, 'node_modules/.bin');
const { NODE_ENV: _, PATH: callersPath = '', ...rest } = process.env;
/** With the project's own Node, and without NODE_ENV: Vitest and Vite choose it for themselves. */
const environment = { ...rest, PATH: `${programs}${path.delimiter}${callersPath}` };

/** Runs a program of node_modules to its end, its output shown live. Answers the exit code. */
function run(program: string, args: string[]): Promise<number> {
  const child = spawn(path.join(programs, program), args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: environment,
  });
  const stop = () => child.kill('SIGTERM');
  process.once('SIGTERM', stop);
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.once('exit', (code) => {
      process.off('SIGTERM', stop);
      resolve(code ?? 1);
    });
  });
}

function report<Report>(name: string): Report | undefined {
  const file = path.join(results, name);
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    return undefined; // cut off by a crash, which the exit code tells
  }
}

const tool = async (program: string, ...args: string[]) => tallyOfTool(await run(program, args));

async function vitest(name: string, projects: string[]): Promise<Tally> {
  const wanted = projects.map((project) => `--project=${project}`);
  const json = `--outputFile.json=${path.join(results, `${name}.json`)}`;
  const args = ['run', ...wanted, '--reporter=default', '--reporter=json', json];
  const exitCode = await run('vitest', args);
  return tallyOfVitest(report(`${name}.json`), exitCode);
}

async function playwright(): Promise<Tally> {
  const exitCode = await run('playwright', ['test']);
  return tallyOfPlaywright(report<PlaywrightReport>('e2e.json'), exitCode);
}

const steps: [title: string, step: () => Promise<Tally>][] = [
  ['Format', () => tool('prettier', '--check', '--log-level=warn', '.')],
  ['Lint', () => tool('eslint', '--max-warnings=0', '.')],
  ['Types of shared/', () => tool('tsc', '-p', 'shared')],
  ['Types of server/ and scripts/', () => tool('tsc', '-p', '.')],
  ['Types of tests/', () => tool('tsc', '-p', 'tests')],
  ['Types of client/', () => tool('svelte-check', '--tsconfig=client/tsconfig.json')],
  ['Unit tests', () => vitest('unit', ['unit', 'client'])],
  ['Tests with real servers', () => vitest('integration', ['integration'])],
  ['Tests in real browsers', playwright],
];

async function main(): Promise<number> {
  if (!(await prepareMachine())) return 1;
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results);

  const tallies: Tally[] = [];
  for (const [title, step] of steps) {
    console.log(`\n── ${title} ──`);
    const start = Date.now();
    const tally = await step();
    tallies.push(tally);
    console.log(`${title}: ${verdict(tally)} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
  }

  const total = sum(tallies);
  if (total.skipped.length > 0) console.log(['\nSkipped:', ...total.skipped].join('\n  '));
  console.log(`\n${verdict(total)}`);
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
}

process.exitCode = await main();
