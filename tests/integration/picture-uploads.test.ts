// Uploads against real servers: cut at any byte, killed, gone on with at another node.
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type * as Y from 'yjs';
import { enter, type Participant } from '../../scripts/demonstration/participant.ts';
import { addCard, cardPictures, readLanes } from '../../shared/board/schema.ts';
import { cardPicturesUrl, pictureUrl } from '../../shared/pictures.ts';
import { noise, pngOf } from '../files/sample-pictures.ts';
import { randomOf, seedOfRun } from '../fuzz/random.ts';
import { redeem } from '../helpers/api.ts';
import { startServer, type StartedServer } from '../helpers/server.ts';
import { startPostgres, startRedis, type Postgres, type Redis } from '../helpers/services.ts';

/** A device at a node of choice. */
interface Device {
  readonly server: StartedServer;
  readonly cookie: string;
}

const deviceAt = async (server: StartedServer, link: string): Promise<Device> => ({
  server,
  cookie: await redeem(server.url, link),
});

const ask = (
  { server: { url }, cookie }: Device,
  method: string,
  at: string,
  more: RequestInit = {},
) =>
  fetch(url + at, {
    method,
    ...more,
    headers: { origin: url, cookie, 'tus-resumable': '1.0.0', ...(more.headers as object) },
  });

async function begin(
  device: Device,
  consultation: string,
  card: string,
  size: number,
): Promise<string> {
  const headers = { 'upload-length': String(size) };
  const answer = await ask(device, 'POST', cardPicturesUrl(consultation, card), { headers });
  expect(answer.status).toBe(201);
  return answer.headers.get('location')!;
}

const bring = (device: Device, at: string, offset: number, bytes: Uint8Array) =>
  ask(device, 'PATCH', at, {
    headers: { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
    body: Buffer.from(bytes),
  });

const received = async (device: Device, at: string) =>
  Number((await ask(device, 'HEAD', at)).headers.get('upload-offset'));

/** Says that all the rest will come, brings `bytes` of it, and is gone. */
async function breakOff(
  { server: { url }, cookie }: Device,
  { at, offset, rest, bytes }: { at: string; offset: number; rest: Uint8Array; bytes: number },
): Promise<void> {
  const { hostname, port, host } = new URL(url);
  const socket = net.connect(Number(port), hostname);
  const head = [
    `PATCH ${at} HTTP/1.1`,
    `host: ${host}`,
    `origin: ${url}`,
    `cookie: ${cookie}`,
    'tus-resumable: 1.0.0',
    `upload-offset: ${offset}`,
    'content-type: application/offset+octet-stream',
    `content-length: ${rest.length}`,
  ].join('\r\n');
  socket.write(`${head}\r\n\r\n`);
  await new Promise<void>((resolve) => socket.write(rest.subarray(0, bytes), () => resolve()));
  socket.destroy();
}

const people: Participant[] = [];
async function boardOf(
  link: string,
  consultation: string,
): Promise<{ doc: Y.Doc; person: string }> {
  const participant = await enter(link, consultation);
  people.push(participant);
  return { doc: (await participant.board()).doc, person: participant.me.person };
}

function write({ doc, person }: { doc: Y.Doc; person: string }, id: string): string {
  const lane = readLanes(doc)[0]!.id;
  addCard(doc, { id, lane, author: person, text: '看图', createdAt: Date.now() });
  return id;
}

/** Until the server has the card. */
const known = (device: Device, consultation: string, card: string) =>
  expect
    .poll(async () => {
      const headers = { 'upload-length': '1' };
      const url = cardPicturesUrl(consultation, card);
      return (await ask(device, 'POST', url, { headers })).status;
    })
    .toBe(201);

const onCard = (doc: Y.Doc, card: string) =>
  expect
    .poll(() => cardPictures(doc, card).length)
    .toBe(1)
    .then(() => cardPictures(doc, card)[0]!);

const file = pngOf(noise(700, 500));
afterAll(() => people.forEach((person) => person.leave()));

describe('one node', () => {
  let server: StartedServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());

  test('[PIC8] an upload cut again and again, at bytes that chance chose, loses none of them', async () => {
    const { consultation, members } = server.links.demo;
    const board = await boardOf(members[0]!, consultation);
    const device = await deviceAt(server, members[0]!);
    const card = write(board, 'cut-again-and-again');
    await known(device, consultation, card);
    const random = randomOf(`${seedOfRun()}/cuts`);
    const at = await begin(device, consultation, card, file.length);
    for (let offset = 0, cuts = 0; cuts < 8; cuts += 1) {
      const rest = file.subarray(offset);
      const bytes = random.int(Math.min(rest.length, 200_000));
      await breakOff(device, { at, offset, rest, bytes });
      await expect
        .poll(() => received(device, at), { message: `after cut ${cuts}` })
        .toBe(offset + bytes);
      offset += bytes;
    }
    const offset = await received(device, at);
    const last = await bring(device, at, offset, file.subarray(offset));
    expect(last.status).toBe(204);
    // its answer may be lost: asked again, with nothing to add, it is the same
    const again = await bring(device, at, file.length, new Uint8Array());
    expect(again.headers.get('upload-picture')).toBe(last.headers.get('upload-picture'));
    const { id, width, height } = await onCard(board.doc, card);
    expect([id, width, height]).toEqual([last.headers.get('upload-picture'), 700, 500]);
    expect((await ask(device, 'GET', pictureUrl(consultation, id))).status).toBe(200);
  });

  test('[PIC8] the power goes in the middle: what HEAD had told is there, and it goes on from there', async () => {
    const { consultation, members } = server.links.demo;
    const card = write(await boardOf(members[1]!, consultation), 'power-cut');
    let device = await deviceAt(server, members[1]!);
    await known(device, consultation, card);
    const at = await begin(device, consultation, card, file.length);
    const half = Math.floor(file.length / 2);
    expect((await bring(device, at, 0, file.subarray(0, half))).status).toBe(204);
    const rest = file.subarray(half);
    await breakOff(device, { at, offset: half, rest, bytes: 1_000 });
    const told = await received(device, at);
    await server.kill('SIGKILL');
    await server.restart();
    device = await deviceAt(server, members[1]!);
    const offset = await received(device, at);
    expect(offset).toBeGreaterThanOrEqual(told);
    const last = await bring(device, at, offset, file.subarray(offset));
    expect(last.status).toBe(204);
    await server.kill('SIGKILL');
    await server.restart();
    const { doc } = await boardOf(members[1]!, consultation);
    const { id } = await onCard(doc, card);
    expect(id).toBe(last.headers.get('upload-picture'));
    const again = await deviceAt(server, members[1]!);
    expect((await ask(again, 'GET', pictureUrl(consultation, id))).status).toBe(200);
    expect(await received(again, at)).toBe(file.length);
  }, 120_000);
});

