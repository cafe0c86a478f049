/**
 * Work that may be asked for without end: done at once, then at most once in `ms`, and once more after the last time it was asked for.
 * Each key has a rhythm of its own.
 */
export const sparing = (
  ms: number,
  later: (work: () => void, ms: number) => unknown = setTimeout,
): ((key: string, work: () => void) => void) => {
  const resting = new Map<string, (() => void) | null>();
  const wake = (key: string): void => {
    const work = resting.get(key);
    resting.delete(key);
    if (work) begin(key, work);
  };
  const begin = (key: string, work: () => void): void => {
    resting.set(key, null);
    later(() => wake(key), ms);
    work();
  };
  return (key, work) => {
    if (resting.has(key)) resting.set(key, work);
    else begin(key, work);
  };
};
