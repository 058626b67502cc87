import { beforeEach, expect, test } from 'vitest';
import { Ledger } from './ledger.ts';
import { keyOf } from './marks.ts';

let now: number;
let ledger: Ledger;
beforeEach(() => {
  now = 1_000;
  ledger = new Ledger(2, 10, () => now);
});

test('each mark is owed once to each receiver but its writer, and counted once', () => {
  const writer = ledger.page(0);
  const reader = ledger.page();
  ledger.typed(0, 3, 1);
  writer(0, 3); // a server that echoes
  expect([ledger.missing, ledger.delivery]).toEqual([1, 0]);
  reader(0, 3);
  reader(0, 3);
  expect([ledger.missing, ledger.delivery]).toEqual([0, 1]);
  expect([...ledger.receivedByAnyone()]).toEqual([keyOf(0, 3)]);
});

test('what was never typed, or by nobody here, is no delivery', () => {
  const reader = ledger.page();
  ledger.typed(0, 0, 1);
  reader(0, 1);
  reader(7, 0);
  expect(ledger.missing).toBe(1);
});

test('editors and readers are timed apart, from the beginning of what is measured on', () => {
  const editor = ledger.page(1);
  const reader = ledger.page();
  ledger.typed(0, 0, 2);
  now += 5;
  ledger.begin();
  ledger.typed(0, 1, 2);
  now += 20;
  editor(0, 0);
  editor(0, 1);
  now += 30;
  reader(0, 1);
  expect(ledger.measured).toBe(2);
  expect(ledger.editors.quantile(1)).toBeCloseTo(20.1);
  expect(ledger.readers.quantile(1)).toBeCloseTo(50.1);
  expect(ledger.delivery).toBe(0.75);
});
