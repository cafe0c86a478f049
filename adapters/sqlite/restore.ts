/** Puts a backup in the place of the database. It is proven first, on a copy; what stood there before stays beside it. */
import { chmodSync, constants, copyFileSync, existsSync, lstatSync, rmSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { CcmError, fail, ok, problemOf, type Result } from '../../src/errors.ts';
import { type BackupReport, inspect } from './backup.ts';
import { migrations } from './migrations/index.ts';
import { closeDatabase, openDatabase } from './open.ts';
import { swap } from './swap.ts';
import { sqliteCode, translate } from './trouble.ts';

type Places = {
  /** The backup: stays as it is. */
  from: string;
  /** The database of the home, which nobody has open. */
  into: string;
  /** Where the database that stands there now goes; must not exist. */
  aside: string;
  now: number;
};
export type Restored = Omit<BackupReport, 'file'> & { replaced: string | null };

const siblings = ['', '-wal', '-shm'] as const;

/**
 * `CCM_BAD_INPUT` when there is no such file, `CCM_DB_CORRUPT` and `CCM_DB_NEWER` for one that cannot be used. Until the last step nothing of the
 * home is changed. Tokens made for browsers and programs do not come back: one that was revoked since would open the door again.
 */
export const restoreDatabase = ({ from, into, aside, now }: Places): Result<Restored> => {
  const copy = `${into}.restoring`;
  const clear = (): void => {
    for (const end of siblings) rmSync(copy + end, { force: true });
  };
  try {
    if (!lstatSync(from, { throwIfNoEntry: false })?.isFile()) return fail('CCM_BAD_INPUT', `${from} is not a file.`, { field: 'path' });
    if (existsSync(aside)) return fail('CCM_CONFLICT', `${aside} is there already.`);
    clear();
    copyFileSync(from, copy, constants.COPYFILE_EXCL);
    chmodSync(copy, 0o600);
    const report = inspect(copy);
    const opened = openDatabase({ file: copy, now, migrations });
    if (!opened.ok) {
      clear();
      return { ok: false, problem: { ...opened.problem, detail: opened.problem.detail.replaceAll(copy, from) } };
    }
    opened.value.exec(`delete from tokens where kind in ('browser', 'api', 'link')`);
    closeDatabase(opened.value);
    const whole = new Sqlite(copy);
    whole.pragma('journal_mode = DELETE');
    whole.close();
    const before = existsSync(into);
    swap(copy, into, aside);
    return ok({ actors: report.actors, steps: report.steps, bytes: report.bytes, replaced: before ? aside : null });
  } catch (thrown) {
    clear();
    const known = thrown instanceof CcmError ? thrown : translate(thrown, undefined, from);
    // A database all right, of somebody else: our tables are not in it.
    if (sqliteCode(known) !== null) return fail('CCM_DB_CORRUPT', `${from} is no backup of ours: ${problemOf(known).detail}.`);
    const problem = problemOf(known);
    const detail = problem.detail.replaceAll(copy, from).replace(/^The copy\b/, from);
    return { ok: false, problem: { ...problem, detail } };
  }
};
