import { afterEach, beforeEach, expect, test } from 'vitest';
import { PROTOCOL } from '../../shared/wire/version.ts';
import { watchHandles } from '../helpers/left-open.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage({ limits: { connectionsPerPerson: 3 } });
  await stage.meeting();
});
afterEach(() => stage.close());

test('[LIV3] a newcomer gets all that they may know in one piece, and who they are', async () => {
  const alice = await stage.connect('alice').ready();
  expect(alice.snapshots).toBe(1);
  expect(alice.me).toEqual({ person: 'alice', role: 'member', name: '钱益彰', unit: '工商联界' });
  expect(alice.state.seq).toBe(await stage.store.head('consultation/m1'));
  expect(alice.state.roster['dan']?.unit).toBe('区市场监管局');
});

test.each([
  ['someone without a login', '', {}, 4401],
  ['a login that was revoked', 'rita', {}, 4401],
  ['a consultation that does not exist', 'alice', { consultation: 'nowhere' }, 4404],
  ['a consultation named like a part of Object', 'alice', { consultation: '__proto__' }, 4404],
  ['someone who is not of the roster', 'zoe', {}, 4404],
  ['a person named like a part of Object', 'constructor', {}, 4404],
  [
    'a wrong screen key',
    '',
    { auth: { consultation: 'm1', protocol: PROTOCOL, screenKey: 'x' } },
    4404,
  ],
  ['an older client', 'alice', { auth: { consultation: 'm1', protocol: PROTOCOL - 1 } }, 4409],
  ['a handshake without a version', 'alice', { auth: {} }, 4409],
  ['a handshake of another form', 'alice', { auth: { consultation: 7, protocol: PROTOCOL } }, 4404],
  [
    'a sequence that is no number',
    'alice',
    { auth: { consultation: 'm1', protocol: PROTOCOL, since: '3' } },
    4404,
  ],
])('[WIR1] %s is told why, then disconnected', async (_what, person, options, code) => {
  stage.revoked.add('rita');
  const reader = stage.connect(person, options);
  await reader.until(({ closed, socket }) => closed !== undefined && !socket.connected);
  expect(reader.closed).toEqual({ code });
  expect(reader.snapshots + reader.spans.length + reader.presences.length).toBe(0);
  expect(stage.live.figures().connections).toBe(0);
  expect(stage.logged).toEqual([]);
});

test('[LGN5] a page of another origin gets no connection, a program without one does', async () => {
  const elsewhere = stage.connect('alice', { headers: { origin: 'http://elsewhere' } });
  await elsewhere.until(({ connectError }) => connectError !== undefined);
  const here = stage.connect('alice', { headers: { origin: 'http://here' } });
  await here.ready();
  expect(elsewhere.snapshots).toBe(0);
});

test('[WIR2] nothing is served outside the namespace of the protocol', async () => {
  const reader = stage.connect('alice', { namespace: '/' });
  await reader.until(({ connectError }) => connectError !== undefined);
  expect(reader.connectError?.message).toBe('not found');
});

test('[WIR3] a person has so many connections and no more; leaving makes room', async () => {
  const three = [1, 2, 3].map(() => stage.connect('alice'));
  for (const reader of three) await reader.ready();
  const fourth = stage.connect('alice');
  await fourth.until(({ closed }) => closed !== undefined);
  expect(fourth.closed).toEqual({ code: 4429 });
  await stage.connect('bob').ready();
  three[0]!.leave();
  await expect.poll(() => stage.live.figures().connections).toBe(3);
  await stage.connect('alice').ready();
});

test('[LIV3] a sequence that was never given is answered with everything', async () => {
  const alice = stage.connect('alice', { since: 9_999 });
  await alice.ready();
  expect(alice.snapshots).toBe(1);
  expect(alice.spans).toEqual([]);
});

test('a request that is no socket’s still reaches the pages', async () => {
  expect(await (await fetch(stage.url)).text()).toBe('pages');
});

test('where there are several nodes, long polling is not offered', async () => {
  const scaled = await openStage({ polling: false });
  const polled = (url: string) => fetch(`${url}/socket.io/?EIO=4&transport=polling`);
  expect((await polled(scaled.url)).status).toBe(400);
  expect((await polled(stage.url)).status).toBe(200);
  await scaled.close();
});

test('closing ends every connection and leaves nothing behind', async () => {
  const watched = watchHandles(/\/server\/live\/|\/node_modules\/(socket\.io|engine\.io)\//);
  const other = await openStage();
  await other.meeting();
  const readers = ['alice', 'bob', 'g_1', 'screen'].map((person) => other.connect(person));
  for (const reader of readers) await reader.ready();
  expect(watched.left()).not.toEqual([]);
  const reasons: string[] = [];
  for (const { socket } of readers) {
    socket.io.reconnection(false);
    socket.on('disconnect', (reason) => reasons.push(reason));
  }
  await other.close();
  await expect.poll(() => reasons.length).toBe(readers.length);
  await expect.poll(() => watched.left()).toEqual([]);
  watched.stop();
  expect(other.live.figures()).toEqual({ connections: 0, consultations: 0 });
});
