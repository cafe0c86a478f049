import { expect, test } from 'vitest';
import { decisionWaiters } from '../../src/api/streams/decision-waiters.ts';
import { fakeClock } from '../support/fake-clock.ts';

test('whoever was told the decision counts as waiting, although its poll has ended', async () => {
  const clock = fakeClock();
  const waiters = decisionWaiters(clock);
  const leave = waiters.enter('a');
  leave();
  waiters.answered('a');
  expect(await waiters.awaited('a', 0)).toBe(true);
});

test('who comes in time counts, who does not come does not', async () => {
  const clock = fakeClock();
  const waiters = decisionWaiters(clock);
  const soon = waiters.awaited('b', 3_000);
  waiters.enter('b');
  expect(await soon).toBe(true);
  const never = waiters.awaited('c', 3_000);
  clock.advance(3_001);
  expect(await never).toBe(false);
});
