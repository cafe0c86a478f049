import { expect, test } from 'vitest';
import { housekeeping } from '../../src/daemon/housekeeping.ts';
import { dayOf } from '../../src/money/day.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { until } from '../support/until.ts';

const day = 86_400_000;
const never = (): never => {
  throw new Error('nobody asks for this');
};
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

test('days of usage older than the journal become sums, one transaction each', async () => {
  const clock = fakeClock();
  const told: string[] = [];
  const stop = housekeeping({
    runtime: {
      compact: () => Promise.resolve({ folded: 0, seen: 0, outbox: 0, replies: 0 }),
      transaction: async (work) => {
        told.push('begin');
        const value = work({ create: () => never(), send: () => never() });
        told.push('commit');
        return value;
      },
    },
    usage: {
      loose: (before) => (told.push(before), ['2026-01-01', '2026-01-02']),
      fold: (which) => told.push(which),
    },
    tokens: { prune: () => 0 },
    audit: { prune: () => 0 },
    marks: { forgetMade: () => 0 },
    clock,
    log: quiet,
    journalAgeMs: 30 * day,
  });
  clock.advance(600_001);
  await until('the round', () => (told.length === 7 ? true : undefined));
  expect(told).toEqual([dayOf(clock.now() - 30 * day), 'begin', '2026-01-01', 'commit', 'begin', '2026-01-02', 'commit']);
  stop();
});

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
      transaction: never,
    },
    usage: { loose: () => [], fold: never },
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
