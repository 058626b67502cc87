// What the public, the screen and each role can learn: every event of a whole meeting, for every reader.
import { expect, test } from 'vitest';
import { audienceOf, evolve, initialState } from '../../../shared/consultation/index.ts';
import { viewOn } from '../../../shared/consultation/screen.ts';
import type { Actor } from '../../../shared/log/envelope.ts';
import { mayHear } from '../../../shared/policy/audience.ts';
import {
  alice,
  bob,
  clark,
  dan,
  erin,
  guest,
  hallScreen,
  mona,
  other,
  underWay,
  type Meeting,
} from './meeting.ts';

const stateFor = (meeting: Meeting, reader: Actor) =>
  meeting.events.filter((event) => mayHear(reader, audienceOf(event))).reduce(evolve, initialState);

const knows = (meeting: Meeting, reader: Actor, words: string) =>
  JSON.stringify(stateFor(meeting, reader)).includes(words);

test('[SCR1] what is not released cannot be shown', () => {
  const meeting = underWay();
  const opinion = meeting.table(alice, '一');
  meeting.do(mona, 'opinion.assign', { opinion, lead: 'dan' });
  const response = meeting.do(dan, 'response.record', { opinion, text: '内部', stance: 'adopt' });
  expect(meeting.try(mona, 'screen.show', { kind: 'response', ref: response })).toBe(
    'not_released',
  );
  expect(meeting.try(mona, 'screen.show', { kind: 'opinion', ref: 'nothing' })).toBe('not_found');
  expect(meeting.try(alice, 'screen.show', { kind: 'topic' })).toBe('forbidden');
});

test('[SCR2] putting an opinion before the hall releases it, with all that a citizen needs', () => {
  const meeting = underWay();
  const opinion = meeting.table(alice, '建议设项目管家');
  expect(knows(meeting, hallScreen, '项目管家')).toBe(false);
  meeting.do(mona, 'screen.show', { kind: 'opinion', ref: opinion });
  for (const reader of [hallScreen, guest]) {
    expect(stateFor(meeting, reader).opinions[opinion]).toMatchObject({
      no: 1,
      text: '建议设项目管家',
      authors: [{ name: '钱益彰' }],
    });
  }
});

test('[SCR3] blank stays blank through 下一位, until something is shown on purpose', () => {
  const meeting = underWay();
  meeting.do(mona, 'screen.blank', {});
  meeting.do(alice, 'floor.raise', {});
  meeting.do(mona, 'floor.next', {});
  expect(meeting.state.screen.blank).toBe(true);
  meeting.do(mona, 'screen.show', { kind: 'speaker' });
  expect(meeting.state.screen).toMatchObject({
    blank: false,
    view: { speaker: { name: '钱益彰' } },
  });
});

test('[SCR4] what is withdrawn leaves the screen at once', () => {
  const meeting = underWay();
  const opinion = meeting.table(alice, '一');
  meeting.do(mona, 'screen.show', { kind: 'opinion', ref: opinion });
  meeting.do(alice, 'opinion.withdraw', { opinion });
  expect(stateFor(meeting, hallScreen).screen.view).toEqual({ kind: 'topic' });
});

test('[SCR5] another screen keeps a picture of its own until it follows again; blank and withdrawal reach it too', () => {
  const meeting = underWay();
  const opinion = meeting.table(alice, '一');
  const on = (output?: '2' | '3') => viewOn(stateFor(meeting, hallScreen).screen, output);
  meeting.do(mona, 'screen.show', { kind: 'opinion', ref: opinion, output: '2' });
  meeting.do(mona, 'screen.show', { kind: 'speaker', output: '3' });
  meeting.do(alice, 'floor.raise', {});
  meeting.do(mona, 'floor.next', {});
  expect(on('3')).toMatchObject({ kind: 'speaker', speaker: { name: '钱益彰' } });
  meeting.do(mona, 'screen.show', { kind: 'commitments' });
  expect([on(), on('2'), on('3')].map(({ kind }) => kind)).toEqual([
    'commitments',
    'opinion',
    'speaker',
  ]);
  expect(meeting.try(alice, 'screen.follow', { output: '3' })).toBe('forbidden');
  meeting.do(mona, 'screen.follow', { output: '3' });
  expect(on('3')).toEqual({ kind: 'commitments' });
  for (const kind of ['topic', 'figures'] as const) {
    meeting.do(mona, 'screen.show', { kind, output: '3' });
    expect([on().kind, on('3').kind]).toEqual(['commitments', kind]);
  }
  meeting.do(alice, 'opinion.withdraw', { opinion });
  expect(on('2')).toEqual({ kind: 'topic' });
  meeting.do(mona, 'screen.blank', {});
  expect(stateFor(meeting, hallScreen).screen.blank).toBe(true);
});

