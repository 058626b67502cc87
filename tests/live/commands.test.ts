import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseCommandMessage } from '../../server/live/commands.ts';
import { languageOf } from '../../server/live/handshake.ts';
import { TokenBuckets } from '../../server/live/token-bucket.ts';
import { alice, bob, mona } from '../shared/consultation/meeting.ts';
import { codeOf, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
  await stage.meeting();
});
afterEach(() => stage.close());

const head = () => stage.store.head('consultation/m1');

test('[CMD2] a command is done by who the connection is, at the server’s time', async () => {
  const reader = await stage.connect('alice').ready();
  const seq = reader.state.seq + 1;
  const forged = { kind: 'speech', actor: mona, at: 1, seq: 99 };
  expect(await reader.ask('floor.raise', forged)).toEqual({ ok: true, seq });
  const [event] = await stage.store.read('consultation/m1', seq - 1);
  expect(event).toMatchObject({ seq, actor: { person: 'alice', role: 'member' } });
  expect(event!.at).toBeGreaterThan(1_000_000);
  expect(event!.data).toEqual({ person: 'alice', kind: 'speech' });
});

test('[LOG4] [CLI1] the same command sent again after a cut is done once and answered alike', async () => {
  const reader = await stage.connect('alice').ready();
  const first = await reader.ask('floor.raise', {}, 'once');
  reader.cut();
  await reader.until(({ socket }) => !socket.connected);
  expect(await reader.ask('floor.raise', {}, 'once')).toEqual(first);
  const ownTwin = await stage.connect('alice').ready();
  expect(await ownTwin.ask('floor.raise', {}, 'once')).toEqual(first);
  const thief = await stage.connect('bob').ready();
  expect(codeOf(await thief.ask('floor.raise', {}, 'once'))).not.toBe('ok');
  expect(reader.state.floor.hands.map(({ person }) => person)).toEqual(['alice']);
  expect(reader.faults).toEqual([]);
});

test('[LOG4] a command whose answer was lost in a cut is done once', async () => {
  const reader = await stage.connect('alice').ready();
  const lost = reader.ask('floor.raise', {}, 'lost').catch(() => 'no answer');
  reader.cut();
  expect(await lost).toBe('no answer');
  expect(codeOf(await reader.ask('floor.raise', {}, 'lost'))).toBe('ok');
  await reader.until(({ state }) => state.floor.hands.length === 1);
});

const deep = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown;