describe('two nodes', () => {
  let postgres: Postgres;
  let redis: Redis;
  let dataDir: string;
  let nodes: [StartedServer, StartedServer];
  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    dataDir = mkdtempSync(path.join(tmpdir(), 'shangliang-pictures-'));
    const env = { DATABASE_URL: postgres.url, REDIS_URL: redis.url };
    const first = await startServer({ env, dataDir });
    nodes = [first, await startServer({ env, dataDir })];
  }, 120_000);
  afterAll(async () => {
    for (const node of nodes ?? []) await node.stop();
    await redis?.stop();
    await postgres?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('[PIC8] each chunk goes to the node that is at hand, and one is killed between two of them', async () => {
    const { consultation, members } = nodes[0].links.demo;
    const [first, second] = nodes;
    const there = await boardOf(second.url + new URL(members[0]!).pathname, consultation);
    const card = write(
      await boardOf(first.url + new URL(members[0]!).pathname, consultation),
      'two',
    );
    const [one, two] = [await deviceAt(first, members[0]!), await deviceAt(second, members[0]!)];
    await known(two, consultation, card);
    const at = await begin(one, consultation, card, file.length);
    const [a, b] = [Math.floor(file.length / 3), Math.floor(file.length / 2)];
    expect((await bring(two, at, 0, file.subarray(0, a))).status).toBe(204);
    // the same piece once more, by the other node, which is late
    expect((await bring(one, at, 0, file.subarray(0, a))).status).toBe(409);
    expect((await bring(one, at, a, file.subarray(a, b))).status).toBe(204);
    await first.kill('SIGKILL');
    expect(await received(two, at)).toBe(b);
    expect((await bring(two, at, b, file.subarray(b))).status).toBe(204);
    const { id } = await onCard(there.doc, card);
    await first.restart();
    const back = await deviceAt(first, members[0]!);
    expect((await ask(back, 'GET', pictureUrl(consultation, id))).status).toBe(200);
  }, 120_000);
});
