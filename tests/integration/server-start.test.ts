import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { api, lastPart, redeem } from '../helpers/api.ts';
import { ended, endWith, freePort, recordOutput, tieToThisProcess } from '../helpers/processes.ts';
import { startServer, type Links, type StartedServer } from '../helpers/server.ts';

const root = path.resolve(import.meta.dirname, '../..');
const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function started(...options: Parameters<typeof startServer>): Promise<StartedServer> {
  const server = await startServer(...options);
  undo.push(() => server.stop());
  return server;
}

function ownDirectory(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'shangliang-start-'));
  undo.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Runs one of the server's programs to its end, with nothing but these settings. */
async function run(program: string, env: Record<string, string>, ...args: string[]) {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', HOST: '127.0.0.1', LOG_LEVEL: 'silent', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  tieToThisProcess(child);
  const output = recordOutput(child);
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')));
  const late = setTimeout(() => child.kill('SIGKILL'), 30_000);
  await ended(child);
  clearTimeout(late);
  return { code: child.exitCode, errors, output: output() };
}

test('from an empty directory to commands and a clean stop', async () => {
  const server = await started();
  const { demo, office, baseUrl } = server.links;
  expect(baseUrl).toBe(server.url);
  expect(statSync(path.join(server.dataDir, 'links.json')).mode & 0o777).toBe(0o600);
  expect(demo.members.length).toBeGreaterThanOrEqual(3);
  expect(demo.departments).toHaveLength(4);
  expect(demo.public).toMatch(/\/j\/[0-9A-HJKMNP-TV-Z]{8}$/);
  for (const link of [office, demo.moderator, demo.clerk, demo.observer]) {
    expect(link).toMatch(new RegExp(`^${baseUrl}/i/[\\w-]{32}$`));
    expect(server.output()).toContain(link);
  }

  const member = api(server.url, await redeem(server.url, demo.members[1]!));
  const state = await member.get<{ state: { seq: number; lifecycle: object } }>(
    `/api/consultations/${demo.consultation}`,
  );
  expect(state.body.state.lifecycle).toMatchObject({ phase: 'open', sample: true });
  const raised = await member.post(`/api/consultations/${demo.consultation}/commands`, {
    commandId: 'raise-1',
    type: 'floor.raise',
    data: {},
  });
  expect(raised.body).toEqual({ ok: true, seq: state.body.state.seq + 1 });

  await server.kill('SIGTERM');
  expect(server.output()).toContain('SIGTERM');
});

test('a stop is prompt and exits with 0, also with a socket open', async () => {
  const port = await freePort();
  const child = spawn(process.execPath, ['server/main.ts'], {
    cwd: root,
    env: {
      PATH: process.env['PATH'] ?? '',
      PORT: String(port),
      HOST: '127.0.0.1',
      DATA_DIR: ownDirectory(),
      DEMO: 'off',
    },
    stdio: 'ignore',
  });
  tieToThisProcess(child);
  undo.push(() => endWith(child, 'SIGKILL'));
  await expect
    .poll(
      () =>
        fetch(`http://127.0.0.1:${port}/api/health`).then(
          ({ status }) => status,
          () => 0,
        ),
      {
        timeout: 20_000,
      },
    )
    .toBe(200);
  const idle = net.connect(port, '127.0.0.1');
  idle.on('error', () => undefined);
  await new Promise((resolve) => idle.once('connect', resolve));
  const from = Date.now();
  child.kill('SIGTERM');
  await ended(child);
  idle.destroy();
  expect(child.exitCode).toBe(0);
  expect(Date.now() - from).toBeLessThan(5_000);
});

test('a server that was closed leaves nothing that keeps its process alive', async () => {
  const script = `
    import { openTestApp } from '${root}/tests/helpers/app.ts';
    const server = await openTestApp({ demo: true });
    await server.app.http.listen({ port: 0, host: '127.0.0.1' });
    const { port } = server.app.http.server.address();
    await fetch('http://127.0.0.1:' + port + '/api/health');
    await server.close();
    console.log('closed');`;
  const ran = await run('--input-type=module', {}, '--eval', script);
  expect([ran.code, ran.output]).toEqual([0, 'closed\n']);
});

test('[LOG1] what was acknowledged is there after kill -9, and so are the tokens', async () => {
  const server = await started();
  const before: Links = server.links;
  const cookie = await redeem(server.url, before.demo.clerk);
  const command = `/api/consultations/${before.demo.consultation}/commands`;
  const answer = await api(server.url, cookie).post<{ seq: number }>(command, {
    commandId: 'blank-1',
    type: 'screen.blank',
    data: {},
  });
  expect(answer.status).toBe(200);
  await server.kill('SIGKILL');
  await server.restart();
  expect(server.links).toEqual(before);
  const retried = await api(server.url, cookie).post(command, {
    commandId: 'blank-1',
    type: 'screen.blank',
    data: {},
  });
  expect(retried.body).toEqual(answer.body);
});

test('a later start keeps the tokens and writes the new origin', async () => {
  const dataDir = ownDirectory();
  const first = await started({ dataDir });
  await first.kill();
  const second = await started({ dataDir });
  expect(second.url).not.toBe(first.url);
  const moved = JSON.stringify(first.links).replaceAll(first.url, second.url);
  expect(JSON.stringify(second.links)).toBe(moved);
});

