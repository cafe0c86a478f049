/**
 * Runs the work of a key at most once at a time: asked again meanwhile, it runs once more afterwards. So the newest question always gets
 * the newest answer, and a burst of steps costs two calls, not two hundred.
 */
export const coalescer = (): ((key: string, work: () => Promise<void>) => Promise<void>) => {
  const running = new Map<string, { again: boolean; done: Promise<void> }>();
  return (key, work) => {
    const present = running.get(key);
    if (present) {
      present.again = true;
      return present.done;
    }
    const entry = { again: false, done: Promise.resolve() };
    const turn = async (): Promise<void> => {
      do {
        entry.again = false;
        await work();
      } while (entry.again);
    };
    entry.done = turn().finally(() => running.delete(key));
    running.set(key, entry);
    return entry.done;
  };
};
