import { expect, test } from 'vitest';
import { housekeeping } from '../../src/daemon/housekeeping.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { until } from '../support/until.ts';

const day = 86_400_000;
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

test('old history is folded once a day, also after a day on which it failed', async () => {
  const clock = fakeClock();
  const folded: number[] = [];
  let fails = true;
  const stop = housekeeping({
    runtime: {
      compact: (before) => {
        folded.push(clock.now() - before);
        if (fails) return Promise.reject(new Error('disk full'));
        return Promise.resolve({ folded: 0, seen: 0, outbox: 0, replies: 0 });
      },
    },
    tokens: { prune: () => 0 },
    audit: { prune: () => 0 },
    marks: { forgetMade: () => 0 },
    clock,
    log: quiet,
    journalAgeMs: 30 * day,
  });
  clock.advance(600_001);
  await until('the first round', () => (folded.length === 1 ? true : undefined));
  fails = false;
  clock.advance(day + 1);
  await until('the second round', () => (folded.length === 2 ? true : undefined));
  expect(folded).toEqual([30 * day, 30 * day]);
  stop();
  clock.advance(3 * day);
  expect(folded).toHaveLength(2);
});
