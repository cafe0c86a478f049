/** One database in the place of another, in steps of which any may be the last: whoever opens the file next ends what was begun. */
import { existsSync, renameSync } from 'node:fs';

const journals = ['-wal', '-shm'] as const;
/** Proven whole, and about to stand in the place of `into`. */
const successor = (into: string): string => `${into}.restored`;

/** `whole`: a closed database with no journal of its own. What stands in `into` goes to `aside` with its journal: without it its last steps would be missing. */
export const swap = (whole: string, into: string, aside: string): void => {
  renameSync(whole, successor(into));
  for (const end of ['', ...journals]) if (existsSync(into + end)) renameSync(into + end, aside + end);
  renameSync(successor(into), into);
};

/** Without this the next start after a cut would begin an empty database. What is left of the old journal goes beside it. */
export const endSwap = (into: string): void => {
  if (existsSync(into) || !existsSync(successor(into))) return;
  for (const end of journals) if (existsSync(into + end)) renameSync(into + end, `${into}.left${end}`);
  renameSync(successor(into), into);
};
