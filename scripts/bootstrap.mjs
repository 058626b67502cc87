// Makes a checkout ready: installs packages and builds the client, each only when what it depends on
// has changed. `node scripts/bootstrap.mjs [client]`, on any Node from 18, without any package.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const at = (...parts) => path.join(root, ...parts);

const LOCK = at('.bootstrap.lock');
const INSTALL_STAMP = at('node_modules', '.bootstrap-stamp');
const BUILD_STAMP = at('dist', '.bootstrap-stamp');
const PACKAGED_NODE = at('node_modules', '.bin', 'node');
const WANTED_NODE = 24;

/** A failure that is explained by its one sentence and needs no stack. */
class Explained extends Error {}

const read = (file) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '');
const say = (line) => console.log(`[bootstrap] ${line}`);

/* What the stamps are made of ------------------------------------------------------------------ */

function hash(parts) {
  const sha = createHash('sha256');
  for (const part of parts) sha.update(part).update('\0');
  return sha.digest('hex');
}

/**
 * Scripts are left out: editing one is no reason to install again.
 * @param {string} packageJson
 * @param {string} lockfile
 */
export function packagesHash(packageJson, lockfile) {
  const { scripts: _scripts, ...rest } = JSON.parse(packageJson);
  return hash([JSON.stringify(rest), lockfile, process.platform, process.arch]);
}

/**
 * Every file below a folder that may be absent, hidden ones left out.
 * @param {string} folder
 * @returns {string[]}
 */
export function filesUnder(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.')) return []; // editors' swap files
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(file) : [file];
  });
}

const wantedPackages = () => packagesHash(read(at('package.json')), read(at('package-lock.json')));

/** By content and not by time: a fresh clone and a branch switched to and fro build only once. */
function wantedBuild() {
  const folders = ['client', 'shared', 'scripts/build'].map((folder) => at(folder));
  const files = [...folders.flatMap(filesUnder), at('vite.config.ts'), at('tsconfig.base.json')];
  const contents = files
    .sort()
    .flatMap((file) => [path.relative(root, file), fs.readFileSync(file)]);
  return hash([wantedPackages(), ...contents]);
}

const isInstalled = () => usableNode() !== undefined && read(INSTALL_STAMP) === wantedPackages();
const isBuilt = () => fs.existsSync(at('dist/index.html')) && read(BUILD_STAMP) === wantedBuild();

/** The packaged Node, or this very one where it is new enough (npm scripts then find it in PATH). */
function usableNode() {
  if (fs.existsSync(PACKAGED_NODE)) return PACKAGED_NODE;
  return Number.parseInt(process.versions.node) >= WANTED_NODE ? process.execPath : undefined;
}

/* One at a time: `npm start` and `npm test` may be called together ------------------------------ */

const BEAT = 2_000;
const ABANDONED = 15_000;

/**
 * Abandoned when its process is gone, or has shown no sign of life (another container's pid).
 * @param {string} lock
 */
export function isAbandoned(lock, now = Date.now()) {
  const stat = fs.statSync(lock, { throwIfNoEntry: false });
  if (!stat) return false;
  if (now - stat.mtimeMs > ABANDONED) return true;
  const pid = Number(read(lock));
  if (!pid) return false; // just made, not yet written
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

/**
 * Waits for its turn. Returns the function that gives it up.
 * @param {string} lock
 * @param {() => void} onWait called once, if it has to wait
 */
export async function takeLock(lock, onWait = () => {}) {
  for (let waited = false; ; waited = true) {
    try {
      fs.writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (isAbandoned(lock)) {
      fs.rmSync(lock, { force: true });
      continue;
    }
    if (!waited) onWait();
    await sleep(100);
  }
  const beat = setInterval(() => fs.utimesSync(lock, new Date(), new Date()), BEAT);
  return () => {
    clearInterval(beat);
    fs.rmSync(lock, { force: true });
  };
}

/* The two steps -------------------------------------------------------------------------------- */

/** Runs to the end and answers with the exit code; asynchronous, so that the lock keeps beating. */
function run(command, args, env = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: 'inherit' });
    child.on('error', (error) => {
      reject(new Explained(`“${command}” could not be run (${error.code}): is it installed?`));
    });
    child.on('exit', (code, signal) => resolve(signal ? 1 : code));
  });
}

async function timed(doing, done, step) {
  say(`${doing} …`);
  const start = Date.now();
  await step();
  say(`${done} in ${((Date.now() - start) / 1000).toFixed(1)} s`);
}

async function install() {
  // --include=dev: NODE_ENV=production must not leave out what the build needs.
  // --ignore-scripts: better-sqlite3 carries its binaries, npm would still call a compiler.
  const args = ['install', '--no-save', '--ignore-scripts', '--include=dev', '--include=optional'];
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const viaNpm = npm && /npm-cli\.[cm]?js$/.test(npm) ? [process.execPath, npm] : ['npm'];
  const [command, ...before] = viaNpm;

  fs.rmSync(INSTALL_STAMP, { force: true });
  const code = await run(command, [...before, ...args, ...quiet, '--prefer-offline']);
  if (code !== 0) {
    throw new Explained('The packages could not be installed: see npm’s message above.');
  }
  if (!usableNode()) {
    throw new Explained(
      `This is Node ${process.versions.node}, and no packaged Node ${WANTED_NODE} exists for ` +
        `${process.platform}-${process.arch}: please install Node ${WANTED_NODE} or newer.`,
    );
  }
  fs.writeFileSync(INSTALL_STAMP, wantedPackages());
}

async function build() {
  const vite = at('node_modules', 'vite', 'bin', 'vite.js');
  const wanted = wantedBuild(); // before building: what is edited meanwhile builds again
  const env = { ...process.env, NODE_ENV: 'production' };
  const code = await run(usableNode(), [vite, 'build', '--logLevel', 'warn'], env);
  if (code !== 0) throw new Explained('The client could not be built: see the message above.');
  fs.writeFileSync(BUILD_STAMP, wanted);
}

export async function bootstrap({ client }) {
  const isReady = () => isInstalled() && (!client || isBuilt());
  if (isReady() && !fs.existsSync(LOCK)) return;

  const release = await takeLock(LOCK, () => say('waiting for another bootstrap to finish …'));
  try {
    if (!isInstalled()) await timed('installing packages', 'packages ready', install);
    if (client && !isBuilt()) await timed('building the client', 'client built', build);
  } finally {
    release();
  }
}

function explain(error) {
  if (error instanceof Explained) return error.message;
  if (['EACCES', 'EPERM', 'EROFS'].includes(error.code)) return `Cannot write to ${error.path}.`;
  if (error.code === 'ENOSPC') return 'The disk is full.';
  return error.stack;
}

const isMain =
  process.argv[1] && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url);
if (isMain) {
  bootstrap({ client: process.argv.includes('client') }).catch((error) => {
    console.error(`[bootstrap] ${explain(error)}`);
    process.exitCode = 1;
  });
}
