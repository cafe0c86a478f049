/** A real store that fails when told to, at the places where a disk does: inside a step, or at COMMIT. */
import { type Store, StoreFailure } from '../../src/ports/store.ts';

export type Failing = { store: Store; failWhere(next: (place: 'step' | 'commit') => boolean): void };

export const failingStore = (inner: Store): Failing => {
  let fails: (place: 'step' | 'commit') => boolean = () => false;
  const full = () => new StoreFailure('CCM_DISK_FULL', 'the disk is full (made up)');
  const journal: Store['journal'] = {
    ...inner.journal,
    add: (row) => {
      inner.journal.add(row);
      if (fails('step')) throw full();
    },
  };
  return {
    store: {
      ...inner,
      journal,
      commit: (work) =>
        inner.commit(() => {
          const value = work();
          if (fails('commit')) throw full();
          return value;
        }),
    },
    failWhere: (next) => {
      fails = next;
    },
  };
};
