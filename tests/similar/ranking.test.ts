import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SIMILAR, worthShowing } from '../../server/similar/likeness.ts';
import { SimilarIndex, Vocabulary, type Found } from '../../server/similar/similar-index.ts';
import { termsOf } from '../../server/similar/words.ts';
import { LIKELY_SAME } from '../../shared/wire/likely-same.ts';
import { heldOutPairs } from './held-out-pairs.ts';
import { pool } from './opinion-pool.ts';
import { secondPairs, similarPairs, unrelated, type SimilarPair } from './similar-pairs.ts';

function indexOf(texts: Readonly<Record<string, string>>): SimilarIndex<string> {
  const index = new SimilarIndex<string>(new Vocabulary());
  for (const [id, text] of Object.entries(texts)) index.put(id, termsOf(text));
  return index;
}

/** What someone who writes this is shown. */
const shown = (index: SimilarIndex<string>, text: string): Found<string>[] =>
  worthShowing(index.find(termsOf(text), 10, SIMILAR));

function recall(pairs: readonly SimilarPair[]): number {
  const index = indexOf(pool);
  const missed = pairs.filter(
    ([query, opinion]) =>
      !shown(index, query)
        .slice(0, 3)
        .some(({ key }) => key === opinion),
  );
  const found = pairs.length - missed.length;
  console.log(
    `recall at 3: ${found} of ${pairs.length}`,
    missed.map(([query]) => query).join('；'),
  );
  return found / pairs.length;
}

describe('[SIM1] who writes in other words is shown what says the same', () => {
  test('of 30 labelled pairs among more than 120 opinions, among the first three in 0.8', () => {
    expect(similarPairs).toHaveLength(30);
    expect(Object.keys(pool).length).toBeGreaterThan(120);
    expect(recall(similarPairs)).toBeGreaterThanOrEqual(0.8);
  });

  test('of pairs that were looked at once, in 0.6', () => {
    expect(recall(secondPairs)).toBeGreaterThanOrEqual(0.6);
  });

  test('of pairs that nothing was fitted to, in 0.7', () => {
    expect(recall(heldOutPairs)).toBeGreaterThanOrEqual(0.7);
  });

  test('every pair names an opinion of the pool, and no two ask in the same words', () => {
    const pairs = [...similarPairs, ...secondPairs, ...heldOutPairs];
    expect(pairs.filter(([, opinion]) => !(opinion in pool))).toEqual([]);
    expect(new Set(pairs.map(([query]) => query)).size).toBe(pairs.length);
  });
});

describe('[SIM2] where nothing is similar, nothing is shown', () => {
  test.each(unrelated)('%s', (text) => {
    expect(shown(indexOf(pool), text)).toEqual([]);
  });

  test('not in a consultation that has only begun either', () => {
    const begun = indexOf(Object.fromEntries(Object.entries(pool).slice(0, 8)));
    expect(unrelated.flatMap((text) => shown(begun, text))).toEqual([]);
    expect(shown(begun, '路灯不亮，走夜路害怕')).toEqual([]);
  });

  test('what two opinions of different matters share is never taken for the same', () => {
    const index = indexOf(pool);
    const topic = (id: string) => id.split('-')[0];
    const alike = Object.entries(pool).flatMap(([id, text]) =>
      index
        .find(termsOf(text), 10, LIKELY_SAME)
        .filter(({ key }) => topic(key) !== topic(id))
        .map(({ key }) => `${id} ${key}`),
    );
    expect(alike).toEqual([]);
  });
});

test('[SIM3] the same words score 1, less of them less, and nothing leaves 0 to 1', () => {
  const text = pool['street-lamps']!;
  const index = indexOf(pool);
  const score = (words: string) =>
    index.find(termsOf(words), 200, 0).find(({ key }) => key === 'street-lamps')?.score ?? 0;
  expect(score(text)).toBeCloseTo(1, 1);
  expect(score(text.slice(0, 24))).toBeGreaterThan(LIKELY_SAME);
  expect(score(text.slice(0, 24))).toBeLessThan(score(text));
  const texts = Object.values(pool);
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...texts.flatMap((one) => one.split(/[，。？]/u)))),
      (parts) => {
        for (const { score } of index.find(termsOf(parts.join('，')), 200, 0)) {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
        }
      },
    ),
    { numRuns: 30 },
  );
});

test('an index that texts came into and left again is the one where they never were', () => {
  const texts = Object.entries(pool).slice(0, 24);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(texts.length - 1), fc.boolean()), { maxLength: 60 }),
      (steps) => {
        const index = new SimilarIndex<string>(new Vocabulary());
        const present = new Map<string, string>();
        for (const [at, stays] of steps) {
          const [id, text] = texts[at]!;
          if (stays) present.set(id, text);
          else present.delete(id);
          if (stays) index.put(id, termsOf(text));
          else index.remove(id);
        }
        const fresh = indexOf(Object.fromEntries(present));
        const query = termsOf('小区停车和电动车充电，物业不管，老人上下楼不方便');
        const scores = (of: SimilarIndex<string>) =>
          Object.fromEntries(
            of.find(query, 50, 0).map(({ key, score }) => [key, score.toFixed(9)]),
          );
        expect(scores(index)).toEqual(scores(fresh));
        expect(index.size).toBe(present.size);
      },
    ),
    { numRuns: 40 },
  );
});

describe('the terms of a text', () => {
  test('one thing by many names is one thing', () => {
    const lifts = ['加装电梯', '装电梯', '电梯加装'].map((text) => [...termsOf(text).keys()]);
    for (const terms of lifts) expect(terms).toContain('=加装电梯');
    expect(termsOf('停放泊位').has('=停车位')).toBe(true);
  });

  test('width, case and punctuation make no difference', () => {
    expect(termsOf('ＡＰＰ上报修！')).toEqual(termsOf('app 上 报修'.replaceAll(' ', '')));
    expect(termsOf('路灯，坏了。')).not.toEqual(new Map());
  });

  test('numbers said in passing, words of every opinion and punctuation say little or nothing', () => {
    expect([...termsOf('，。！？…… 3 12').keys()]).toEqual([]);
    expect(termsOf('建议希望').get('建议') ?? 0).toBeLessThan(termsOf('路灯电梯').get('.灯') ?? 0);
    expect(termsOf('302 路不到站').has('302')).toBe(true);
  });

  test('a text of two thousand characters, or of none, is no trouble', () => {
    expect(termsOf('').size).toBe(0);
    expect(termsOf('𠮷'.repeat(1_000)).size).toBeGreaterThan(0);
    expect(termsOf('停车难'.repeat(666)).get('=停车位')).toBeGreaterThan(1);
  });
});
