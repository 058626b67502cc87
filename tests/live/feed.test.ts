import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { snapshotFor, visibleTo } from '../../shared/consultation/reading.ts';
import type { RecordedConsultationEvent } from '../../shared/consultation/index.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import { mayHear, type Audience } from '../../shared/policy/audience.ts';
import { officeRoles, roomRoles } from '../../shared/policy/roles.ts';
import { PROTOCOL } from '../../shared/wire/version.ts';
import { anyoneLike, groupOf } from '../../server/live/connection.ts';
import {
  alice,
  bob,
  carol,
  clark,
  dan,
  erin,
  everyone,
  guest,
  hallScreen,
  mona,
  other,
  otto,
} from '../shared/consultation/meeting.ts';
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

const head = () => stage.store.head('consultation/m1');
const all = async () =>
  (await stage.store.read('consultation/m1', 0)) as RecordedConsultationEvent[];

/** Something of every audience; answers what must stay with whom. */
async function richMeeting() {
  await stage.send(alice, 'attendance.checkIn', { site: 'hall' });
  await stage.send(alice, 'opinion.table', { card: 'k1' }, 'op1');
  await stage.send(alice, 'opinion.table', { card: 'k2' }, 'op2');
  await stage.send(mona, 'opinion.assign', { opinion: 'op1', lead: dan.unit, assist: [] });
  await stage.send(
    dan,
    'response.record',
    {
      opinion: 'op1',
      text: '只有本部门知道的草稿',
      stance: 'adopt',
      commitments: [],
    },
    'resp1',
  );
  await stage.send(bob, 'opinion.support', { opinion: 'op1', on: true });
  await stage.send(guest, 'submission.send', { text: '扫码来信一', consent: true }, 'sub1');
  await stage.send(other, 'submission.send', { text: '扫码来信二', consent: true }, 'sub2');
  const call = { text: '电话里说的话', means: 'phone', consent: true };
  await stage.send(clark, 'submission.record', call, 'sub3');
  await stage.send(clark, 'submission.decline', { submission: 'sub2', reason: '与本题无关的理由' });
  await stage.send(mona, 'floor.raise', { person: 'carol' });
  await stage.send(mona, 'opinion.publish', { opinion: 'op2' });
  await stage.send(guest, 'opinion.support', { opinion: 'op2', on: true });
  await stage.send(clark, 'submission.accept', { submission: 'sub1' }, 'op3');
}

describe('[LIV1] every reader gets, in order and once, what they may hear, and nothing else', () => {
  test('as it happens', async () => {
    const readers = new Map<Actor, Reader>();
    for (const actor of everyone) readers.set(actor, stage.connect(actor.person));
    for (const reader of readers.values()) await reader.ready();
    const start = await head();
    await richMeeting();
    await stage.send(mona, 'consultation.pause', {});
    const end = await head();
    const events = (await all()).slice(start);
    for (const [actor, reader] of readers) {
      await reader.until(({ state }) => state.seq === end, `${actor.person} is up to date`);
      expect(reader.faults).toEqual([]);
      expect(reader.heard.map(({ seq }) => seq)).toEqual(
        visibleTo(events, actor).map(({ seq }) => seq),
      );
      expect(reader.state).toEqual(snapshotFor(await all(), actor));
    }
    const secrets: [text: string, known: Actor[]][] = [
      ['只有本部门知道的草稿', [mona, clark, dan]],
      ['扫码来信二', [mona, clark, other]],
      ['电话里说的话', [mona, clark]],
      ['与本题无关的理由', [mona, clark, other]],
      ['opinion.supported', [mona, clark, bob, guest]],
      ['floor.raised', [alice, bob, carol, dan, erin, mona, clark, otto]],
      ['意见 k1', [alice, bob, carol, dan, erin, mona, clark, otto]],
      ['g_1', [mona, clark, guest]],
    ];
    for (const [text, known] of secrets) {
      const told = [...readers].filter(([, { wire }]) => wire.includes(text)).map(([who]) => who);
      expect(told, text).toEqual(everyone.filter((actor) => known.includes(actor)));
    }
  });

  test('when they come later', async () => {
    await richMeeting();
    for (const actor of everyone) {
      const reader = await stage.connect(actor.person).ready();
      expect(reader.state).toEqual(snapshotFor(await all(), actor));
      expect(reader.wire.includes('只有本部门知道的草稿')).toBe([mona, clark, dan].includes(actor));
      expect(reader.wire.includes('扫码来信二')).toBe([mona, clark, other].includes(actor));
    }
  });

  test('when they come back', async () => {
    const readers = everyone.map((actor) => ({ actor, reader: stage.connect(actor.person) }));
    for (const { reader } of readers) await reader.ready();
    const start = await head();
    for (const { reader } of readers) reader.leave();
    await richMeeting();
    for (const { actor, reader } of readers) {
      reader.wire = '';
      reader.socket.connect();
      const end = await head();
      await reader.until(({ state }) => state.seq === end);
      expect(reader.snapshots).toBe(1);
      expect(reader.heard.map(({ seq }) => seq)).toEqual(
        visibleTo((await all()).slice(start), actor).map(({ seq }) => seq),
      );
      expect(reader.faults).toEqual([]);
      expect(reader.wire.includes('扫码来信二')).toBe([mona, clark, other].includes(actor));
    }
  });
});

