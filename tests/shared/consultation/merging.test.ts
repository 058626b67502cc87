import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { audienceOf } from '../../../shared/consultation/index.ts';
import { creditsOf, isAnswered } from '../../../shared/consultation/merged-opinions.ts';
import { isTabled, tallyOf } from '../../../shared/consultation/opinions.ts';
import { snapshotFor } from '../../../shared/consultation/reading.ts';
import {
  alice,
  bob,
  carol,
  clark,
  dan,
  everyone,
  guest,
  mona,
  other,
  underWay,
  type Meeting,
} from './meeting.ts';

const answer = { text: '下月起办。', stance: 'adopt' as const };
const names = (meeting: Meeting, opinion: string) =>
  creditsOf(meeting.state.opinions, meeting.state.opinions[opinion]!).map(({ name }) => name);

/** Opinions of alice, bob and carol, numbered 1, 2, 3. */
function three() {
  const meeting = underWay();
  const [a, b, c] = [alice, bob, carol].map((author) => meeting.table(author, author.name));
  return { meeting, a: a!, b: b!, c: c! };
}

function answered(meeting: Meeting, opinion: string): string {
  meeting.do(mona, 'opinion.assign', { opinion, lead: 'dan' });
  return meeting.do(dan, 'response.record', { opinion, ...answer, publish: true });
}

describe('tabling a card with others merged into it', () => {
  const draft = {
    card: 'c1',
    text: '设项目管家',
    textHash: 'looked at',
    author: 'alice',
    lane: 'l',
    merged: [
      { card: 'c2', text: ' 一个窗口收件 ', author: 'bob' },
      { card: 'c3', text: '手机上能办', author: 'clark', onBehalfOf: 'carol' },
      { card: 'c4', text: '再补一句', author: 'alice' },
    ],
  };

  test('[OPN9] every author is credited, the root’s first and none twice; every wording is kept', () => {
    const meeting = underWay();
    const id = meeting.do(alice, 'opinion.table', { card: 'c1' }, { draft });
    expect(meeting.state.opinions[id]).toMatchObject({
      no: 1,
      text: '设项目管家',
      authors: [{ person: 'alice' }, { person: 'bob' }, { person: 'carol' }],
      merged: [
        { card: 'c2', text: '一个窗口收件', authors: [{ person: 'bob' }] },
        { card: 'c3', text: '手机上能办', authors: [{ person: 'carol' }] },
        { card: 'c4', text: '再补一句', authors: [{ person: 'alice' }] },
      ],
    });
    for (const card of ['c1', 'c2', 'c3', 'c4'])
      expect(isTabled(meeting.state.opinions, card)).toBe(true);
    const again = { ...draft, card: 'c2', author: 'bob', merged: [] };
    expect(meeting.try(bob, 'opinion.table', { card: 'c2' }, { draft: again })).toBe(
      'already_tabled',
    );
    const response = answered(meeting, id);
    expect(meeting.try(bob, 'response.question', { response, text: '何时?' })).not.toBe(
      'forbidden',
    );
    const read = snapshotFor(meeting.events, { role: 'public', person: 'g_1' }).opinions[id];
    expect(read?.merged?.map(({ text }) => text)).toEqual([
      '一个窗口收件',
      '手机上能办',
      '再补一句',
    ]);
  });

  test('[OPN9] the root’s owners table it, nobody for being merged into it; one that is merged is not tabled alone', () => {
    const meeting = underWay();
    expect(meeting.try(bob, 'opinion.table', { card: 'c1' }, { draft })).toBe('forbidden');
    const merged = { ...draft, merged: [], into: 'c9' };
    expect(meeting.try(alice, 'opinion.table', { card: 'c1' }, { draft: merged })).toBe('merged');
    const part = draft.merged[0]!;
    const many = { ...draft, merged: Array.from({ length: 31 }, () => part) };
    expect(meeting.try(alice, 'opinion.table', { card: 'c1' }, { draft: many })).toBe('too_large');
    const long = { ...draft, merged: [{ ...part, text: '长'.repeat(2_001) }] };
    expect(meeting.try(alice, 'opinion.table', { card: 'c1' }, { draft: long })).toBe('too_large');
    const changed = { card: 'c1', textHash: 'before the merge' };
    expect(meeting.try(alice, 'opinion.table', changed, { draft })).toBe('text_changed');
    meeting.do(clark, 'opinion.table', { card: 'c1', textHash: 'looked at' }, { draft });
  });
});

