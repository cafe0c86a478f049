/** A few schedules of the long proof: `./run campaign sync` plays thousands. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { mutants } from './mutants.ts';
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

test('each mutant finds the line it changes, so that none is a mutant of nothing', () => {
  const times = (file: string, text: string) => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8').split(text).length - 1;
  const lost = mutants.flatMap(({ name, patches }) =>
    patches.filter(({ file, from }) => times(file, from) !== 1).map(({ from }) => [name, from]),
  );
  expect(lost).toEqual([]);
});
