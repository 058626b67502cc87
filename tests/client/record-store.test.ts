import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { evolve } from '../../shared/consultation/index.ts';
import { RecordStore } from '../../client/record/record-store.svelte.ts';
import { toast } from '../../client/ui/toast.svelte.ts';
import { MemoryStorage } from './memory-storage.ts';
import { chair, inTheRoom, Line, openMeeting, recorded, settled } from './record-line.ts';

const open: RecordStore[] = [];
const meeting = (...given: Parameters<typeof inTheRoom>) => {
  const opened = inTheRoom(...given);
  open.push(opened.store);
  return opened;
};
const speaker = (store: RecordStore) => store.state.floor.speaking?.person;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 });
  vi.stubGlobal('sessionStorage', new MemoryStorage());
});

afterEach(() => {
  for (const store of open.splice(0)) store.close();
  for (const { id } of toast.shown) toast.dismiss(id);
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('[CLI10] what is told is folded in order, and hidden events only move the sequence', () => {
  const { store, line } = meeting();
  const { seq } = store.confirmed;
  line.tell(seq + 1, [recorded(seq + 2, { type: 'consultation.paused', data: {} })], seq + 4);
  expect(store.state.lifecycle.phase).toBe('paused');
  expect(store.confirmed.seq).toBe(seq + 4);
});

test('[CLI11] a gap is never folded over: the store connects anew from where it stands', () => {
  const { store, line } = meeting();
  const { seq } = store.confirmed;
  line.tell(seq + 2, [recorded(seq + 2, { type: 'consultation.paused', data: {} })]);
  expect([store.state.lifecycle.phase, store.confirmed.seq]).toEqual(['open', seq]);
  expect(line.again).toBe(1);
  expect(line.store.since()).toBe(seq);
});

test('[CLI11] what is told twice is folded once', () => {
  const { store, line } = meeting();
  const { seq } = store.confirmed;
  const raised = recorded(seq + 1, { type: 'floor.withdrawn', data: { person: 'bob' } });
  const paused = recorded(seq + 2, { type: 'consultation.paused', data: {} });
  line.tell(seq + 1, [raised]);
  line.tell(seq + 1, [raised, paused]);
  line.tell(seq + 1, [raised]);
  expect(store.confirmed.seq).toBe(seq + 2);
  expect(store.state.floor.hands.map(({ person }) => person)).toEqual(['alice']);
  expect(line.again).toBe(0);
});

test('before the first snapshot nothing is asked for since', () => {
  const line = new Line();
  open.push(new RecordStore({ consultation: 'c1' }, line.connect));
  line.online();
  expect(line.store.since()).toBeUndefined();
});

test('[CLI12] an own command shows at once, marked pending, and what is confirmed stays apart', () => {
  const { store, line } = meeting();
  void store.send('floor.next', {});
  expect(speaker(store)).toBe('alice');
  expect(store.confirmed.floor.speaking).toBeUndefined();
  expect(store.isPending(line.last.message.commandId)).toBe(true);
});

test('[CLI12] the own event takes the prediction’s place in one step, before the acknowledgement', async () => {
  const { store, line } = meeting();
  const answer = store.send('floor.next', {});
  const { commandId } = line.last.message;
  const { seq } = store.confirmed;
  const data = { person: 'alice', kind: 'speech', limit: 360_000 } as const;
  line.tell(seq + 1, [recorded(seq + 1, { type: 'floor.advanced', data }, commandId)]);
  expect(speaker(store)).toBe('alice');
  expect(store.state.floor.hands.map(({ person }) => person)).toEqual(['bob']);
  expect(store.pending).toEqual([]);
  await expect(answer).resolves.toEqual({ ok: true, seq: seq + 1 });
});

test('[CLI12] acknowledged before its events: the prediction stays until they are there', async () => {
  const { store, line } = meeting();
  const answer = store.send('floor.next', {});
  const { commandId } = line.last.message;
  const { seq } = store.confirmed;
  line.last.answer({ ok: true, seq: seq + 1 });
  await expect(answer).resolves.toEqual({ ok: true, seq: seq + 1 });
  expect([speaker(store), store.pending.length]).toEqual(['alice', 1]);
  const data = { person: 'alice', kind: 'speech', limit: 360_000 } as const;
  line.tell(seq + 1, [recorded(seq + 1, { type: 'floor.advanced', data }, commandId)]);
  expect([speaker(store), store.pending.length]).toEqual(['alice', 0]);
});

test('[CLI13] a refusal takes the prediction back and reaches whoever gave the command', async () => {
  const { store, line } = meeting();
  const answer = store.send('floor.next', {});
  const refused = { code: 'not_open', message: '商量尚未开始。' } as const;
  line.last.answer({ refused });
  await expect(answer).resolves.toEqual({ refused });
  expect([speaker(store), store.pending]).toEqual([undefined, []]);
  expect(toast.shown).toEqual([]);
});

test('what can’t be foretold here is left out, and still sent', () => {
  const { store, line } = meeting();
  const before = store.state.opinions;
  void store.send('opinion.table', { card: 'k1' });
  expect(store.state.opinions).toBe(before);
  expect(line.last.message.type).toBe('opinion.table');
});

test('[CLI14] a command that a cut left unanswered is given again with the same id', async () => {
  const { store, line } = meeting();
  void store.send('floor.next', {});
  const first = line.last.message;
  line.cut();
  await settled();
  expect([store.connection, line.given.length]).toEqual(['offline', 1]);
  expect(speaker(store)).toBe('alice');

  line.online();
  expect(line.given.length).toBe(2);
  expect(line.last.message).toEqual(first);
});

test('[CLI14] given while there is no connection, a command waits for the next', () => {
  const { store, line } = meeting();
  line.cut();
  void store.send('floor.next', {});
  expect([speaker(store), line.given.length]).toEqual(['alice', 0]);
  line.online();
  expect(line.given.length).toBe(1);
});

test('[CLI14] without an answer in time it is given again, one at a time', async () => {
  const { store, line } = meeting();
  void store.send('floor.next', {});
  line.last.lose();
  await settled();
  expect(line.given.map(({ message }) => message.commandId)).toEqual([
    line.last.message.commandId,
    line.last.message.commandId,
  ]);
  line.online();
  expect(line.given.length).toBe(2);
});

test('[CLI14] a busy server is asked again, later each time, and believed at last', async () => {
  const { store, line } = meeting();
  const answer = store.send('floor.next', {});
  const busy = { refused: { code: 'busy', message: '系统繁忙' } } as const;
  for (let tries = 1; tries < 8; tries += 1) {
    line.last.answer(busy);
    await settled();
    expect(line.given.length).toBe(tries);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(line.given.length).toBe(tries + 1);
  }
  line.last.answer(busy);
  await expect(answer).resolves.toEqual(busy);
});

test('[CLI15] after a reload what was not acknowledged is given again, and is not shown twice', async () => {
  const before = meeting();
  void before.store.send('floor.next', {});
  const { message } = before.line.last;
  before.store.close();

  // the server has done it, but the answer never came
  const scene = openMeeting();
  const data = { person: 'alice', kind: 'speech', limit: 360_000 } as const;
  const state = evolve(
    scene.state,
    recorded(scene.state.seq + 1, { type: 'floor.advanced', data }, message.commandId),
  );
  const line = new Line();
  const store = new RecordStore({ consultation: 'c1' }, line.connect);
  open.push(store);
  line.online();
  line.snapshot(state);
  expect(line.last.message).toEqual(message);
  expect(speaker(store)).toBe('alice');
  line.last.answer({ ok: true, seq: state.seq });
  await settled();
  expect([speaker(store), store.pending]).toEqual(['alice', []]);
  expect(sessionStorage.length).toBe(0);
});

test('[CLI15] a reload that finds its command refused says so', async () => {
  const before = meeting();
  void before.store.send('floor.next', {});
  before.store.close();
  const { line } = meeting();
  line.last.answer({ refused: { code: 'not_open', message: '商量已结束。' } });
  await settled();
  expect(toast.shown.map(({ text, kind }) => [text, kind])).toEqual([['商量已结束。', 'refused']]);
});

test('[CLI15] nobody sends what another person left in this tab', () => {
  const before = meeting();
  void before.store.send('floor.next', {});
  before.store.close();
  const { line, store } = meeting(openMeeting(), {
    person: 'alice',
    role: 'member',
    name: 'alice名',
  });
  expect([line.given, store.pending]).toEqual([[], []]);
});

test('spoilt storage is no reason to stay outside', () => {
  sessionStorage.setItem('shangliang/pending/c1/chair', '{"not":"a list"}');
  const { store } = meeting();
  expect([store.ready, store.pending]).toEqual([true, []]);
});

test('[CLI16] a later snapshot replaces everything, and holds what was on its way', () => {
  const { store, line } = meeting();
  void store.send('floor.next', {});
  const { commandId } = line.last.message;
  const data = { person: 'alice', kind: 'speech', limit: 360_000 } as const;
  const { state } = openMeeting();
  line.snapshot(
    evolve(state, recorded(state.seq + 1, { type: 'floor.advanced', data }, commandId)),
  );
  expect(speaker(store)).toBe('alice');
  expect(store.state.floor.hands.map(({ person }) => person)).toEqual(['bob']);
});

test('[CLI17] why the server parts is told, and nothing more is sent', () => {
  const { store, line } = meeting();
  line.store.closed({ code: 4401 });
  line.store.cut();
  void store.send('floor.next', {});
  expect([store.connection, store.closedCode]).toEqual(['closed', 4401]);
  expect(line.given).toEqual([]);
});

test('counts after a connection’s first are what changed; a new connection begins anew', () => {
  const { store, line } = meeting();
  const tally = (members: number) => ({ members, public: 0 });
  line.store.counts({ support: { o1: tally(1), o2: tally(2) } });
  line.store.counts({ support: { o2: tally(3) } });
  expect(store.counts).toEqual({ o1: tally(1), o2: tally(3) });
  line.cut();
  line.online();
  line.store.counts({ support: { o2: tally(4) } });
  expect(store.counts).toEqual({ o2: tally(4) });
});

test('may I: the policy is asked as the person one is', () => {
  const { store } = meeting();
  expect([store.can('floor.next'), store.me]).toEqual([true, chair]);
  const { store: alice } = meeting(openMeeting(), {
    person: 'alice',
    role: 'member',
    name: 'alice名',
  });
  expect(alice.can('floor.next')).toBe(false);
  expect(alice.can('floor.raise', { owners: ['alice'] })).toBe(true);
});

test('closing leaves no timer behind', async () => {
  const { store, line } = inTheRoom();
  void store.send('floor.next', {});
  line.last.answer({ refused: { code: 'busy', message: '系统繁忙' } });
  await settled();
  store.close();
  expect(line.closed).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});
