// What a reader is shown at the start. Folding a long meeting takes long, and holds up everybody else.
import { expect, test } from 'vitest';
import { Room } from '../../server/live/room.ts';
import { snapshotFor, stateFor } from '../../shared/consultation/reading.ts';
import { alice, clark, dan, guest, mona, underWay } from '../shared/consultation/meeting.ts';

function full() {
  const meeting = underWay();
  const opinion = meeting.table(alice, '一');
  meeting.do(mona, 'opinion.assign', { opinion, lead: 'dan' });
  meeting.do(dan, 'response.record', { opinion, text: '内部', stance: 'adopt' });
  meeting.do(guest, 'submission.send', { text: '修路', consent: true });
  return meeting;
}

test.each([mona, clark])(
  '[LIV1] $role is shown the record’s own state, not a fold of it',
  (staff) => {
    const meeting = full();
    const room = new Room('m1', meeting);
    expect(room.stateFor(staff)).toBe(meeting.state);
    expect(stateFor(meeting, staff)).toBe(meeting.state);
    expect(snapshotFor(meeting.events, staff)).toEqual(meeting.state);
  },
);

test('[LIV1] anyone else is shown the fold of what they may hear', () => {
  const meeting = full();
  const room = new Room('m1', meeting);
  for (const reader of [alice, dan, guest]) {
    expect(room.stateFor(reader)).toEqual(snapshotFor(meeting.events, reader));
    expect(stateFor(meeting, reader)).toEqual(snapshotFor(meeting.events, reader));
  }
  expect(room.stateFor(guest).roster).toEqual({});
});
