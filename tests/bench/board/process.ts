// A server as a process of its own on a core of its own, and what it costs.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { endWith, recordOutput, tieToThisProcess } from '../../helpers/processes.ts';

const SERVER_CORE = '0';
const LOAD_CORE = '1';
/** Linux counts a process's time in hundredths of a second. */
const TICK_MS = 10;
const PAGE_KB = 4;

export interface ServerProcess {
  readonly pid: number;
  /** Milliseconds of processor time since it began, of all its threads. */
  cpu(): number;
  /** Resident memory in kB. */
  memory(): number;
  output(): string;
  end(signal: NodeJS.Signals): Promise<void>;
}

export interface Program {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** This process is the load: it keeps off the server's core. */
export function stayOnLoadCore(): void {
  spawnSync('taskset', ['-a', '-p', '-c', LOAD_CORE, String(process.pid)]);
}

export function startProcess({ args, cwd, env }: Program): ServerProcess {
  const command = ['-c', SERVER_CORE, process.execPath, ...args];
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn('taskset', command, {
    cwd,
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  tieToThisProcess(child);
  const output = recordOutput(child, 4_000);
  const pid = pidOf(child, args);
  return {
    pid,
    cpu: () => cpuOf(pid),
    memory: () => Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_KB,
    output,
    end: (signal) => endWith(child, signal),
  };
}

function pidOf({ pid }: ChildProcess, args: readonly string[]): number {
  if (pid === undefined) throw new Error(`could not start ${args.join(' ')}`);
  return pid;
}

function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // after the name, which may hold anything: state is the third field, user and system time the 14th and 15th
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
