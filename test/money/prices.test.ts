/** A figure is what somebody told or what a price makes of it; the rest stays unknown. */
import { expect, test } from 'vitest';
import { dayOf, endOfDay } from '../../src/money/day.ts';
import { costOf, noPrices, type Prices } from '../../src/money/prices.ts';

const prices: Prices = {
  version: '2026-11',
  models: [
    { model: 'large-*', input: 3, output: 15, cacheRead: 0.3, cacheWrite: null },
    { model: 'large-1', input: 100, output: 100, cacheRead: null, cacheWrite: null },
    { model: 'a.b', input: 1, output: 1, cacheRead: null, cacheWrite: null },
  ],
};
const use = (model: string | null, more: Partial<Parameters<typeof costOf>[1]> = {}) => ({
  model,
  input: 1_000_000,
  output: 2_000_000,
  cacheRead: 0,
  cacheWrite: 0,
  ...more,
});

test('dollars per million tokens; the first pattern that fits counts', () => {
  expect(costOf(prices, use('large-1'))).toBe(33_000_000);
  expect(costOf(prices, use('large-9', { cacheRead: 10_000_000 }))).toBe(36_000_000);
  expect(costOf(prices, use('large-9', { input: 1, output: 0 }))).toBe(3);
});
test('no made-up figure: an unknown model, none at all, or a kind of token without a price', () => {
  expect(costOf(prices, use('small'))).toBeNull();
  expect(costOf(prices, use(null))).toBeNull();
  expect(costOf(noPrices, use('large-1'))).toBeNull();
  expect(costOf(prices, use('large-1', { cacheWrite: 1 }))).toBeNull();
  expect(costOf(prices, use('axb')), 'a dot is a dot').toBeNull();
});
test('a day is the day here, and ends at the next midnight', () => {
  const at = new Date(2026, 10, 23, 23, 59, 59).getTime();
  expect(dayOf(at)).toBe('2026-11-23');
  expect(dayOf(endOfDay(at))).toBe('2026-11-24');
  expect(endOfDay(at) - at).toBe(1000);
});