test('links that were lost are made anew, and the old ones stay good', async () => {
  const dataDir = ownDirectory();
  const first = await started({ dataDir });
  await first.kill();
  writeFileSync(path.join(dataDir, 'links.json'), '{ not json');
  const second = await started({ dataDir });
  expect(lastPart(second.links.demo.moderator)).not.toBe(lastPart(first.links.demo.moderator));
  for (const links of [first.links, second.links]) await redeem(second.url, links.demo.moderator);
});

test('DEMO=off leaves an office and nothing else; its link binds to the first device', async () => {
  const server = await started({ env: { DEMO: 'off' } });
  expect(Object.keys(server.links)).toEqual(['baseUrl', 'office']);
  const officer = api(server.url, await redeem(server.url, server.links.office));
  expect((await officer.get('/api/consultations')).body).toEqual([]);
  await expect(redeem(server.url, server.links.office)).rejects.toThrow(/409/);
});

describe('what prevents the start is one sentence and a non-zero exit', () => {
  const oneSentence = /^[^\n]+\n$/;

  test('a taken port', async () => {
    const holder = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    undo.push(() => new Promise((resolve) => holder.close(resolve)));
    const { port } = holder.address() as net.AddressInfo;
    const ran = await run('server/main.ts', { PORT: String(port), DATA_DIR: ownDirectory() });
    expect(ran.code).toBe(1);
    expect(ran.errors).toMatch(oneSentence);
    expect(ran.errors).toContain(String(port));
  });

  test('a data directory that can’t be one', async () => {
    const file = path.join(ownDirectory(), 'a-file');
    writeFileSync(file, '');
    const ran = await run('server/main.ts', { PORT: '0', DATA_DIR: path.join(file, 'data') });
    expect(ran.code).toBe(1);
    expect(ran.errors).toMatch(oneSentence);
    expect(ran.errors).toContain('a-file');
  });

  test('a data directory that another server uses', async () => {
    const server = await started({ env: { DEMO: 'off' } });
    const ran = await run('server/main.ts', { PORT: '0', DATA_DIR: server.dataDir });
    expect(ran.code).toBe(1);
    expect(ran.errors).toMatch(oneSentence);
    expect(ran.errors).toContain(server.dataDir);
  });

  test('a database that nobody answers for', async () => {
    const port = await freePort();
    const url = `postgres://someone:secret@127.0.0.1:${port}/nothing`;
    const settings = { PORT: '0', DATA_DIR: ownDirectory(), DATABASE_URL: url };
    const ran = await run('server/main.ts', settings);
    expect(ran.code).toBe(1);
    expect(ran.errors).toMatch(oneSentence);
    expect(ran.errors).toContain('DATABASE_URL');
    expect(ran.errors).not.toContain('secret');
  });

  test('[CLU3] a mixture of settings that can’t work, and a wrong setting', async () => {
    const mixed = await run('server/main.ts', { REDIS_URL: 'redis://127.0.0.1:1' });
    expect([mixed.code, oneSentence.test(mixed.errors)]).toEqual([1, true]);
    expect(mixed.errors).toContain('DATABASE_URL');
    const wrong = await run('server/main.ts', { PORT: 'many' });
    expect([wrong.code, oneSentence.test(wrong.errors)]).toEqual([1, true]);
    expect(wrong.errors).toContain('PORT');
  });
});

describe('the command line', () => {
  test('[LOG3] verify finds a record whole', async () => {
    const dataDir = ownDirectory();
    const server = await started({ dataDir });
    await server.kill();
    const ran = await run('server/cli.ts', { DATA_DIR: dataDir }, 'verify');
    expect([ran.code, ran.errors]).toEqual([0, '']);
    expect(ran.output).toMatch(/^consultation\/s1: \d+ events, head [0-9a-f]{64}$/m);
  });

  test('invite makes a link that works', async () => {
    const dataDir = ownDirectory();
    const server = await started({ dataDir });
    await server.kill();
    const person = ['--person', 'qian-yizhang', '--consultation', 's1'];
    const env = { DATA_DIR: dataDir, PUBLIC_URL: server.url };
    const ran = await run('server/cli.ts', env, 'invite', ...person);
    expect(ran.code).toBe(0);
    await server.restart();
    const member = api(server.url, await redeem(server.url, ran.output.trim()));
    expect((await member.get('/api/me')).body).toMatchObject({ name: '钱益彰' });
  });

  test('invite refuses someone who has no part there', async () => {
    const dataDir = ownDirectory();
    const server = await started({ dataDir, env: { DEMO: 'off' } });
    await server.kill();
    const nobody = ['--person', 'nobody', '--consultation', 's1'];
    const ran = await run('server/cli.ts', { DATA_DIR: dataDir }, 'invite', ...nobody);
    expect([ran.code, ran.output]).toEqual([1, ran.errors]);
  });
});

test('nothing secret is readable in what the server logs', async () => {
  const server = await started();
  await redeem(server.url, server.links.demo.moderator);
  await fetch(`${server.url}/api/invitations/redeem`, { method: 'POST' });
  const log = server
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .join('\n');
  expect(log).toContain('refused');
  expect(log).not.toContain(lastPart(server.links.demo.moderator));
  const links = readFileSync(path.join(server.dataDir, 'links.json'), 'utf8');
  expect(links).toContain(lastPart(server.links.demo.moderator));
});
