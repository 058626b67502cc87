import { describe, expect, test } from 'vitest';
import { audienceOf } from '../../../shared/consultation/audience.ts';
import { alice, bob, clark, dan, guest, mona, other, underWay } from './meeting.ts';

describe('代录', () => {
  test('[OPN11] the desk writes down a participant’s words; they are theirs, and they confirm them', () => {
    const meeting = underWay();
    const words = { person: 'carol', text: ' 楼道装把扶手 ', means: 'spoken' as const };
    expect(meeting.try(alice, 'opinion.record', words)).toBe('forbidden');
    expect(meeting.try(clark, 'opinion.record', { ...words, person: 'x' })).toBe('not_found');
    expect(meeting.try(clark, 'opinion.record', { ...words, text: '  ' })).toBe('empty_text');
    const opinion = meeting.do(clark, 'opinion.record', words);
    expect(meeting.state.opinions[opinion]).toMatchObject({
      no: 1,
      text: '楼道装把扶手',
      authors: [{ person: 'carol', name: '路长明' }],
      recorded: { means: 'spoken', by: '记清风' },
    });
    expect(meeting.try(bob, 'opinion.confirm', { opinion })).toBe('forbidden');
    meeting.do(
      { ...alice, person: 'carol', role: 'representative', name: '路长明' },
      'opinion.confirm',
      {
        opinion,
      },
    );
    expect(meeting.state.opinions[opinion]!.recorded).toMatchObject({ confirmedBy: '路长明' });
    expect(meeting.try(mona, 'opinion.confirm', { opinion })).toBe('already');
  });

  test('[OPN11] a signed paper is confirmed by the desk; what was released tells everyone', () => {
    const meeting = underWay();
    const words = { person: 'carol', text: '信', means: 'paper' as const };
    const opinion = meeting.do(clark, 'opinion.record', words);
    meeting.do(mona, 'opinion.publish', { opinion });
    meeting.do(clark, 'opinion.confirm', { opinion });
    expect(audienceOf(meeting.events.at(-1)!)).toEqual({ to: 'all' });
    const released = meeting.events.find(({ type }) => type === 'opinion.published');
    expect(JSON.stringify(released?.data)).not.toContain('记清风');
    expect(meeting.state.opinions[opinion]!.recorded).toMatchObject({ by: '记清风' });
    const tabled = meeting.table(alice, '自己写的');
    expect(meeting.try(alice, 'opinion.confirm', { opinion: tabled })).toBe('already');
  });

  test('[SUB5] a caller’s words wait in the same tray, with the caller’s agreement and a receipt', () => {
    const meeting = underWay();
    const call = { text: '路灯不亮', means: 'phone' as const, consent: true };
    expect(meeting.try(guest, 'submission.record', call)).toBe('forbidden');
    expect(meeting.try(clark, 'submission.record', { ...call, consent: false })).toBe(
      'consent_needed',
    );
    const submission = meeting.do(clark, 'submission.record', call);
    expect(meeting.state.submissions[submission]).toMatchObject({
      status: 'received',
      means: 'phone',
      text: '路灯不亮',
    });
    // told to staff alone, until it is accepted like any other
    expect(audienceOf(meeting.events.at(-1)!)).toEqual({ to: 'staff' });
    const opinion = meeting.do(clark, 'submission.accept', { submission });
    expect(meeting.state.opinions[opinion]).toMatchObject({ authors: [{ name: '群众' }] });
  });
});

test('[SUB6] only its author says whether the answer is one, once there is one; the last word counts', () => {
  const meeting = underWay();
  const submission = meeting.do(guest, 'submission.send', { text: '路灯', consent: true });
  const rate = (who: typeof guest, rating: 'satisfied' | 'unsatisfied') =>
    meeting.try(who, 'submission.rate', { submission, rating });
  expect(rate(guest, 'satisfied')).toBe('conflict');
  const opinion = meeting.do(clark, 'submission.accept', { submission });
  meeting.do(mona, 'opinion.assign', { opinion, lead: 'dan' });
  expect(rate(guest, 'satisfied')).toBe('conflict');
  meeting.do(dan, 'response.record', { opinion, text: '已修', stance: 'adopt', publish: true });
  for (const stranger of [other, alice, dan, mona])
    expect(rate(stranger, 'satisfied')).toBe('not_found');
  expect(rate(guest, 'unsatisfied')).toHaveLength(1);
  expect(rate(guest, 'satisfied')).toHaveLength(1);
  expect(rate(guest, 'satisfied')).toBe('already');
  expect(meeting.state.submissions[submission]!.rating).toBe('satisfied');
  expect(audienceOf(meeting.events.at(-1)!)).toEqual({ to: 'person', person: 'g_1' });
});
