import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import {
  lookedHash,
  mergeCard,
  mergeOf,
  rootsOf,
  splitCard,
} from '../../../shared/board/merging.ts';
import { addCard, addLane, removeCard, textHash } from '../../../shared/board/schema.ts';

const roots = (...pointers: [string, string][]) => Object.fromEntries(rootsOf(new Map(pointers)));

describe('[BRD20] which card carries which', () => {
  test('a chain leads to its end, a circle to its smallest id, whatever the order of reading', () => {
    expect(roots(['b', 'a'], ['c', 'b'])).toEqual({ b: 'a', c: 'a' });
    expect(roots(['c', 'b'], ['b', 'a'])).toEqual({ b: 'a', c: 'a' });
    expect(roots(['a', 'c'], ['b', 'a'], ['c', 'b'], ['d', 'c'])).toEqual({
      b: 'a',
      c: 'a',
      d: 'a',
    });
    expect(roots(['x', 'x'])).toEqual({});
  });

  /** Told without cleverness: walk until it ends or comes round. */
  function naive(pointers: ReadonlyMap<string, string>, card: string): string {
    const seen: string[] = [];
    let at = card;
    for (;;) {
      const round = seen.indexOf(at);
      if (round >= 0) return [...seen.slice(round)].sort()[0]!;
      const next = pointers.get(at);
      if (next === undefined) return at;
      seen.push(at);
      at = next;
    }
  }

  test('any pointers: the same as walking each, and a root is carried by none', () => {
    const id = fc.constantFrom(...'abcdefghij');
    fc.assert(
      fc.property(fc.array(fc.tuple(id, id), { maxLength: 20 }), (pairs) => {
        const pointers = new Map(pairs);
        const found = rootsOf(pointers);
        for (const card of 'abcdefghij')
          expect(found.get(card) ?? card, card).toBe(naive(pointers, card));
        for (const root of found.values()) expect(found.has(root)).toBe(false);
        const backwards = rootsOf(new Map([...pointers].reverse()));
        expect(new Map([...backwards].sort())).toEqual(new Map([...found].sort()));
      }),
    );
  });

  test('a long chain is followed once', () => {
    let looks = 0;
    class Watched extends Map<string, string> {
      override get(card: string) {
        looks += 1;
        return super.get(card);
      }
    }
    const pointers = new Watched(Array.from({ length: 5_000 }, (_, n) => [`${n + 1}`, `${n}`]));
    expect(new Set(rootsOf(pointers).values())).toEqual(new Set(['0']));
    expect(looks).toBeLessThanOrEqual(5_001);
  });
});

describe('[BRD20] merged cards in the document', () => {
  function board() {
    const doc = new Y.Doc();
    addLane(doc, { id: 'l', title: '意见', kind: 'common' });
    for (const [index, id] of ['root', 'late', 'early'].entries())
      addCard(doc, { id, lane: 'l', author: `of-${id}`, text: id, createdAt: 10 - index });
    mergeCard(doc, 'late', 'root');
    mergeCard(doc, 'early', 'late');
    return doc;
  }
  const none = () => false;
  const carriedBy = (doc: Y.Doc, card: string, isTabled: (card: string) => boolean = none) =>
    mergeOf(doc, card, isTabled).merged.map((each) => each.card);

  test('are carried by their root in order of their beginning, and name it', () => {
    const doc = board();
    expect(mergeOf(doc, 'root', none)).toEqual({
      merged: [
        { card: 'early', text: 'early', author: 'of-early' },
        { card: 'late', text: 'late', author: 'of-late' },
      ],
    });
    expect(mergeOf(doc, 'early', none)).toEqual({ root: 'root', merged: [] });
  });

  test('a split takes along what had been merged before; a root that goes leaves the others standing', () => {
    const doc = board();
    splitCard(doc, 'late');
    expect([carriedBy(doc, 'root'), carriedBy(doc, 'late')]).toEqual([[], ['early']]);
    mergeCard(doc, 'late', 'root');
    removeCard(doc, 'root');
    expect(carriedBy(doc, 'late')).toEqual(['early']);
  });

  test('a tabled card carries and joins nothing by what the board says', () => {
    const doc = board();
    expect(carriedBy(doc, 'root', (card) => card === 'root')).toEqual([]);
    expect(carriedBy(doc, 'late', (card) => card === 'root')).toEqual(['early']);
    expect(carriedBy(doc, 'root', (card) => card === 'late')).toEqual([]);
  });

  test('[OPN2] what was looked at is the text, and every text merged into it', () => {
    const merged = [{ card: 'm', text: '并' }];
    expect(lookedHash('文', [])).toBe(textHash('文'));
    expect(lookedHash('文', merged)).not.toBe(textHash('文'));
    expect(lookedHash('文', merged)).not.toBe(lookedHash('文', [{ card: 'm', text: '并！' }]));
    expect(lookedHash('文', merged)).not.toBe(lookedHash('文', [{ card: 'n', text: '并' }]));
  });
});
