/** Waits until this process has nothing in hand but timers: files are read, children have ended, and what follows from it is done. */
const ROUNDS = 12;
/** A request that is over may be listed until its memory is freed: it is not waited for for ever. */
const LONGEST_MS = 1_000;
const counts = (name: string): boolean => name.startsWith('FSReq') || name === 'CloseReq' || name === 'ProcessWrap';

export const quiet = async (): Promise<void> => {
  const until = performance.now() + LONGEST_MS;
  for (let calm = 0; calm < ROUNDS; calm += 1) {
    await new Promise<void>((done) => void setImmediate(done));
    if (process.getActiveResourcesInfo().some(counts) && performance.now() < until) calm = 0;
  }
};
