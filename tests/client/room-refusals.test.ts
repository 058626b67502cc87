import { afterEach, expect, test } from 'vitest';
import type { RecordStore } from '../../client/record/record-store.svelte.ts';
import { Room } from '../../client/room/room.svelte.ts';
import { toast } from '../../client/ui/toast.svelte.ts';
import { inWords, type RefusalCode } from '../../shared/refusal.ts';

const shown = () => toast.shown.map(({ text, kind }) => [text, kind]);

afterEach(() => {
  for (const { id } of toast.shown) toast.dismiss(id);
});

/** A room whose server refuses everything with one code. */
const refusing = (code: RefusalCode) => {
  const answer = { refused: inWords({ code }, 'zh-CN') };
  return new Room({ send: () => Promise.resolve(answer) } as unknown as RecordStore);
};

test('[CLI22] what another has already done is no news: two moderators at once are normal', async () => {
  const room = refusing('already');
  expect(await room.act('agenda.start', { stage: 's2' })).toBe(true);
  expect(shown()).toEqual([]);
});

test('a refusal says what was not done and why', async () => {
  const room = refusing('reason_needed');
  expect(await room.act('submission.decline', { submission: 's1', reason: '' })).toBe(false);
  expect(shown()).toEqual([['没有完成：请说明理由。', 'refused']]);
});

test('a code may be quiet for one command and loud for the others', async () => {
  const room = refusing('not_found');
  expect(await room.act('floor.next', { person: 'li' }, undefined, ['not_found'])).toBe(true);
  expect(shown()).toEqual([]);
  expect(await room.act('floor.next', { person: 'li' })).toBe(false);
  expect(shown()).toHaveLength(1);
});
