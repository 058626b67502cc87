import { expect, test } from 'vitest';
import { Durations, median } from './figures.ts';

test('the median is the middle one, or between the middle two, whatever the order', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 2, 9])).toBe(3);
  expect(median([NaN, 3])).toBe(3);
  expect(median([])).toBeNaN();
});

test('a quantile is not exceeded by that share', () => {
  const took = new Durations();
  expect(took.quantile(0.99)).toBeNaN();
  for (let ms = 1; ms <= 100; ms += 1) took.add(ms);
  expect(took.total).toBe(100);
  expect(took.quantile(0.5)).toBeCloseTo(50.1);
  expect(took.quantile(0.99)).toBeCloseTo(99.1);
  took.add(10_000_000); // longer than it can tell apart, but counted
  expect(took.quantile(1)).toBe(20_000);
});
