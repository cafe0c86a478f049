/**
 * One daemon per home: an exclusive SQLite lock on a file of its own. The kernel drops it with the process, however that ended,
 * so there is no stale lock to judge and no pid to mistake for another program's.
 */
import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { fail, ok, problemOf, type Result } from '../../src/errors.ts';

export type Lock = { release(): void };

/** Takes the lock of a home folder. On trouble: CCM_HOME_LOCKED, or CCM_HOME_UNUSABLE when the folder cannot be written. */
export const lockHome = (home: string): Result<Lock> => {
  const file = join(home, 'lock.db');
  try {
    if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
    const db = new Sqlite(file, { timeout: 0 });
    try {
      db.pragma('journal_mode = MEMORY');
      db.exec('begin exclusive');
    } catch (error) {
      db.close();
      if (error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
        return fail('CCM_HOME_LOCKED', `Another daemon runs on ${home}`, { home });
      }
      throw error;
    }
    return ok({ release: () => db.close() });
  } catch (error) {
    return fail('CCM_HOME_UNUSABLE', `${file}: ${problemOf(error).detail}`);
  }
};
