import { expect, test } from 'vitest';
import { audienceOf } from '../../../shared/consultation/audience.ts';
import { tallyOf } from '../../../shared/consultation/opinions.ts';
import { alice, bob, clark, dan, erin, guest, mona, other, otto, underWay } from './meeting.ts';

const answer = {
  text: '年初公布联合检查计划。',
  stance: 'partly' as const,
  commitments: [{ what: '公布计划', officer: '市清和', days: 10 }],
};

test('[OPN1] tabling fixes text, authors and number, once', () => {
  const meeting = underWay();
  const id = meeting.table(alice, '建议设项目管家', 'card-1');
  expect(meeting.state.opinions[id]).toMatchObject({
    no: 1,
    text: '建议设项目管家',
    authors: [{ person: 'alice', name: '钱益彰' }],
    card: 'card-1',
  });
  const draft = { card: 'card-1', text: '别的', textHash: '', author: 'alice', lane: 'l' };
  expect(meeting.try(alice, 'opinion.table', { card: 'card-1' }, { draft })).toBe('already_tabled');
  const second = meeting.table(bob, '二');
  expect(meeting.state.opinions[second]!.no).toBe(2);
});

test('[OPN1] a clerk tables for someone, whose opinion it is', () => {
  const meeting = underWay();
  const draft = {
    card: 'c',
    text: '代录',
    textHash: '',
    author: 'clark',
    onBehalfOf: 'carol',
    lane: 'l',
  };
  const id = meeting.do(clark, 'opinion.table', { card: 'c' }, { draft });
  expect(meeting.state.opinions[id]!.authors.map(({ person }) => person)).toEqual(['carol']);
});

test('[OPN2] a text that changed since it was looked at is not tabled, nor an empty one, nor another’s', () => {
  const meeting = underWay();
  const draft = { card: 'c', text: '  ', textHash: 'new', author: 'alice', lane: 'l' };
  expect(meeting.try(alice, 'opinion.table', { card: 'c' }, { draft })).toBe('empty_text');
  const changed = { draft: { ...draft, text: '新' } };
  expect(meeting.try(alice, 'opinion.table', { card: 'c', textHash: 'old' }, changed)).toBe(
    'text_changed',
  );
  expect(meeting.try(bob, 'opinion.table', { card: 'c' }, changed)).toBe('forbidden');
  expect(meeting.try(otto, 'opinion.table', { card: 'c' }, changed)).toBe('forbidden');
  expect(meeting.try(alice, 'opinion.table', { card: 'gone' })).toBe('not_found');
});

test('[OPN3] an opinion goes to a department that is present, by its name or by one of its people', () => {
  const meeting = underWay();
  const opinion = meeting.table(alice, '一');
  meeting.do(mona, 'opinion.assign', { opinion, lead: 'dan', assist: ['区人社局', 'dan'] });
  expect(meeting.state.opinions[opinion]!.assigned).toMatchObject({
    lead: '区市场监管局',
    assist: ['区人社局'],
  });
  expect(meeting.try(mona, 'opinion.assign', { opinion, lead: '没有的局' })).toBe('not_found');
  expect(meeting.try(alice, 'opinion.assign', { opinion, lead: 'dan' })).toBe('forbidden');
});