describe('[CMD1] bad input is refused with its code, changes nothing and disturbs nobody', () => {
  test.each([
    ['an unknown command', { commandId: 'c', type: 'floor.dance', data: {} }, 'unknown_command'],
    ['a name of Object’s', { commandId: 'c', type: 'constructor', data: {} }, 'unknown_command'],
    ['no command at all', undefined, 'invalid'],
    ['a text', 'floor.raise', 'invalid'],
    ['a list', [], 'invalid'],
    ['an id of the wrong form', { commandId: '../x', type: 'floor.raise', data: {} }, 'invalid'],
    ['an id that is no text', { commandId: { a: 1 }, type: 'floor.raise', data: {} }, 'invalid'],
    [
      'a body of the wrong form',
      { commandId: 'c', type: 'floor.raise', data: { kind: 7 } },
      'invalid',
    ],
    [
      'bytes instead of a body',
      { commandId: 'c', type: 'floor.raise', data: Buffer.from('x') },
      'ok',
    ],
    ['what the role may not', { commandId: 'c', type: 'floor.next', data: {} }, 'forbidden'],
    [
      '70 KB',
      { commandId: 'c', type: 'floor.raise', data: { x: 'x'.repeat(70_000) } },
      'too_large',
    ],
    [
      'a person named like a part of Object',
      ask('attendance.checkIn', { person: 'constructor', site: 'hall' }),
      'forbidden',
    ],
    [
      'an opinion named like a part of Object',
      ask('opinion.support', { opinion: 'constructor', on: true }),
      'not_found',
    ],
    [
      'an opinion named __proto__',
      ask('opinion.support', { opinion: '__proto__', on: true }),
      'not_found',
    ],
    ['an opinion named toString', ask('opinion.withdraw', { opinion: 'toString' }), 'not_found'],
    [
      'a response named valueOf',
      ask('response.question', { response: 'valueOf', text: '?' }),
      'not_found',
    ],
  ])('%s', async (_what, message, code) => {
    const reader = await stage.connect('alice').ready();
    const before = await head();
    expect(codeOf(await reader.askRaw(message))).toBe(code);
    expect(await head()).toBe(code === 'ok' ? before + 1 : before);
    expect(reader.socket.connected).toBe(true);
    expect(stage.logged).toEqual([]);
  });

  test.each([
    ['assign', 'opinion.assign', { opinion: 'constructor', lead: 'dan' }, 'not_found'],
    ['check in', 'attendance.checkIn', { person: '__proto__', site: 'hall' }, 'not_found'],
    ['hand', 'floor.raise', { person: 'hasOwnProperty' }, 'not_found'],
    ['next', 'floor.next', { person: 'constructor' }, 'not_found'],
    ['remove', 'participant.remove', { person: 'toString' }, 'not_found'],
    ['submission', 'submission.accept', { submission: 'constructor' }, 'not_found'],
    ['screen', 'screen.show', { kind: 'opinion', ref: 'constructor' }, 'not_found'],
    ['screen of a response', 'screen.show', { kind: 'response', ref: '__proto__' }, 'not_found'],
    ['stage', 'agenda.start', { stage: 'constructor' }, 'not_found'],
  ])('of the moderator too: %s', async (_what, type, data, code) => {
    const reader = await stage.connect('mona').ready();
    expect(codeOf(await reader.ask(type, data))).toBe(code);
    expect(stage.logged).toEqual([]);
  });

  test('a prototype in disguise', () => {
    const sent: unknown = JSON.parse(
      '{"commandId":"c","type":"t","data":{"__proto__":{"a":1},"b":{"__proto__":null,"c":1}},"__proto__":{"type":"x"}}',
    );
    const message = parseCommandMessage(sent);
    expect(message).toEqual({ commandId: 'c', type: 't', data: { b: { c: 1 } } });
    expect(JSON.stringify(message)).not.toContain('__proto__');
  });

  test('a nesting deeper than the stack', () => {
    const data = deep(60_000);
    expect(parseCommandMessage({ commandId: 'c', type: 't', data })).toMatchObject({
      refused: { code: expect.stringMatching(/^(invalid|too_large)$/) as unknown },
    });
  });

  test('events that the protocol does not know, and arguments out of place', async () => {
    const reader = await stage.connect('alice').ready();
    const raw = reader.socket as unknown as { emit(...anything: unknown[]): void };
    for (const name of ['snapshot', 'closed', 'constructor', '__proto__', 'toString']) {
      raw.emit(name, { a: 1 }, () => undefined);
    }
    raw.emit('command');
    raw.emit('command', 1, 2, 3);
    raw.emit('time', 'no acknowledgement');
    raw.emit('time', {}, []);
    expect(codeOf(await reader.ask('floor.raise', {}))).toBe('ok');
    expect(stage.logged).toEqual([]);
  });

  test('more than a message may hold ends the connection, and only that', async () => {
    const reader = await stage.connect('alice').ready();
    const watcher = await stage.connect('bob').ready();
    const reasons: string[] = [];
    reader.socket.on('disconnect', (reason) => reasons.push(reason));
    (reader.socket as unknown as { emit(...anything: unknown[]): void }).emit(
      'command',
      'x'.repeat(200_000),
    );
    await expect.poll(() => reasons).toEqual(['transport close']);
    await reader.until(({ socket }) => socket.connected);
    expect(watcher.socket.connected).toBe(true);
    expect(codeOf(await reader.ask('floor.raise', {}))).toBe('ok');
  });
});

test('[LIV4] a role lost acts on the very next command, before any news of it', async () => {
  const bobs = await stage.connect('bob').ready();
  // decided together: the removal is taken first, and the commands were on their way already
  const tried = stage.record.handle(
    'm1',
    { commandId: 'go', type: 'participant.remove', data: { person: 'bob' } },
    mona,
  );
  const late = [1, 2, 3].map((number) =>
    stage.record.handle(
      'm1',
      { commandId: `late-${number}`, type: 'floor.raise', data: {} },
      ({ roster }) => (roster['bob'] ? bob : undefined),
    ),
  );
  expect(await tried).toHaveProperty('ok');
  for (const handled of late) expect(await handled).toEqual({ refused: { code: 'not_found' } });
  await bobs.until(({ closed }) => closed?.code === 4404);
  const watcher = await stage.connect('alice').ready();
  expect(watcher.state.floor.hands).toEqual([]);
});

test('[LIV4] a command of someone who was just removed is not done, and they are sent away', async () => {
  const reader = await stage.connect('bob').ready();
  const removal = stage.send(mona, 'participant.remove', { person: 'bob' });
  const message = { commandId: 'late', type: 'floor.raise', data: {} };
  reader.socket.emit('command', message, () => undefined);
  await removal;
  await reader.until(({ closed }) => closed?.code === 4404);
  expect((await stage.connect('alice').ready()).state.floor.hands).toEqual([]);
});

test.each([1_000, 2_500, 4_000])('[CMD1] nested %i deep is refused for good', async (depth) => {
  const reader = await stage.connect('bob').ready();
  let nested: unknown[] = [];
  for (let level = 0; level < depth; level += 1) nested = [nested];
  expect(codeOf(await reader.ask('floor.raise', nested))).toBe('invalid');
});

