/** Wires `ccm restore`: the one thing that is done to the database while no daemon has it. */
import { restoreDatabase } from '../adapters/sqlite/restore.ts';
import { lockHome, systemClock } from '../adapters/system/index.ts';
import type { Home } from './config/home.ts';
import { prepareHome } from './config/home-folder.ts';
import type { Result } from './errors.ts';

/** `CCM_HOME_LOCKED` while a daemon runs; else as `restoreDatabase`. `from`: absolute. What stood there goes into the home's backups. */
export const restoreHome = (
  home: Home,
  from: string,
): Result<{ actors: number; steps: number; bytes: number; replaced: string | null }> => {
  const prepared = prepareHome(home);
  if (!prepared.ok) return prepared;
  const lock = lockHome(home.root);
  if (!lock.ok) return lock;
  try {
    const now = systemClock().now();
    const stamp = new Date(now).toISOString().replaceAll(/[:.]/g, '-');
    return restoreDatabase({ from, into: home.database, aside: `${home.backups}/replaced-${stamp}.db`, now });
  } finally {
    lock.value.release();
  }
};
