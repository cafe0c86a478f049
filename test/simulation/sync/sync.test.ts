/** A few schedules of the long proof: `./run campaign sync` plays thousands. */
import { describe, expect, test } from 'vitest';
import { play, stepsOf } from './schedule.ts';

describe('three machines and a hub', () => {
  test.each([6, 15, 10, 21])('schedule %i ends with everything where it belongs', async (seed) => {
    expect((await play(seed, stepsOf(seed, 120))).wrong).toEqual([]);
  });

  test('the same seed plays the same', async () => {
    const steps = stepsOf(30, 80);
    expect((await play(30, steps)).trace).toEqual((await play(30, steps)).trace);
  });
});