describe('并案 of opinions', () => {
  test('[OPN6] is the desk’s', () => {
    for (const actor of everyone) {
      const { meeting, a, b } = three();
      const desk = actor === mona || actor === clark;
      // whoever may not read an opinion is not told that it exists
      const refused = actor.role === 'public' ? 'not_found' : 'forbidden';
      const merged = meeting.try(actor, 'opinion.merge', { opinion: b, into: a });
      if (desk) expect(merged).toMatchObject([{ type: 'opinion.merged' }]);
      else expect(merged).toBe(refused);
      if (!desk) meeting.do(mona, 'opinion.merge', { opinion: b, into: a });
      const split = meeting.try(actor, 'opinion.split', { opinion: b });
      if (desk) expect(split).toMatchObject([{ type: 'opinion.split' }]);
      else expect(split).toBe(refused);
    }
  });

  test('[OPN6] keeps number, text, credits, support and assignment, and a split restores what was', () => {
    const { meeting, a, b } = three();
    meeting.do(mona, 'opinion.assign', { opinion: b, lead: 'erin', assist: ['dan'] });
    meeting.do(alice, 'opinion.support', { opinion: b, on: true });
    const before = meeting.state.opinions[b];
    meeting.do(mona, 'opinion.merge', { opinion: b, into: a });
    expect(meeting.state.opinions[b]).toEqual({ ...before, mergedInto: a });
    expect([a, b].map((id) => tallyOf(meeting.state.opinions[id]!).members)).toEqual([0, 1]);
    expect(names(meeting, a)).toEqual([alice.name, bob.name]);
    meeting.do(clark, 'opinion.split', { opinion: b });
    expect(meeting.state.opinions[b]).toEqual(before);
    expect(names(meeting, a)).toEqual([alice.name]);
    expect(meeting.try(mona, 'opinion.split', { opinion: b })).toBe('already');
  });

  test('[OPN6] not into itself, not what is withdrawn or answered, not twice, not what is not there', () => {
    const { meeting, a, b, c } = three();
    expect(meeting.try(mona, 'opinion.merge', { opinion: a, into: a })).toBe('conflict');
    expect(meeting.try(mona, 'opinion.merge', { opinion: a, into: 'nothing' })).toBe('not_found');
    expect(meeting.try(mona, 'opinion.merge', { opinion: '__proto__', into: a })).toBe('not_found');
    meeting.do(mona, 'opinion.merge', { opinion: b, into: a });
    expect(meeting.try(mona, 'opinion.merge', { opinion: b, into: a })).toBe('already');
    expect(meeting.try(mona, 'opinion.merge', { opinion: b, into: c })).toBe('merged');
    expect(meeting.try(mona, 'opinion.merge', { opinion: a, into: b })).toBe('conflict');
    answered(meeting, c);
    expect(meeting.try(mona, 'opinion.merge', { opinion: c, into: a })).toBe('conflict');
    meeting.do(mona, 'opinion.merge', { opinion: a, into: c });
    const d = meeting.table(alice, '四');
    meeting.do(alice, 'opinion.withdraw', { opinion: d });
    expect(meeting.try(mona, 'opinion.merge', { opinion: d, into: c })).toBe('conflict');
    expect(meeting.try(mona, 'opinion.merge', { opinion: c, into: d })).toBe('conflict');
  });

  test('[OPN6] into a merged one means its main one; what had been merged before comes along, and goes back with it', () => {
    const { meeting, a, b, c } = three();
    const d = meeting.table(alice, '四');
    meeting.do(mona, 'opinion.merge', { opinion: b, into: a });
    const before = meeting.state.opinions;
    meeting.do(mona, 'opinion.merge', { opinion: d, into: c });
    meeting.do(mona, 'opinion.merge', { opinion: a, into: d });
    const mains = () => [a, b, c, d].map((id) => meeting.state.opinions[id]!.mergedInto);
    expect(mains()).toEqual([c, c, undefined, c]);
    meeting.do(mona, 'opinion.split', { opinion: a });
    expect(mains()).toEqual([undefined, a, undefined, c]);
    meeting.do(mona, 'opinion.split', { opinion: d });
    expect(meeting.state.opinions).toEqual(before);
  });

  test('[OPN6] any merges undone in reverse leave everything as it was, and no main one is ever merged', () => {
    const pick = fc.nat(5);
    fc.assert(
      fc.property(fc.array(fc.tuple(pick, pick), { maxLength: 12 }), (pairs) => {
        const meeting = underWay();
        const ids = Array.from({ length: 6 }, (_, n) => meeting.table(alice, `意见${n}`));
        const undo: [string, unknown][] = [];
        for (const [from, to] of pairs) {
          const before = meeting.state.opinions;
          const merge = { opinion: ids[from]!, into: ids[to]! };
          if (typeof meeting.try(mona, 'opinion.merge', merge) !== 'string')
            undo.push([ids[from]!, before]);
          for (const { mergedInto } of Object.values(meeting.state.opinions))
            if (mergedInto !== undefined)
              expect(meeting.state.opinions[mergedInto]!.mergedInto).toBeUndefined();
        }
        for (const [opinion, before] of undo.reverse()) {
          meeting.do(mona, 'opinion.split', { opinion });
          expect(meeting.state.opinions).toEqual(before);
        }
      }),
    );
  });

  test('[OPN7] a merged opinion is dealt with in its main one', () => {
    const { meeting, a, b } = three();
    meeting.do(mona, 'opinion.assign', { opinion: b, lead: 'dan' });
    const spoken = meeting.do(clark, 'response.record', { opinion: b, ...answer });
    meeting.do(mona, 'opinion.merge', { opinion: b, into: a });
    const of = (opinion: string) => ({ opinion, ...answer });
    expect(meeting.try(mona, 'opinion.assign', { opinion: b, lead: 'erin' })).toBe('merged');
    expect(meeting.try(dan, 'response.record', of(b))).toBe('merged');
    expect(meeting.try(dan, 'response.confirm', { response: spoken })).toBe('merged');
    expect(meeting.try(dan, 'response.publish', { response: spoken })).toBe('merged');
    meeting.do(mona, 'screen.show', { kind: 'opinion', ref: b });
    expect(meeting.state.screen.view).toEqual({ kind: 'opinion', ref: a });
    meeting.do(mona, 'opinion.split', { opinion: b });
    meeting.do(dan, 'response.publish', { response: spoken });
  });

  test('[OPN7] every author gets the answer, and any of them may ask back once', () => {
    const { meeting, a, b } = three();
    meeting.do(mona, 'opinion.merge', { opinion: b, into: a });
    const response = answered(meeting, a);
    expect(isAnswered(meeting.state, meeting.state.opinions[b]!)).toBe(true);
    expect(meeting.try(bob, 'opinion.withdraw', { opinion: b })).toBe('conflict');
    expect(meeting.try(carol, 'response.question', { response, text: '?' })).toBe('forbidden');
    meeting.do(bob, 'response.question', { response, text: '周末也开吗?' });
    expect(meeting.try(alice, 'response.question', { response, text: '?' })).toBe('asked_already');
    meeting.do(mona, 'screen.show', { kind: 'figures' });
    expect(meeting.state.screen.view).toMatchObject({ figures: { opinions: 3, answered: 2 } });
    meeting.do(mona, 'opinion.split', { opinion: b });
    expect(isAnswered(meeting.state, meeting.state.opinions[b]!)).toBe(false);
  });

  test('[OPN6] a main opinion that is withdrawn leaves the others standing for themselves', () => {
    const { meeting, a, b, c } = three();
    meeting.do(mona, 'opinion.merge', { opinion: b, into: a });
    meeting.do(mona, 'opinion.merge', { opinion: c, into: a });
    meeting.do(alice, 'opinion.withdraw', { opinion: a });
    expect([b, c].map((id) => meeting.state.opinions[id]!.mergedInto)).toEqual([
      undefined,
      undefined,
    ]);
    expect(meeting.state.opinions[a]!.withdrawn).toBeDefined();
  });

  test('[SCR4] what the hall looks at goes on as the one it was merged into', () => {
    const { meeting, a, b } = three();
    meeting.do(mona, 'screen.show', { kind: 'opinion', ref: b });
    meeting.do(mona, 'opinion.merge', { opinion: b, into: a });
    expect(meeting.state.screen.view).toEqual({ kind: 'opinion', ref: a });
  });
});

