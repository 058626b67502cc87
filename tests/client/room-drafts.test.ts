import { expect, test } from 'vitest';
import { draftKey, ResponseDraft } from '../../client/room/response-draft.svelte.ts';
import { deskKey } from '../../client/desk/desk-keys.ts';
import { ReviewTray, waitingSubmissions } from '../../client/desk/review-tray.svelte.ts';
import { Scene } from './room-scene.ts';

class MemoryStorage implements Storage {
  readonly valuesByKey = new Map<string, string>();
  get length(): number {
    return this.valuesByKey.size;
  }
  key = (): string | null => null;
  clear = (): void => this.valuesByKey.clear();
  getItem = (key: string): string | null => this.valuesByKey.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.valuesByKey.set(key, value);
  removeItem = (key: string): void => void this.valuesByKey.delete(key);
}

const key = draftKey('c1', 'bureau', 'o1');
const open = (storage: MemoryStorage) => new ResponseDraft(key, storage, { officer: '王科长' });

test('[CLI2] a response being written survives a reload, until the server has it', () => {
  const storage = new MemoryStorage();
  const draft = open(storage);
  draft.text = '我们将在年内完成';
  draft.commitments[0]!.what = '完成三部电梯';
  draft.keep();

  const again = open(storage);
  expect(again.text).toBe('我们将在年内完成');
  expect(again.commitments).toEqual([
    { what: '完成三部电梯', officer: '王科长', days: 20, dayKind: 'working' },
  ]);

  again.forget();
  expect(open(storage).text).toBe('');
});

test('the form begins with 采纳 and names the first field that is missing', () => {
  const draft = open(new MemoryStorage());
  expect([draft.stance, draft.missing]).toEqual(['adopt', 'text']);
  draft.text = '不在本区权限内';
  draft.stance = 'decline';
  expect(draft.missing).toBe('reason');
  draft.reason = '由市级部门负责';
  expect(draft.missing).toBeUndefined();
  draft.commitments[0]!.what = '向市里转报';
  draft.commitments[0]!.officer = '';
  expect(draft.missing).toBe('commitments.0.officer');
});

test('a commitment stands ready with officer and days, and is not sent while it promises nothing', () => {
  const draft = open(new MemoryStorage());
  draft.text = '同意';
  expect(draft.commitments).toEqual([
    { what: '', officer: '王科长', days: 20, dayKind: 'working' },
  ]);
  expect([draft.missing, draft.answer().commitments]).toEqual([undefined, []]);
});

test('a full storage costs the safety net and not the form', () => {
  const storage = new MemoryStorage();
  storage.setItem = () => {
    throw new Error('QuotaExceededError');
  };
  const draft = open(storage);
  draft.text = '在写';
  expect(() => draft.keep()).not.toThrow();
  expect(draft.answer()).toEqual({ text: '在写', stance: 'adopt', commitments: [] });
});

test('a day named outright is sent instead of a count of days', () => {
  const draft = open(new MemoryStorage());
  Object.assign(draft.commitments[0]!, { what: '完成', due: '2026-12-31' });
  expect(draft.answer().commitments).toEqual([
    { what: '完成', officer: '王科长', due: '2026-12-31' },
  ]);
});

const press = (key: string, more: Partial<KeyboardEvent> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  repeat: false,
  defaultPrevented: false,
  ...more,
});

test('[CLI20] B blanks from anywhere on the desk, except while typing', () => {
  expect(deskKey(press('b'), false)).toBe('blank');
  expect(deskKey(press('B'), false)).toBe('blank');
  expect(deskKey(press('b'), true)).toBeUndefined();
  expect(deskKey(press('a', { ctrlKey: true }), false)).toBeUndefined();
  expect(deskKey(press('a', { isComposing: true }), false)).toBeUndefined();
  expect(deskKey(press('a', { repeat: true }), false)).toBeUndefined();
});

function tray() {
  const scene = new Scene().opened();
  const sent = (id: string) =>
    scene.later(1_000).happened({
      type: 'submission.sent',
      data: { id, receipt: id, guest: 'g_1' },
      personal: { subject: 'g_1', text: `${id}的话` },
    });
  sent('s1');
  sent('s2');
  sent('s3');
  const clock = { now: 10_000 };
  const list = () => waitingSubmissions(scene.state);
  const review = new ReviewTray(list, () => clock.now);
  const declined = (submission: string) => {
    scene.happened({
      type: 'submission.declined',
      data: { submission, guest: 'g_1', reason: '重复' },
    });
    review.noticed();
  };
  review.noticed();
  return { sent, declined, clock, review };
}

test('[CLI21] the keys keep to one submission whatever others decide or send meanwhile', () => {
  const { sent, declined, review } = tray();
  expect(review.current?.id).toBe('s1');
  review.step(1);
  expect(review.current?.id).toBe('s2');
  declined('s1');
  sent('s4');
  review.noticed();
  expect([review.current?.id, review.surprised]).toEqual(['s2', false]);
});

test('[CLI21] when someone else decides the submission under the keys, they rest until the next can be read', () => {
  const { declined, clock, review } = tray();
  declined('s1');
  expect([review.current?.id, review.surprised]).toEqual(['s2', true]);
  clock.now += 700;
  expect(review.surprised).toBe(false);
});

test('once decided here, the next in line is under the keys at once', () => {
  const { declined, review } = tray();
  review.step(1);
  review.decided();
  declined('s2');
  expect([review.current?.id, review.surprised]).toEqual(['s3', false]);
  review.decided();
  declined('s3');
  expect(review.current?.id).toBe('s1');
});
