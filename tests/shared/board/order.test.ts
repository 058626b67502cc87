import { expect, test } from 'vitest';
import { isOrder, MAX_ORDER_CHARS, orderBetween } from '../../../shared/board/schema.ts';

test('[BRD14] a lane stays open to everyone, whatever key someone gave a card in it', () => {
  const longest = 'z'.repeat(MAX_ORDER_CHARS);
  expect(isOrder(longest)).toBe(true);
  const after = orderBetween(longest, undefined);
  expect(after.length).toBeLessThanOrEqual(MAX_ORDER_CHARS);
  expect(after >= longest).toBe(true);
  expect(orderBetween('a0', 'a1') > 'a0').toBe(true);
});