test('[LIV2] what is hidden is folded into the next span that says something', async () => {
  const screen = await stage.connect('screen').ready();
  const start = screen.state.seq;
  await stage.send(alice, 'attendance.checkIn', { site: 'hall' });
  await stage.send(bob, 'attendance.checkIn', { site: 'hall' });
  await stage.send(mona, 'consultation.pause', {});
  await screen.until(({ state }) => state.lifecycle.phase === 'paused');
  expect(screen.spans).toEqual([
    { from: start + 1, to: start + 3, events: [expect.objectContaining({ seq: start + 3 })] },
  ]);
});

test('[LIV2] who gave a command is told up to it at once, though they may hear nothing of it', async () => {
  await richMeeting();
  const dora = await stage.connect('g_9').ready();
  const watcher = await stage.connect('g_8').ready();
  const answer = await dora.ask('opinion.support', { opinion: 'op2', on: true });
  const seq = 'ok' in answer ? answer.seq : 0;
  expect(dora.state.seq).toBe(seq);
  expect(dora.state.opinions['op2']?.supporters).toEqual({ g_9: 'public' });
  expect(watcher.spans).toEqual([]);
  // a retry is answered with the same sequence, and tells nothing twice
  await dora
    .ask('opinion.support', { opinion: 'op2', on: true }, 'again')
    .then((second) => expect(second).toHaveProperty('refused'));
  expect(dora.faults).toEqual([]);
});

test('[LIV3] cut again and again in the middle of a meeting, a reader loses and doubles nothing', async () => {
  const bobs = await stage.connect('bob').ready();
  const start = bobs.state.seq;
  for (let round = 0; round < 12; round += 1) {
    await stage.send(mona, round % 2 === 0 ? 'consultation.pause' : 'consultation.resume', {});
    await stage.send(alice, round % 2 === 0 ? 'floor.raise' : 'floor.withdraw', {});
    if (round % 3 === 0) bobs.cut();
  }
  const end = await head();
  await bobs.until(({ state }) => state.seq === end);
  expect(bobs.heard.map(({ seq }) => seq)).toEqual(
    Array.from({ length: end - start }, (_, index) => start + 1 + index),
  );
  expect(bobs.faults).toEqual([]);
  expect(bobs.snapshots).toBe(1);
});

test('[LIV3] far behind, a reader gets everything in one piece instead', async () => {
  const short = await openStage({ limits: { catchUpEvents: 3 } });
  await short.meeting();
  const reader = await short.connect('bob').ready();
  reader.leave();
  await short.send(mona, 'consultation.pause', {});
  await short.send(mona, 'consultation.resume', {});
  await short.send(mona, 'consultation.pause', {});
  await short.send(mona, 'consultation.resume', {});
  reader.socket.connect();
  await reader.until(({ snapshots }) => snapshots === 2);
  expect(reader.spans).toEqual([]);
  await short.close();
});

