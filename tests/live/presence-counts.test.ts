import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LocalHub, openLocalBus } from '../../server/cluster/local-bus.ts';
import { coalesce } from '../../server/live/coalesce.ts';
import { alice, bob, clark, guest, mona } from '../shared/consultation/meeting.ts';
import { openStage, type Reader, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
  await stage.meeting();
});
afterEach(async () => {
  const { logged } = stage;
  await stage.close();
  expect(logged).toEqual([]);
});

const latest = ({ presences }: Reader) => presences[presences.length - 1];

test('[LIV7] the room sees who is connected, each person once; citizens and screens are numbers', async () => {
  const moderator = await stage.connect('mona').ready();
  const tabs = [stage.connect('alice'), stage.connect('alice')];
  for (const person of ['g_1', 'g_2', 'screen', 'screen']) await stage.connect(person).ready();
  for (const tab of tabs) await tab.ready();
  const everybody = { connected: ['alice', 'mona'], public: 2, screens: 2 };
  await moderator.until((reader) => JSON.stringify(latest(reader)) === JSON.stringify(everybody));
  tabs[0]!.leave();
  tabs[1]!.leave();
  await moderator.until((reader) => latest(reader)?.connected.join() === 'mona');
});

test('[LIV7] a newcomer is shown who is there at once; the public and screens never are', async () => {
  await stage.connect('mona').ready();
  const observer = stage.connect('otto');
  const outside = [stage.connect('g_1'), stage.connect('screen')];
  await observer.until((reader) => latest(reader)?.connected.includes('mona') ?? false);
  for (const reader of outside) await reader.ready();
  await stage.connect('bob').ready();
  await observer.until((reader) => latest(reader)?.connected.includes('bob') ?? false);
  for (const { presences, wire } of outside) {
    expect(presences).toEqual([]);
    expect(wire).not.toContain('"presence"');
  }
});

test('[CLU4] presence spans the nodes, and the people of a node that ends are gone', async () => {
  const hub = new LocalHub();
  const [one, two] = await Promise.all([
    openStage({ bus: openLocalBus(hub) }),
    openStage({ bus: openLocalBus(hub) }),
  ]);
  await one.meeting();
  await two.meeting();
  const moderator = await one.connect('mona').ready();
  await two.connect('alice').ready();
  await two.connect('g_1').ready();
  await moderator.until((reader) => latest(reader)?.public === 1);
  expect(latest(moderator)).toEqual({ connected: ['alice', 'mona'], public: 1, screens: 0 });
  await two.close();
  await moderator.until((reader) => latest(reader)?.connected.join() === 'mona');
  await one.close();
});

test('[CLU4] what others say on the bus is read with care', async () => {
  const hub = new LocalHub();
  const stranger = openLocalBus(hub);
  const node = await openStage({ bus: openLocalBus(hub) });
  await node.meeting();
  const moderator = await node.connect('mona').ready();
  for (const message of ['', '{', 'null', '{"node":1}', '{"consultation":"m1"}']) {
    stranger.publish('presence', message);
  }
  const note = { node: 'x', consultation: 'm1', connected: ['bob'], public: 0, screens: 0 };
  stranger.publish('presence', JSON.stringify(note));
  await moderator.until((reader) => latest(reader)?.connected.includes('bob') ?? false);
  expect(node.logged).toEqual([]);
  await node.close();
});

test('[LIV5] support is told as numbers to whoever may read the opinion, members’ and the public’s apart', async () => {
  await stage.send(alice, 'opinion.table', { card: 'k1' }, 'secret');
  await stage.send(alice, 'opinion.table', { card: 'k2' }, 'open');
  await stage.send(mona, 'opinion.publish', { opinion: 'open' });
  const early = await stage.connect('otto').ready();
  const citizen = await stage.connect('g_9').ready();
  await stage.send(bob, 'opinion.support', { opinion: 'secret', on: true });
  await stage.send(bob, 'opinion.support', { opinion: 'open', on: true });
  await stage.send(guest, 'opinion.support', { opinion: 'open', on: true });
  const open = { members: 1, public: 1 };
  await early.until(({ support }) => support['open']?.public === 1);
  expect(early.support).toEqual({ secret: { members: 1, public: 0 }, open });
  await citizen.until(({ support }) => support['open']?.public === 1);
  expect(citizen.support).toEqual({ open });
  expect(citizen.wire).not.toContain('secret');
  const late = stage.connect('g_8');
  await late.until(({ support }) => support['open']?.public === 1);
  expect(late.support).toEqual({ open });
  await stage.send(clark, 'opinion.publish', { opinion: 'secret' });
  await citizen.until(({ support }) => support['secret']?.members === 1);
  await stage.send(guest, 'opinion.support', { opinion: 'open', on: false });
  await late.until(({ support }) => support['open']?.public === 0);
});

test('[LIV5] a storm of support is told at most twice a second', async () => {
  await stage.send(alice, 'opinion.table', { card: 'k' }, 'op');
  await stage.send(mona, 'opinion.publish', { opinion: 'op' });
  const citizen = await stage.connect('g_0').ready();
  const began = performance.now();
  for (let number = 1; number <= 60; number += 1) {
    const one = { person: `g_${number}`, role: 'public', name: '' } as const;
    await stage.send(one, 'opinion.support', { opinion: 'op', on: true });
  }
  await citizen.until(({ support }) => support['op']?.public === 60);
  const halfSeconds = (performance.now() - began) / 500;
  expect(citizen.counts.length).toBeLessThanOrEqual(Math.ceil(halfSeconds) + 1);
  expect(citizen.spans).toEqual([]); // who supports what is nobody's business
});

test('what is asked for again and again is done at once, and then once per period', () => {
  vi.useFakeTimers();
  try {
    let done = 0;
    const coalesced = coalesce(500, () => (done += 1));
    for (let time = 0; time < 10; time += 1) coalesced.ask();
    expect(done).toBe(1);
    vi.advanceTimersByTime(499);
    expect(done).toBe(1);
    vi.advanceTimersByTime(1);
    expect(done).toBe(2);
    vi.advanceTimersByTime(5_000);
    expect(done).toBe(2);
    coalesced.ask();
    coalesced.ask();
    coalesced.stop();
    vi.advanceTimersByTime(5_000);
    expect(done).toBe(3);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
