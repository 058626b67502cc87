import { expect, test } from 'vitest';
import { judge, type Goal, type Medians } from './verdicts.ts';

const medians: Medians = new Map([
  ['ours', { cpu: 4, rate: 900 }],
  ['reference', { cpu: 12, rate: 800 }],
  ['hocuspocus', { cpu: 10, rate: 1_000 }],
  ['bare', { cpu: 8 }],
]);
const verdict = (goal: Goal) => {
  const { value, holds } = judge(goal, medians);
  return [value, holds];
};

test('a figure is held against itself, the best of the peers, or bare', () => {
  expect(verdict({ figure: 'cpu', by: 'itself', limit: 4 })).toEqual([4, true]);
  expect(verdict({ figure: 'cpu', by: 'best peer', limit: 0.35 })).toEqual([0.4, false]);
  expect(verdict({ figure: 'cpu', by: 'bare', limit: 0.5 })).toEqual([0.5, true]);
});

test('where more is better, the best peer is the one with most', () => {
  const goal: Goal = { figure: 'rate', by: 'best peer', limit: 1, is: 'least' };
  expect(verdict(goal)).toEqual([0.9, false]);
});

test('what was not measured neither holds nor misses', () => {
  expect(verdict({ figure: 'rate', by: 'bare', limit: 1 })).toEqual([NaN, undefined]);
  expect(verdict({ figure: 'p99', by: 'itself', limit: 1 })).toEqual([NaN, undefined]);
});