describe('what is merged is public together', () => {
  const readByPublic = (meeting: Meeting) =>
    snapshotFor(meeting.events, { role: 'public', person: 'g_1' }).opinions;

  test('[OPN8] merging with what is public releases all of it; the public hears of a merge of nothing else', () => {
    const { meeting, a, b, c } = three();
    meeting.do(mona, 'opinion.merge', { opinion: b, into: a });
    expect(meeting.events.slice(-1).map(audienceOf)).toEqual([{ to: 'room' }]);
    expect(readByPublic(meeting)).toEqual({});
    meeting.do(mona, 'opinion.publish', { opinion: c });
    meeting.do(mona, 'opinion.merge', { opinion: c, into: b });
    const read = readByPublic(meeting);
    expect(Object.keys(read).sort()).toEqual([a, b, c].sort());
    expect([a, b, c].map((id) => read[id]!.mergedInto)).toEqual([undefined, a, a]);
    expect(creditsOf(read, read[c]!).map(({ name }) => name)).toEqual(
      [alice, bob, carol].map(({ name }) => name),
    );
    meeting.do(mona, 'opinion.split', { opinion: c });
    expect(readByPublic(meeting)[c]!.mergedInto).toBeUndefined();
  });

  test('[OPN8] a citizen’s opinion that was merged gets the main one’s answer, and its author may read it', () => {
    const { meeting, a } = three();
    const submission = meeting.do(guest, 'submission.send', { text: '路灯太暗', consent: true });
    const opinion = meeting.do(clark, 'submission.accept', { submission });
    meeting.do(mona, 'opinion.merge', { opinion, into: a });
    answered(meeting, a);
    const state = snapshotFor(meeting.events, { role: 'public', person: other.person });
    expect(state.opinions[opinion]).toMatchObject({ mergedInto: a, text: '路灯太暗' });
    expect(isAnswered(state, state.opinions[opinion]!)).toBe(true);
    expect(names(meeting, a)).toEqual([alice.name, '扫码群众']);
  });

  test('[OPN8] releasing one that is merged releases all of it', () => {
    for (const released of ['a', 'b'] as const) {
      const { meeting, a, b } = three();
      meeting.do(mona, 'opinion.merge', { opinion: b, into: a });
      meeting.do(mona, 'opinion.publish', { opinion: { a, b }[released] });
      expect(readByPublic(meeting)).toMatchObject({ [a]: { no: 1 }, [b]: { mergedInto: a } });
    }
  });
});
