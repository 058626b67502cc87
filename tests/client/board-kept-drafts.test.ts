import { expect, test, vi } from 'vitest';
import { keptDrafts, type KeptDraft } from '../../client/board/kept-drafts.ts';
import { MemoryStorage } from './memory-storage.ts';

const draft = (id: string): KeptDraft => ({ id, card: id, text: `${id}的话`, lane: 'l1', at: 1 });
const idsOf = (drafts: { list(): readonly KeptDraft[] }) => drafts.list().map(({ id }) => id);

test('[BRD5] two tabs that are both refused keep the words of both', () => {
  const storage = new MemoryStorage();
  const [first, second] = [keptDrafts(storage, 'p', 'c'), keptDrafts(storage, 'p', 'c')];
  expect([idsOf(first), idsOf(second)]).toEqual([[], []]);
  first.add([draft('a')]);
  second.add([draft('b')]);
  expect([idsOf(first), idsOf(second), idsOf(keptDrafts(storage, 'p', 'c'))]).toEqual(
    Array(3).fill(['a', 'b']),
  );
  second.remove('a');
  expect(idsOf(first)).toEqual(['b']);
});

test('[BRD5] a tab hears at once of what another has kept', () => {
  const storage = new MemoryStorage();
  const changed = vi.fn();
  const drafts = keptDrafts(storage, 'p', 'c', changed);
  const tell = (key: string) => dispatchEvent(Object.assign(new Event('storage'), { key }));
  keptDrafts(storage, 'p', 'c').add([draft('a')]);
  tell('something else');
  expect(changed).not.toHaveBeenCalled();
  tell('board-drafts/p/c');
  expect([changed.mock.calls.length, idsOf(drafts)]).toEqual([1, ['a']]);
  drafts.close();
  tell('board-drafts/p/c');
  expect(changed).toHaveBeenCalledOnce();
});

test('[BRD5] words are held where a storage takes none, or is forbidden', () => {
  const full = new MemoryStorage();
  full.setItem = () => {
    throw new Error('full');
  };
  for (const storage of [full, undefined]) {
    const drafts = keptDrafts(storage, 'p', 'c');
    drafts.add([draft('a')]);
    drafts.add([draft('b')]);
    expect(idsOf(drafts)).toEqual(['a', 'b']);
    const list = drafts.list();
    expect(drafts.list()).toBe(list);
  }
});
