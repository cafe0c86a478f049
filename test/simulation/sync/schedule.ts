/** One seed: a schedule is played, comes to rest and is judged. A failing one is made as short as it still fails. */
import { judge, rest } from './judge.ts';
import { openWorld, type Perils } from './world.ts';

export type Played = { wrong: string[]; trace: string[] };

/** The same for the same seed: a bad line always, and beyond that one peril more from seed to seed. */
export const perilsOf = (seed: number): Perils => ({
  crashes: seed % 2 === 0,
  clocks: seed % 3 === 0,
  deviceRestore: seed % 5 === 0,
  hubRestore: seed % 5 === 1,
});
export const stepsOf = (seed: number, length: number): number[] =>
  Array.from({ length }, (_, index) => (seed * 10_007 + index * 7_919 + 13) >>> 0);

export const play = async (seed: number, steps: readonly number[], devices = 3, perils = perilsOf(seed)): Promise<Played> => {
  const world = await openWorld(seed, devices, perils);
  // What a dead process still does meets its closed file; it is heard by nobody.
  const heard = (error: unknown) => {
    if (!String(error).includes('database connection is not open')) world.say(`nobody caught ${String(error)}`);
  };
  process.on('unhandledRejection', heard);
  try {
    for (const step of steps) await world.step(step);
    await rest(world);
    judge(world);
    return { wrong: world.wrong, trace: world.trace };
  } finally {
    await world.end();
    process.off('unhandledRejection', heard);
  }
};

const kindOf = (words: string | undefined): string => words?.split(' ')[0] ?? '';

/** Leaves out what is not needed for the same kind of failure; at most `tries` plays. */
export const shrink = async (seed: number, steps: readonly number[], tries = 150): Promise<{ steps: number[]; played: Played }> => {
  let best = [...steps];
  let played = await play(seed, best);
  const kind = kindOf(played.wrong[0]);
  let left = tries;
  for (let size = Math.ceil(best.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < best.length && left > 0; ) {
      const less = best.toSpliced(at, size);
      left -= 1;
      const again = await play(seed, less);
      if (again.wrong.some((words) => kindOf(words) === kind)) {
        best = less;
        played = again;
      } else at += size;
    }
  }
  return { steps: best, played };
};