test('[LGN2] a login that is revoked gives no more commands', async () => {
  const reader = await stage.connect('bob').ready();
  stage.revoked.add('bob');
  reader.socket.emit(
    'command',
    { commandId: 'late', type: 'floor.raise', data: {} },
    () => undefined,
  );
  await reader.until(({ closed, socket }) => closed?.code === 4401 && !socket.connected);
  expect((await stage.connect('alice').ready()).state.floor.hands).toEqual([]);
});

test('[CMD1] a command acts in the consultation of its connection alone', async () => {
  await stage.meeting('m2');
  const here = await stage.connect('alice').ready();
  const there = await stage.connect('alice', { consultation: 'm2' }).ready();
  await there.ask('floor.raise', { consultation: 'm1' });
  await there.until(({ state }) => state.floor.hands.length === 1);
  expect((await stage.record.open('m1'))!.state.floor.hands).toEqual([]);
  expect(here.spans).toEqual([]);
});

test('[WIR4] a refusal is said in the language that the browser asks for', async () => {
  const ask = async (wanted: string) => {
    const reader = await stage.connect('alice', { headers: { 'accept-language': wanted } }).ready();
    const answer = await reader.ask('floor.next', {});
    return 'refused' in answer ? answer.refused.message : '';
  };
  expect(await ask('zh-CN,zh;q=0.9,en;q=0.8')).toBe('您的身份不能进行这个操作。');
  expect(await ask('en-GB,en;q=0.9')).toBe('Your role does not allow this.');
  expect(languageOf({ 'accept-language': 'en;q=0.2, zh;q=0.9' })).toBe('zh-CN');
  expect(languageOf({ 'accept-language': 'fr, en;q=0.5' })).toBe('en');
  expect(languageOf({ 'accept-language': ';;,q=,=;q=' })).toBe('zh-CN');
  expect(languageOf({})).toBe('zh-CN');
});

test('[WIR5] commands are limited per login, and a guest’s more tightly', async () => {
  const limits = {
    personCommands: { burst: 5, perSecond: 0 },
    guestCommands: { burst: 2, perSecond: 0 },
  };
  const tight = await openStage({ limits });
  await tight.meeting();
  const ask = async (person: string, times: number) => {
    const reader = await tight.connect(person).ready();
    const codes: string[] = [];
    for (let time = 0; time < times; time += 1) {
      codes.push(codeOf(await reader.ask('opinion.support', { opinion: 'none', on: true })));
    }
    return codes;
  };
  expect(await ask('alice', 6)).toEqual([...Array<string>(5).fill('not_found'), 'too_many']);
  expect(await ask('alice', 1)).toEqual(['too_many']); // another connection, the same login
  expect(await ask('bob', 1)).toEqual(['not_found']); // another login at the same address
  expect(await ask('g_1', 3)).toEqual(['not_found', 'not_found', 'too_many']);
  await tight.close();
});

test('an allowance comes back with time, and is forgotten when it is whole', () => {
  let now = 0;
  const buckets = new TokenBuckets({ burst: 2, perSecond: 1 }, () => now);
  expect([buckets.take('a'), buckets.take('a'), buckets.take('a')]).toEqual([true, true, false]);
  now += 1_000;
  expect([buckets.take('a'), buckets.take('a')]).toEqual([true, false]);
  buckets.sweep();
  expect(buckets.size).toBe(1);
  now += 2_000;
  buckets.sweep();
  expect(buckets.size).toBe(0);
  now -= 5_000; // a clock set back takes nothing away
  expect(buckets.take('a')).toBe(true);
});

test('a fault is logged and answered as busy, for the client to try again', async () => {
  let broken = true;
  const faulty = await openStage({
    record: (record) => ({
      ...record,
      handle: (...given) => (broken ? Promise.reject(new Error('disk')) : record.handle(...given)),
    }),
  });
  await faulty.meeting();
  const reader = await faulty.connect('alice').ready();
  expect(codeOf(await reader.ask('floor.raise', {}, 'x'))).toBe('busy');
  expect(faulty.logged).toEqual([expect.stringContaining('disk')]);
  broken = false;
  expect(codeOf(await reader.ask('floor.raise', {}, 'x'))).toBe('ok');
  await faulty.close();
});

test('the server’s time is told when asked for', async () => {
  const reader = await stage.connect('g_1').ready();
  const now = (await reader.socket.timeout(5_000).emitWithAck('time')) as number;
  expect(Math.abs(now - Date.now())).toBeLessThan(5_000);
});

function ask(type: string, data: unknown) {
  return { commandId: 'c', type, data };
}

test('several people at once: everyone’s command is done once, and all see the same', async () => {
  const people = [alice, bob, mona];
  const readers = await Promise.all(people.map(({ person }) => stage.connect(person).ready()));
  await Promise.all(readers.map((reader) => reader.ask('attendance.checkIn', { site: 'mobile' })));
  const end = await head();
  for (const reader of readers) {
    await reader.until(({ state }) => state.seq === end);
    expect(reader.faults).toEqual([]);
    expect(reader.state).toEqual(readers[0]!.state);
  }
});