test('[OPN10] a lead unit hands an opinion back once, with a reason; the desk decides, and the room hears nothing', () => {
  const meeting = underWay();
  const opinion = meeting.table(alice, '一');
  const handBack = (reason = '不属本局职责') => ({ opinion, reason });
  expect(meeting.try(dan, 'opinion.handBack', handBack())).toBe('forbidden');
  meeting.do(mona, 'opinion.assign', { opinion, lead: 'dan' });
  expect(meeting.try(erin, 'opinion.handBack', handBack())).toBe('forbidden');
  expect(meeting.try(dan, 'opinion.handBack', handBack(' '))).toBe('reason_needed');
  const response = meeting.do(clark, 'response.record', { opinion, ...answer });
  meeting.do(dan, 'opinion.handBack', handBack());
  expect(audienceOf(meeting.events.at(-1)!)).toEqual({ to: 'unit', unit: '区市场监管局' });
  expect(meeting.state.opinions[opinion]!.handedBack).toMatchObject({ reason: '不属本局职责' });
  expect(meeting.try(dan, 'response.record', { opinion, ...answer })).toBe('conflict');
  for (const step of ['response.confirm', 'response.publish'] as const)
    expect(meeting.try(dan, step, { response })).toBe('conflict');
  // the desk gives it to the same unit, for good
  meeting.do(mona, 'opinion.assign', { opinion, lead: 'dan' });
  expect(meeting.state.opinions[opinion]).not.toHaveProperty('handedBack');
  expect(meeting.try(dan, 'opinion.handBack', handBack())).toBe('already');
  // another unit may still say that it is not theirs either
  meeting.do(mona, 'opinion.assign', { opinion, lead: 'erin' });
  meeting.do(erin, 'opinion.handBack', handBack());
  meeting.do(mona, 'opinion.assign', { opinion, lead: 'dan' });
  meeting.do(dan, 'response.record', { opinion, ...answer, publish: true });
  expect(meeting.try(dan, 'opinion.handBack', handBack())).toBe('conflict');
});

test('[OPN4] support is one per person, never one’s own, and the tallies are kept apart', () => {
  const meeting = underWay();
  const opinion = meeting.table(alice, '一');
  expect(meeting.try(guest, 'opinion.support', { opinion, on: true })).toBe('not_found');
  meeting.do(mona, 'opinion.publish', { opinion });
  for (const person of [bob, guest, other])
    meeting.do(person, 'opinion.support', { opinion, on: true });
  expect(meeting.try(guest, 'opinion.support', { opinion, on: true })).toBe('already');
  expect(meeting.try(alice, 'opinion.support', { opinion, on: true })).toBe('forbidden');
  expect(tallyOf(meeting.state.opinions[opinion]!)).toEqual({ members: 1, public: 2 });
  meeting.do(other, 'opinion.support', { opinion, on: false });
  expect(tallyOf(meeting.state.opinions[opinion]!)).toEqual({ members: 1, public: 1 });
});

test('[RSP1] only the lead unit answers, or the desk on its behalf', () => {
  const meeting = underWay();
  const opinion = meeting.table(alice, '一');
  expect(meeting.try(dan, 'response.record', { opinion, ...answer })).toBe('not_assigned');
  meeting.do(mona, 'opinion.assign', { opinion, lead: 'dan', assist: ['erin'] });
  expect(meeting.try(erin, 'response.record', { opinion, ...answer })).toBe('not_assigned');
  expect(meeting.try(alice, 'response.record', { opinion, ...answer })).toBe('forbidden');
  expect(meeting.try(guest, 'response.record', { opinion, ...answer })).toBe('forbidden');
  const response = meeting.do(clark, 'response.record', { opinion, ...answer });
  expect(meeting.state.responses[response]).toMatchObject({
    unit: '区市场监管局',
    status: 'recorded',
  });
});

test('[RSP2] [RSP6] declining needs a reason; a commitment gets its due day from the calendar', () => {
  const meeting = underWay();
  const opinion = meeting.table(alice, '一');
  meeting.do(mona, 'opinion.assign', { opinion, lead: 'dan' });
  expect(meeting.try(dan, 'response.record', { opinion, text: '不行', stance: 'decline' })).toBe(
    'reason_needed',
  );
  const vague = [{ what: '办', officer: '市清和' }];
  expect(
    meeting.try(dan, 'response.record', {
      opinion,
      text: '行',
      stance: 'adopt',
      commitments: vague,
    }),
  ).toBe('invalid');
  const response = meeting.do(dan, 'response.record', { opinion, ...answer, publish: true });
  expect(meeting.state.responses[response]!.current.commitments).toEqual([
    { what: '公布计划', officer: '市清和', days: 10, dayKind: 'working', due: '2026-12-08' },
  ]);
});

