import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connectLive, type LiveListener } from '../../client/connection/live-socket.ts';
import { PROTOCOL } from '../../shared/wire/version.ts';

type Heard = (...said: unknown[]) => void;

/** Socket.IO's client, played by hand. */
const socket = vi.hoisted(() => ({
  heardByName: new Map<string, (...said: unknown[]) => void>(),
  options: undefined as undefined | { auth: (give: (auth: object) => void) => void },
  connected: false,
  connects: 0,
  timeAnswers: true,
  on(name: string, heard: (...said: unknown[]) => void) {
    this.heardByName.set(name, heard);
    return this;
  },
  connect() {
    this.connects += 1;
    return this;
  },
  disconnect() {
    this.connected = false;
    return this;
  },
  timeout() {
    return {
      emit: (_name: string, answered: (error: Error | null) => void) =>
        answered(this.timeAnswers ? null : new Error('timeout')),
      emitWithAck: () => Promise.resolve(0),
    };
  },
}));
vi.mock('socket.io-client', () => ({
  io: (_namespace: string, options: NonNullable<typeof socket.options>) => {
    socket.options = options;
    return socket;
  },
}));

const page = new EventTarget();
const window = new EventTarget();
const said: string[] = [];
let copy: { since?: number; me?: ReturnType<LiveListener['me']> };
let close: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  socket.heardByName.clear();
  Object.assign(socket, { connected: true, connects: 0, timeAnswers: true });
  said.length = 0;
  copy = {};
  vi.stubGlobal('document', Object.assign(page, { visibilityState: 'visible' }));
  vi.stubGlobal('addEventListener', window.addEventListener.bind(window));
  vi.stubGlobal('removeEventListener', window.removeEventListener.bind(window));
  const say = (word: string) => () => void said.push(word);
  const line = connectLive(
    { consultation: 'c1' },
    {
      since: () => copy.since,
      me: () => copy.me,
      connected: say('connected'),
      cut: say('cut'),
      snapshot: say('snapshot'),
      events: say('events'),
      presence: say('presence'),
      counts: say('counts'),
      closed: ({ code }) => void said.push(`closed ${code}`),
    },
  );
  close = () => line.close();
});

afterEach(() => {
  close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const happens = (name: string, ...details: unknown[]) =>
  (socket.heardByName.get(name) as Heard)(...details);
const handshake = () => {
  const given: object[] = [];
  socket.options?.auth((auth) => given.push(auth));
  return given[0];
};

test('[CLI11] a newcomer asks for everything, whoever has a copy for what came after it', () => {
  expect(handshake()).toEqual({ consultation: 'c1', protocol: PROTOCOL });
  copy = { since: 12, me: { person: 'p1', role: 'member', name: '李敏' } };
  expect(handshake()).toMatchObject({ consultation: 'c1', since: 12 });
});

test('[CLI19] sent away by a server that stops, the page comes back by itself', async () => {
  happens('disconnect', 'io server disconnect');
  expect(said).toEqual(['cut']);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(socket.connects).toBe(1);
});

test('[CLI17] told why it is parted with, the page does not come back, not even when it wakes', async () => {
  happens('closed', { code: 4404 });
  happens('disconnect', 'io server disconnect');
  page.dispatchEvent(new Event('visibilitychange'));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(said[0]).toBe('closed 4404');
  expect(socket.connects).toBe(0);
});

test('[CLI19] a phone that wakes with a dead line connects anew; a living line is left alone', () => {
  page.dispatchEvent(new Event('visibilitychange'));
  expect(socket.connects).toBe(0);
  socket.timeAnswers = false;
  page.dispatchEvent(new Event('visibilitychange'));
  expect(socket.connects).toBe(1);
});

test('[CLI19] the network’s return and the page’s return do not wait for the next attempt', () => {
  socket.connected = false;
  window.dispatchEvent(new Event('online'));
  window.dispatchEvent(new Event('pageshow'));
  expect(socket.connects).toBe(2);
});

test('a closed line hears nothing more of the page and leaves no timer', () => {
  happens('disconnect', 'io server disconnect');
  close();
  socket.connected = false;
  window.dispatchEvent(new Event('online'));
  page.dispatchEvent(new Event('visibilitychange'));
  expect([socket.connects, vi.getTimerCount()]).toEqual([0, 0]);
});
