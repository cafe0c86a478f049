/**
 * Lets `work` run once at a time. Who asks while it runs shares the run after it with all others who ask meanwhile: the one on its way may have
 * passed already what is meant.
 */
export const joinNext = <T>(work: () => Promise<T>): (() => Promise<T>) => {
  let running: Promise<T> | undefined;
  let next: Promise<T> | undefined;
  const begin = (): Promise<T> => {
    next = undefined;
    running = work().finally(() => {
      running = undefined;
    });
    return running;
  };
  return () => {
    if (next) return next;
    if (!running) return begin();
    next = running.then(begin, begin);
    return next;
  };
};