describe('[LIV4] a change of role acts at once', () => {
  const change = (role: string, unit = '') =>
    stage.send(mona, 'participant.change', {
      person: 'bob',
      participant: { name: '舜思齐', role, unit },
    });

  test('a new role starts anew with what it may know', async () => {
    await richMeeting();
    const reader = await stage.connect('bob').ready();
    expect(reader.state.responses).toEqual({});
    await change('department', dan.unit);
    await reader.until(({ snapshots }) => snapshots === 2);
    expect(reader.me).toMatchObject({ role: 'department', unit: dan.unit });
    expect(reader.state.responses['resp1']?.current.text).toBe('只有本部门知道的草稿');
    await change('observer');
    await reader.until(({ snapshots }) => snapshots === 3);
    expect(reader.state.responses).toEqual({});
    expect(reader.state).toEqual(snapshotFor(await all(), { ...bob, role: 'observer', unit: '' }));
    expect(reader.faults).toEqual([]);
  });

  test('a role changed while away starts anew on return', async () => {
    await richMeeting();
    const reader = await stage.connect('bob').ready();
    reader.leave();
    await change('clerk');
    await stage.send(mona, 'consultation.pause', {});
    reader.socket.connect();
    await reader.until(({ snapshots }) => snapshots === 2);
    expect(reader.state.submissions).toHaveProperty('sub2');
  });

  test('a copy of another reader’s is not gone on from: the browser became someone else meanwhile', async () => {
    await richMeeting();
    const since = (await head()) - 1;
    const consultation = { consultation: 'm1', protocol: PROTOCOL, since };
    const as = (actor: Actor) => ({ person: actor.person, role: actor.role, unit: actor.unit });
    const same = stage.connect('dan', { auth: { ...consultation, as: as(dan) } });
    await same.until(({ spans }) => spans.length === 1);
    const other = stage.connect('dan', { auth: { ...consultation, as: as(bob) } });
    await other.until(({ snapshots }) => snapshots === 1);
    expect([same.snapshots, other.spans.length]).toEqual([0, 0]);
  });

  test('a new name is shown to its owner', async () => {
    const reader = await stage.connect('bob').ready();
    await stage.send(clark, 'attendance.substitute', { person: 'bob', name: '代会人' });
    await reader.until(({ me }) => me?.name === '代会人');
  });

  test('whoever is removed is sent away and hears nothing more', async () => {
    const reader = await stage.connect('bob').ready();
    await stage.send(mona, 'participant.remove', { person: 'bob' });
    await stage.send(mona, 'consultation.pause', { reason: '清点人数' });
    await reader.until(({ closed, socket }) => closed?.code === 4404 && !socket.connected);
    expect(reader.wire).not.toContain('清点人数');
    expect(reader.wire).not.toContain('participant.removed');
    await expect.poll(() => stage.live.figures().connections).toBe(0);
  });
});

test('readers of one group hear the same of everything that names no person', () => {
  const roles = [...roomRoles, ...officeRoles, 'system'] as const;
  const audiences: Audience[] = [
    { to: 'all' },
    { to: 'room' },
    { to: 'staff' },
    { to: 'unit', unit: 'A' },
    { to: 'unit', unit: 'B' },
  ];
  const readers = roles.flatMap((role) =>
    [undefined, 'A', 'B'].map((unit) => ({ role, person: 'p', ...(unit ? { unit } : {}) })),
  );
  const heardByGroup = new Map<string, string>();
  for (const reader of readers) {
    const heard = JSON.stringify(
      audiences.map((audience) => mayHear(anyoneLike(reader), audience)),
    );
    expect(JSON.stringify(audiences.map((audience) => mayHear(reader, audience)))).toBe(heard);
    const known = heardByGroup.get(groupOf(reader)) ?? heard;
    expect(heard, groupOf(reader)).toBe(known);
    heardByGroup.set(groupOf(reader), heard);
  }
  expect(mayHear(anyoneLike(guest), { to: 'person', person: guest.person })).toBe(false);
  expect(groupOf(hallScreen)).toBe(groupOf(guest));
  expect(groupOf(carol)).toBe(groupOf(otto));
  expect(groupOf(dan)).not.toBe(groupOf(erin));
});
