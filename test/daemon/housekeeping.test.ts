import { expect, test } from 'vitest';
import { systemRandom } from '../../src/api/auth/secret.ts';
import { tokenDesk } from '../../src/api/auth/tokens.ts';
import { housekeeping } from '../../src/daemon/housekeeping.ts';
import { dayOf } from '../../src/money/day.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { seededIds } from '../support/seeded.ts';
import { tempStore } from '../support/temp-store.ts';
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
    tokens: { list: () => [], revoke: never, prune: () => 0 },
    agentOver: never,
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
  const forgotten: number[] = [];
  let foldedBefore = 0;
  let fails = true;
  const stop = housekeeping({
    runtime: {
      compact: (before) => {
        folded.push(clock.now() - before);
        foldedBefore = before;
        if (fails) return Promise.reject(new Error('disk full'));
        return Promise.resolve({ folded: 0, seen: 0, outbox: 0, replies: 0 });
      },
      transaction: never,
    },
    usage: { loose: () => [], fold: never },
    tokens: { list: () => [], revoke: never, prune: () => 0 },
    agentOver: never,
    audit: { prune: () => 0 },
    marks: { forgetMade: (before) => forgotten.push(before - foldedBefore) },
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
  expect(forgotten, 'the marks of repeated requests, in the round that went well, after a week').toEqual([(30 - 7) * day]);
  stop();
  clock.advance(3 * day);
  expect(folded).toHaveLength(2);
});

test('the token of an agent ends a week after its agent, and then its row', async () => {
  const temp = tempStore();
  const { tokens } = temp.open();
  const clock = fakeClock();
  const desk = tokenDesk({ tokens, clock, ids: seededIds(), random: systemRandom });
  const ended = clock.now();
  const [gone, works, person] = [
    desk.issueForAgent('gone'),
    desk.issueForAgent('works'),
    desk.issue({ name: 'me', kind: 'api', scopes: [] }),
  ];
  let rounds = 0;
  const stop = housekeeping({
    runtime: { compact: () => Promise.resolve({ folded: 0, seen: 0, outbox: 0, replies: 0 }), transaction: never },
    usage: { loose: () => [], fold: never },
    tokens,
    agentOver: (agent, before) => agent === 'gone' && ended < before,
    audit: { prune: () => (rounds += 1) },
    marks: { forgetMade: () => 0 },
    clock,
    log: quiet,
    journalAgeMs: 30 * day,
  });
  const after = async (days: number) => {
    for (let n = 0; n < days; n += 1) {
      const before = rounds;
      clock.advance(day);
      await until('a round', () => (rounds > before ? true : undefined));
    }
  };
  await after(6);
  expect([gone, works, person].map(({ record }) => desk.isValid(record.id))).toEqual([true, true, true]);
  await after(3);
  expect([gone, works, person].map(({ record }) => desk.isValid(record.id))).toEqual([false, true, true]);
  await after(9);
  expect(tokens.list().map(({ name }) => name)).toEqual(['works', 'me']);
  stop();
  temp.remove();
});
