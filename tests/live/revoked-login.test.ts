// [LGN2] Who only listens gives no command by which the server would notice: a login that ended is looked for.
import type { AddressInfo } from 'node:net';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AddedParticipant, CreatedConsultation } from '../../shared/wire/rest.ts';
import type { ClosedNotice, DownMessages, Snapshot } from '../../shared/wire/down.ts';
import { PROTOCOL } from '../../shared/wire/version.ts';
import { openTestApp, type Browser, type TestApp } from '../helpers/app.ts';

let server: TestApp;
let office: Browser;
let room: CreatedConsultation;
const sockets: Socket<DownMessages>[] = [];

beforeAll(async () => {
  server = await openTestApp();
  await server.app.http.listen({ port: 0, host: '127.0.0.1' });
  office = await server.officer();
  const wanted = { title: '破解老旧小区难题' };
  room = (await office.post<CreatedConsultation>('/api/consultations', wanted)).body;
});
afterAll(async () => {
  for (const socket of sockets) socket.disconnect();
  await server.close();
});

async function listener(): Promise<{ id: string; browser: Browser }> {
  const people = [{ name: '钱益彰', role: 'member' }];
  const path = `/api/consultations/${room.id}/participants`;
  const [added] = (await office.post<AddedParticipant[]>(path, people)).body;
  const browser = server.browser();
  await browser.post('/api/invitations/redeem', { token: added!.token });
  return { id: added!.id, browser };
}

function follow(browser: Browser): Socket<DownMessages> {
  const { port } = server.app.http.server.address() as AddressInfo;
  const cookie = Object.entries(browser.cookies()).map((pair) => pair.join('='));
  const socket: Socket<DownMessages> = io(`http://127.0.0.1:${port}/live`, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: { cookie: cookie.join('; ') },
    auth: { consultation: room.id, protocol: PROTOCOL },
  });
  sockets.push(socket);
  return socket;
}

const snapshotOf = (socket: Socket<DownMessages>): Promise<Snapshot> =>
  new Promise((resolve) => socket.once('snapshot', resolve));
const closing = (socket: Socket<DownMessages>): Promise<ClosedNotice> =>
  new Promise((resolve) => socket.once('closed', resolve));

test('leaving on one page ends what its other pages hear', async () => {
  const { browser } = await listener();
  const other = follow(browser);
  await snapshotOf(other);
  const closed = closing(other);
  await browser.post('/api/logout');
  expect(await closed).toEqual({ code: 4401 });
});

test('a new invitation ends what the lost device hears', async () => {
  const { browser, id } = await listener();
  const lost = follow(browser);
  await snapshotOf(lost);
  const closed = closing(lost);
  await office.post(`/api/consultations/${room.id}/participants/${id}/invitation`);
  expect(await closed).toEqual({ code: 4401 });
});

test('[LGN8] who is a citizen too goes on as a citizen', async () => {
  const { browser } = await listener();
  await browser.post('/api/join', { code: room.code });
  const page = follow(browser);
  expect((await snapshotOf(page)).me.role).toBe('member');
  const anew = snapshotOf(page);
  await browser.post('/api/logout');
  const { me, state } = await anew;
  expect([me.role, state.roster]).toEqual(['public', {}]);
});
