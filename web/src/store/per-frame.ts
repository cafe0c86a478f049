/** What arrives faster than it can be seen is gathered, and handed over once for each picture the browser draws. */

/** Milliseconds at most: a page that nobody looks at draws no pictures, and still has to tell that somebody waits. */
const latest = 200;

const nextFrame = (work: () => void): void => {
  let done = false;
  const once = (): void => {
    if (done) return;
    done = true;
    clearTimeout(timer);
    work();
  };
  const timer = setTimeout(once, latest);
  requestAnimationFrame(once);
};

/** Returns what takes one more thing. `next` runs its argument once, later. */
export const perFrame = <T>(use: (things: T[]) => void, next: (work: () => void) => void = nextFrame): ((thing: T) => void) => {
  let waiting: T[] = [];
  return (thing) => {
    waiting.push(thing);
    if (waiting.length > 1) return;
    next(() => {
      const things = waiting;
      waiting = [];
      use(things);
    });
  };
};
