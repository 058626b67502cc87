import { expect, test } from 'vitest';
import { decide, initialState } from '../../../shared/consultation/index.ts';
import { alice, clark, dan, guest, mona, prepared, underWay } from './meeting.ts';

test('[LIF1] a consultation goes from prepared to open, paused and open again, ended and archived', () => {
  const meeting = prepared();
  const phases = [meeting.state.lifecycle.phase];
  for (const command of ['open', 'pause', 'resume', 'pause', 'end', 'archive'] as const) {
    meeting.do(mona, `consultation.${command}`, {});
    phases.push(meeting.state.lifecycle.phase);
  }
  expect(phases).toEqual(['prepared', 'open', 'paused', 'open', 'paused', 'ended', 'archived']);
});

test.each(['pause', 'resume', 'end', 'archive'] as const)(
  '[LIF1] what has not been opened cannot %s',
  (command) => {
    expect(prepared().try(mona, `consultation.${command}`, {})).toBe('conflict');
  },
);

test('[LIF2] only who conducts it opens, pauses and ends it', () => {
  for (const actor of [alice, clark, dan, guest]) {
    expect(prepared().try(actor, 'consultation.open', {})).toBe('forbidden');
    expect(underWay().try(actor, 'consultation.pause', {})).toBe('forbidden');
    expect(underWay().try(actor, 'consultation.end', {})).toBe('forbidden');
  }
});

test('[LIF3] once it is archived nothing changes it', () => {
  const meeting = underWay();
  const opinion = meeting.table(alice, '一');
  meeting.do(mona, 'consultation.end', {});
  meeting.do(mona, 'consultation.archive', {});
  expect(meeting.try(mona, 'opinion.assign', { opinion, lead: 'dan' })).toBe('not_open');
  expect(meeting.try(mona, 'participant.remove', { person: 'alice' })).toBe('not_open');
  expect(meeting.try(guest, 'submission.send', { text: '好', consent: true })).toBe('not_open');
  expect(meeting.try(alice, 'floor.raise', {})).toBe('not_open');
  const stages = [{ title: '别的', minutes: 1 }];
  expect(meeting.try(mona, 'agenda.set', { stages })).toBe('not_open');
  expect(meeting.try(mona, 'screen.show', { kind: 'topic' })).toBe('not_open');
});

test('[CMD1] what was never created has no commands', () => {
  const circumstances = { now: 0, commandId: 'c' };
  const decision = decide(
    initialState,
    { type: 'consultation.open', data: {} },
    mona,
    circumstances,
  );
  expect(decision).toEqual({ refused: { code: 'not_found' } });
});
