/** A few of the histories that `test/simulation` plays for hours: full disks and sudden ends at random, then everything must add up. */
import { expect, test } from 'vitest';
import { history } from '../simulation/history.ts';

test.each(Array.from({ length: 24 }, (_, index) => index + 1))('history %i adds up', { timeout: 60_000 }, async (seed) => {
  expect(await history(seed)).toEqual([]);
});