test('[SCR6] what is lined up is known to the desk alone, and shown one by one; what was withdrawn is passed over', () => {
  const meeting = underWay();
  const [first, second] = [meeting.table(alice, '一'), meeting.table(bob, '二')];
  const items = [first, second].map((ref) => ({ kind: 'opinion' as const, ref }));
  meeting.do(clark, 'screen.queue', { items: [...items, { kind: 'figures' }] });
  for (const reader of [hallScreen, guest, alice, dan])
    expect(stateFor(meeting, reader).screen).not.toHaveProperty('queue');
  expect(stateFor(meeting, hallScreen).opinions).toEqual({});
  expect(meeting.try(clark, 'screen.next', {})).toBe('forbidden');
  meeting.do(alice, 'opinion.withdraw', { opinion: first });
  meeting.do(mona, 'screen.next', {});
  expect(stateFor(meeting, hallScreen).screen.view).toEqual({ kind: 'opinion', ref: second });
  expect(meeting.state.screen.queue).toEqual([{ kind: 'figures' }]);
  // pressed twice, or by two moderators: what was seen first is gone, and nothing follows it unasked
  const seen = { kind: 'opinion' as const, ref: second };
  expect(meeting.try(mona, 'screen.next', { first: seen })).toBe('already');
  meeting.do(mona, 'screen.next', {});
  expect(meeting.try(mona, 'screen.next', {})).toBe('queue_empty');
});

test('[SCR7] the moderator’s line stands below whatever is shown, until it is taken away', () => {
  const meeting = underWay();
  expect(meeting.try(clark, 'screen.message', { text: '散会' })).toBe('forbidden');
  meeting.do(mona, 'screen.message', { text: ' 请关闭手机铃声 ' });
  meeting.do(mona, 'screen.show', { kind: 'commitments' });
  expect(stateFor(meeting, hallScreen).screen.message).toBe('请关闭手机铃声');
  meeting.do(mona, 'screen.message', { text: '' });
  expect(stateFor(meeting, hallScreen).screen).not.toHaveProperty('message');
  expect(meeting.try(mona, 'screen.message', { text: '' })).toBe('already');
});

test('[LIV1] a recorded response is known to the desk and its unit alone until it is published', () => {
  const meeting = underWay();
  const opinion = meeting.table(alice, '一');
  meeting.do(mona, 'opinion.assign', { opinion, lead: 'dan' });
  const response = meeting.do(dan, 'response.record', {
    opinion,
    text: '尚未确认的话',
    stance: 'adopt',
  });
  const readers = { alice, dan, erin, mona, clark, guest, hallScreen };
  const who = () =>
    Object.keys(readers).filter((name) => knows(meeting, readers[name as 'alice'], '尚未确认'));
  expect(who()).toEqual(['dan', 'mona', 'clark']);
  meeting.do(dan, 'response.publish', { response });
  expect(who()).toEqual(Object.keys(readers));
});

test('[SUB1] [SUB2] [SUB3] a citizen’s words reach the desk alone, then everyone or, with the reason, their author', () => {
  const meeting = underWay();
  expect(meeting.try(guest, 'submission.send', { text: '路灯', consent: false })).toBe(
    'consent_needed',
  );
  const kept = meeting.do(guest, 'submission.send', { text: '路灯太暗', consent: true });
  const dropped = meeting.do(guest, 'submission.send', { text: '骂人的话', consent: true });
  for (const [reader, known] of [
    [alice, false],
    [other, false],
    [hallScreen, false],
    [guest, true],
    [clark, true],
  ] as const) {
    expect(knows(meeting, reader, '路灯太暗')).toBe(known);
  }
  const opinion = meeting.do(clark, 'submission.accept', { submission: kept });
  expect(meeting.try(clark, 'submission.decline', { submission: dropped, reason: ' ' })).toBe(
    'reason_needed',
  );
  meeting.do(clark, 'submission.decline', { submission: dropped, reason: '与议题无关' });
  expect(stateFor(meeting, other).opinions[opinion]).toMatchObject({
    text: '路灯太暗',
    published: true,
  });
  expect(stateFor(meeting, guest).submissions).toMatchObject({
    [kept]: { status: 'accepted', opinion },
    [dropped]: { status: 'declined', reason: '与议题无关' },
  });
  expect(knows(meeting, other, '与议题无关')).toBe(false);
  expect(meeting.try(clark, 'submission.accept', { submission: dropped })).toBe('already');
});

test('[SUB4] a guest’s eleventh submission waits until one is reviewed; others are not held up', () => {
  const meeting = underWay();
  const send = (who: Actor) => meeting.try(who, 'submission.send', { text: '路灯', consent: true });
  const first = meeting.do(guest, 'submission.send', { text: '路灯', consent: true });
  for (let count = 1; count < 10; count += 1) expect(send(guest)).toHaveLength(1);
  expect(send(guest)).toBe('too_many');
  expect(send(other)).toHaveLength(1);
  meeting.do(clark, 'submission.decline', { submission: first, reason: '重复' });
  expect(send(guest)).toHaveLength(1);
});

test('[LOG7] an erased submission leaves its place and no words', () => {
  const meeting = underWay();
  const submission = meeting.do(guest, 'submission.send', { text: '要删的话', consent: true });
  const erased = meeting.events.map(({ personal: _gone, ...event }) => event);
  const state = (erased as typeof meeting.events).reduce(evolve, initialState);
  expect(state.submissions[submission]).toMatchObject({ status: 'received' });
  expect(JSON.stringify(state)).not.toContain('要删的话');
});
