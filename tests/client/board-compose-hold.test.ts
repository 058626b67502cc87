import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ComposeHold } from '../../client/connection/compose-hold.ts';

describe('[BRD11] remote edits wait while an input method composes', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const held = (idleLimit?: number) => {
    const delivered: string[][] = [];
    const hold = new ComposeHold<string>((frames) => void delivered.push([...frames]), idleLimit);
    return { hold, delivered };
  };

  test('nothing waits while nobody composes', () => {
    const { hold, delivered } = held();
    expect(hold.keeps('a')).toBe(false);
    expect(delivered).toEqual([]);
  });

  test('what arrives under a composition is handed on in order when it ends', () => {
    const { hold, delivered } = held();
    hold.heard();
    expect([hold.keeps('a'), hold.keeps('b')]).toEqual([true, true]);
    hold.ended(() => false);
    expect(delivered).toEqual([]);
    vi.advanceTimersByTime(0);
    expect(delivered).toEqual([['a', 'b']]);
    expect(hold.keeps('c')).toBe(false);
  });

  test('the editor has read the result before anything else reaches it', () => {
    const { hold, delivered } = held();
    let settling = true;
    hold.heard();
    hold.keeps('a');
    hold.ended(() => settling);
    vi.advanceTimersByTime(100);
    expect(delivered).toEqual([]);
    settling = false;
    vi.advanceTimersByTime(20);
    expect(delivered).toEqual([['a']]);
  });

  test('an editor that never settles does not hold for ever', () => {
    const { hold, delivered } = held();
    hold.heard();
    hold.keeps('a');
    hold.ended(() => true);
    vi.advanceTimersByTime(1_000);
    expect(delivered).toEqual([['a']]);
  });

  test('the next composition takes over what the last one held', () => {
    const { hold, delivered } = held();
    hold.heard();
    hold.keeps('a');
    hold.ended(() => true);
    hold.heard();
    hold.keeps('b');
    vi.advanceTimersByTime(1_000);
    expect(delivered).toEqual([]);
    hold.ended(() => false);
    vi.advanceTimersByTime(0);
    expect(delivered).toEqual([['a', 'b']]);
  });

  test('a composition whose end is never told is given up, counted from its last event', () => {
    const { hold, delivered } = held(5_000);
    hold.heard();
    hold.keeps('a');
    vi.advanceTimersByTime(4_000);
    hold.heard();
    vi.advanceTimersByTime(4_000);
    expect(delivered).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(delivered).toEqual([['a']]);
  });

  test('leaving the editor ends it at once', () => {
    const { hold, delivered } = held();
    hold.heard();
    hold.keeps('a');
    hold.release();
    expect(delivered).toEqual([['a']]);
    vi.advanceTimersByTime(60_000);
    expect(delivered).toHaveLength(1);
  });
});
