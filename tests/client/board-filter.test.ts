import { expect, test } from 'vitest';
import { BoardFilter, type Filtered } from '../../client/board/board-filter.svelte.ts';
import type { Opinion } from '../../shared/consultation/opinions.ts';

const credit = (person: string) => ({ person, name: person, unit: '', title: '' });
const opinion = {
  no: 12,
  authors: [{ person: 'alice', name: '钱益彰', unit: '', title: '' }],
  assigned: { lead: '区人社局', assist: ['区工信局'], at: 0 },
} as unknown as Opinion;
const draft: Filtered = {
  text: '盼着手机上能办',
  stage: 'draft',
  author: 'bob',
  opinion: undefined,
};
const tabled: Filtered = {
  text: '设项目管家，一个窗口收件',
  stage: 'assigned',
  author: 'bob',
  opinion,
};

function found(choose: (filter: BoardFilter) => void): Filtered[] {
  const filter = new BoardFilter();
  choose(filter);
  return [draft, tabled].filter((card) => filter.matches(card));
}

test('nothing chosen lets everything through', () => {
  expect(new BoardFilter().active).toBe(false);
  expect(found(() => undefined)).toEqual([draft, tabled]);
});

test('words are found in any order, and an opinion by its number', () => {
  expect(found((filter) => (filter.text = '窗口 管家'))).toEqual([tabled]);
  expect(found((filter) => (filter.text = '12号'))).toEqual([tabled]);
  expect(found((filter) => (filter.text = '没有这个词'))).toEqual([]);
});

test('a card is found by its author, a tabled one by those the record credits', () => {
  expect(found((filter) => (filter.author = 'bob'))).toEqual([draft]);
  expect(found((filter) => (filter.author = 'alice'))).toEqual([tabled]);
});

test('a department finds what it leads and what it assists; all that is chosen must hold', () => {
  expect(found((filter) => (filter.unit = '区工信局'))).toEqual([tabled]);
  expect(
    found((filter) => {
      filter.unit = '区工信局';
      filter.stage = 'draft';
    }),
  ).toEqual([]);
});

test('a part of an opinion is found by its own author, and by the department of the opinion', () => {
  const part = { ...draft, part: { card: 'c', text: '', authors: [credit('carol')], of: opinion } };
  const filter = new BoardFilter();
  filter.author = 'bob';
  expect(filter.matches(part)).toBe(false);
  filter.author = 'carol';
  filter.unit = '区工信局';
  expect(filter.matches(part)).toBe(true);
});

test('a lane is looked for by its id', () => {
  const filter = new BoardFilter();
  expect([filter.active, filter.hasLane({ id: 'a' })]).toEqual([false, true]);
  filter.lane = 'b';
  expect([filter.active, filter.hasLane({ id: 'a' }), filter.hasLane({ id: 'b' })]).toEqual([
    true,
    false,
    true,
  ]);
  filter.clear();
  expect(filter.active).toBe(false);
});

test('clearing shows everything again', () => {
  const filter = new BoardFilter();
  filter.text = '管家';
  filter.stage = 'draft';
  filter.clear();
  expect(filter.active).toBe(false);
});
