/** Long work a piece at a time: in between, everybody else gets a turn of the event loop. */
export const breathe = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

const SLICE = 100;

/** `work` for each, in order. */
export const inSlices = async <A, B>(all: readonly A[], work: (one: A) => B): Promise<B[]> => {
  const done: B[] = [];
  for (const [index, one] of all.entries()) {
    done.push(work(one));
    if (index % SLICE === SLICE - 1) await breathe();
  }
  return done;
};
