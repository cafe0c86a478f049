/**
 * What this machine does for another in a round (an order, a look at a project) may meet a program or a disk that never answers. The round goes on
 * without it: every later proof joins the round that is under way, so one that hangs would keep the link away for ever.
 */
import type { Clock } from '../ports/system.ts';

const PATIENCE_MS = 10_000;

export const patience = (clock: Pick<Clock, 'after'>) => {
  const underWay = new Set<string>();
  return {
    /** What `work` answers, or null when it has not answered in time: it goes on, and until it ends the same id is answered null at once. */
    within: async <T>(id: string, work: () => Promise<T>): Promise<T | null> => {
      if (underWay.has(id)) return null;
      underWay.add(id);
      const late = Promise.withResolvers<null>();
      const cancel = clock.after(PATIENCE_MS, () => late.resolve(null));
      const done = work().finally(() => {
        cancel();
        underWay.delete(id);
      });
      return Promise.race([done, late.promise]);
    },
  };
};
export type Patience = ReturnType<typeof patience>;