test('[RSP3] what the clerk recorded waits for the unit; the desk cannot let it out', () => {
  const meeting = underWay();
  const opinion = meeting.table(alice, '一');
  meeting.do(mona, 'opinion.assign', { opinion, lead: 'dan' });
  const response = meeting.do(clark, 'response.record', { opinion, ...answer });
  expect(meeting.try(clark, 'response.record', { opinion, ...answer, publish: true })).toBe(
    'not_confirmed',
  );
  expect(meeting.try(mona, 'response.publish', { response })).toBe('not_confirmed');
  expect(meeting.try(erin, 'response.confirm', { response })).toBe('not_found');
  meeting.do(dan, 'response.confirm', { response });
  meeting.do(mona, 'response.publish', { response });
  expect(meeting.state.responses[response]!.status).toBe('published');
  expect(meeting.state.opinions[opinion]!.published).toBe(true);
});

test('[RSP4] a correction is a new wording, and the old one is kept', () => {
  const meeting = underWay();
  const opinion = meeting.table(alice, '一');
  meeting.do(mona, 'opinion.assign', { opinion, lead: 'dan' });
  const response = meeting.do(dan, 'response.record', { opinion, ...answer, publish: true });
  expect(meeting.try(dan, 'response.record', { opinion, ...answer, text: '改了' })).toBe('already');
  meeting.do(dan, 'response.correct', { response, text: '改了', stance: 'adopt', why: '口误' });
  expect(meeting.state.responses[response]).toMatchObject({
    current: { text: '改了' },
    earlier: [{ text: answer.text, why: '口误' }],
  });
});

test('[RSP5] the author may ask back once, nobody else', () => {
  const meeting = underWay();
  const opinion = meeting.table(alice, '一');
  meeting.do(mona, 'opinion.assign', { opinion, lead: 'dan' });
  const response = meeting.do(dan, 'response.record', { opinion, ...answer, publish: true });
  expect(meeting.try(bob, 'response.question', { response, text: '?' })).toBe('forbidden');
  meeting.do(alice, 'response.question', { response, text: '什么时候?' });
  expect(meeting.try(alice, 'response.question', { response, text: '再问' })).toBe('asked_already');
  meeting.do(dan, 'response.answer', { response, text: '下月。' });
  expect(meeting.state.responses[response]!.questionAnswer?.text).toBe('下月。');
});

test('[OPN5] a revision needs words, and is trimmed as a tabling is', () => {
  const meeting = underWay();
  const opinion = meeting.table(alice, '一');
  expect(meeting.try(alice, 'opinion.revise', { opinion, text: '  ' })).toBe('empty_text');
  expect(meeting.try(alice, 'opinion.revise', { opinion, text: ' 一 ' })).toBe('already');
  meeting.do(alice, 'opinion.revise', { opinion, text: ' 二 ' });
  expect(meeting.state.opinions[opinion]!.text).toBe('二');
});

test('[OPN5] what has been answered is neither revised nor withdrawn', () => {
  const meeting = underWay();
  const opinion = meeting.table(alice, '一');
  meeting.do(alice, 'opinion.revise', { opinion, text: '一改' });
  meeting.do(mona, 'opinion.assign', { opinion, lead: 'dan' });
  meeting.do(dan, 'response.record', { opinion, ...answer, publish: true });
  expect(meeting.try(alice, 'opinion.revise', { opinion, text: '二改' })).toBe('conflict');
  expect(meeting.try(alice, 'opinion.withdraw', { opinion })).toBe('conflict');
});

test('[RSP1] nobody answers what was withdrawn, or given to another unit, in the meantime', () => {
  const meeting = underWay();
  const opinion = meeting.table(alice, '一');
  meeting.do(mona, 'opinion.assign', { opinion, lead: 'dan' });
  const response = meeting.do(dan, 'response.record', { opinion, ...answer });
  meeting.do(mona, 'opinion.assign', { opinion, lead: 'erin' });
  expect(meeting.try(dan, 'response.publish', { response })).toBe('conflict');
  meeting.do(mona, 'opinion.assign', { opinion, lead: 'dan' });
  meeting.do(alice, 'opinion.withdraw', { opinion });
  expect(meeting.try(dan, 'response.confirm', { response })).toBe('conflict');
  expect(meeting.try(dan, 'response.publish', { response })).toBe('conflict');
  expect(meeting.state.opinions[opinion]!.published).toBe(false);
});
