/** Plays seeds until the time or their number is up; says on its last line what it found. Arguments: first, step, most, seconds, "first" to stop at a failure. */
import { play, stepsOf } from './schedule.ts';
import { STEPS } from './worker-steps.ts';

export type Found = { played: number; wrong: Array<{ seed: number; words: string[] }> };

const [first = 0, step = 1, most = 1, seconds = 60] = process.argv.slice(2).map(Number);
const stopAtFirst = process.argv.includes('first');
const end = performance.now() + seconds * 1000;
const found: Found = { played: 0, wrong: [] };
for (let round = 0; round < most && performance.now() < end; round += 1) {
  const seed = first + round * step;
  const { wrong } = await play(seed, stepsOf(seed, STEPS)).catch((error: unknown) => ({ wrong: [`broke off: ${String(error)}`] }));
  found.played += 1;
  if (wrong.length > 0) found.wrong.push({ seed, words: wrong.slice(0, 5) });
  if (wrong.length > 0 && stopAtFirst) break;
}
process.stdout.write(`${JSON.stringify(found)}\n`, () => process.exit(0));
