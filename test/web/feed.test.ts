import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FeedRow } from '../../src/api/contract/actor.ts';
import { backoffMs } from '../../web/src/store/backoff.ts';
import { type Feed, newFeed, subscribed, takeRows } from '../../web/src/store/feed.ts';

const row = (gseq: number): FeedRow => ({
  gseq,
  actor: 'a',
  kind: 'task',
  seq: gseq,
  at: gseq,
  type: 'T',
  by: null,
  transitions: [],
  value: 'x',
  status: 'x',
  attention: 0,
  title: '',
});
const numbers = (rows: readonly FeedRow[]): number[] => rows.map((r) => r.gseq);

test('rows heard twice are applied once, in order', () => {
  const one = takeRows(newFeed(4), [row(6), row(5)]);
  expect(numbers(one.fresh)).toEqual([5, 6]);
  const two = takeRows(one.feed, [row(5), row(6), row(7)]);
  expect(numbers(two.fresh)).toEqual([7]);
  expect(two.hole).toBe(false);
});

test('a hole within a connection is noticed, and nothing behind it is applied', () => {
  const one = takeRows(newFeed(4), [row(5)]);
  const two = takeRows(one.feed, [row(7), row(8)]);
  expect(two).toMatchObject({ fresh: [], hole: true, feed: { cursor: 5 } });
});

test('the first rows of a new subscription may begin anywhere: the daemon says so itself', () => {
  const taken = takeRows(subscribed({ cursor: 5, first: false }), [row(9), row(10)]);
  expect(numbers(taken.fresh)).toEqual([9, 10]);
});

/** A journal with numbers missing, told over connections that break, repeat and lose frames. */
test('whatever the connection does, every row is applied exactly once and in order', () => {
  const step = fc.record({
    take: fc.integer({ min: 1, max: 4 }),
    fate: fc.constantFrom('deliver', 'deliver', 'deliver', 'twice', 'lose', 'break'),
  });
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 2, max: 60 }), { maxLength: 40 }), fc.array(step, { maxLength: 60 }), (raw, steps) => {
      const journal = raw.sort((a, b) => a - b).map(row);
      let feed: Feed = newFeed(1);
      const applied: number[] = [];
      // The daemon's side of one connection: what it has told so far.
      let told = 1;
      let begun = false;
      const connect = (): void => {
        feed = subscribed(feed);
        told = feed.cursor ?? 0;
        begun = false;
      };
      const hear = (rows: readonly FeedRow[]): boolean => {
        const taken = takeRows(feed, rows);
        feed = taken.feed;
        applied.push(...numbers(taken.fresh));
        return taken.hole;
      };
      connect();
      for (const { take, fate } of [...steps, ...Array.from({ length: 80 }, () => ({ take: 4, fate: 'deliver' }))]) {
        const due = journal.filter((r) => r.gseq > told).slice(0, take);
        if (fate === 'break') {
          connect();
          continue;
        }
        if (due.length === 0) continue;
        told = due.at(-1)?.gseq ?? told;
        // The stream of one connection begins whole: what is lost is lost on the way.
        const lost = fate === 'lose' && begun;
        begun = true;
        if (lost) continue;
        const hole = hear(due) || (fate === 'twice' && hear(due));
        if (hole) connect();
      }
      // The last rows may have been lost without a later one to show it; the next connection brings them.
      connect();
      hear(journal.filter((r) => r.gseq > told));
      expect(applied).toEqual(numbers(journal));
    }),
    { numRuns: 300, seed: 20_261_122 },
  );
});

test('waiting grows to ten seconds and is spread by lot', () => {
  expect(backoffMs(1, () => 0)).toBe(125);
  expect(backoffMs(1, () => 1)).toBe(250);
  expect(backoffMs(4, () => 1)).toBe(2000);
  expect(backoffMs(50, () => 1)).toBe(10_000);
  expect(backoffMs(50, () => 0)).toBe(5000);
});
