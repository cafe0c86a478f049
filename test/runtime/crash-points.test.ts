/** Laws 1 and 2 with real processes killed at every write point. `test/simulation/crash.ts` does the same for hours. */
import { describe, expect, test } from 'vitest';
import { type Blow, crashPoints, inWords, survive } from '../support/crash-run.ts';

const passages: Record<(typeof crashPoints)[number], readonly number[]> = {
  'turn-begin': [1, 6, 17],
  'savepoint-before': [1, 9, 30],
  'savepoint-inside': [2, 8, 25],
  'savepoint-after': [1, 12, 28],
  'commit-before': [2, 5, 16],
  'commit-after': [3, 7, 18],
  'mark-running': [1, 3, 5],
  'handler-before': [1, 2, 5],
  'handler-after': [1, 3, 4],
  'mark-done': [1, 2, 4],
};

describe('a process killed', () => {
  test.for(crashPoints.map((point, index) => ({ point, seed: 100 + index })))(
    'at $point loses nothing and repeats nothing',
    { timeout: 60_000 },
    async ({ point, seed }) => {
      // The same home is struck again and again: each process continues what the one before left.
      const blows: Blow[] = passages[point].map((passage) => ({ point, passage }));
      const { wrong, hits } = await survive(seed, 40, blows);
      expect(wrong).toEqual([]);
      expect({ hits, of: blows.map(inWords) }).toEqual({ hits: blows.length, of: blows.map(inWords) });
    },
  );
});
