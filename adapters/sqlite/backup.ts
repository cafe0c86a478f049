/** A copy of the running database that is known to be good before it gets its name. */
import { chmodSync, closeSync, openSync, renameSync, rmSync } from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
import { CcmError, fail, ok, problemOf, type Result } from '../../src/errors.ts';
import { translate } from './trouble.ts';

export type BackupReport = { file: string; actors: number; steps: number; bytes: number };

const count = (db: Database, table: 'actors' | 'journal'): number =>
  db.prepare<[], { count: number }>(`select count(*) as count from ${table}`).get()?.count ?? 0;

export const inspect = (file: string): BackupReport => {
  const copy = new Sqlite(file);
  try {
    // A single file that needs no -wal beside it, marked clean so that restoring it is no crash.
    copy.pragma('journal_mode = DELETE');
    const verdict = copy.pragma('integrity_check', { simple: true });
    if (verdict !== 'ok') throw new CcmError('CCM_DB_CORRUPT', `The copy is damaged: ${String(verdict)}`);
    copy.exec(`update kv set value = 'true' where key = 'store.clean'`);
    const bytes = Number(copy.pragma('page_count', { simple: true })) * Number(copy.pragma('page_size', { simple: true }));
    return { file, actors: count(copy, 'actors'), steps: count(copy, 'journal'), bytes };
  } finally {
    copy.close();
  }
};

/** Copies while the daemon goes on working. `target` must not exist; it appears complete or not at all, mode 0600. */
export const backupDatabase = async (db: Database, target: string): Promise<Result<BackupReport>> => {
  const partial = `${target}.partial`;
  try {
    rmSync(partial, { force: true });
    closeSync(openSync(target, 'wx', 0o600));
  } catch (error) {
    return fail('CCM_CONFLICT', `${target} cannot be created: ${problemOf(error).detail}`);
  }
  try {
    closeSync(openSync(partial, 'wx', 0o600));
    await db.backup(partial);
    chmodSync(partial, 0o600);
    const report = inspect(partial);
    renameSync(partial, target);
    return ok({ ...report, file: target });
  } catch (error) {
    rmSync(partial, { force: true });
    rmSync(target, { force: true });
    return { ok: false, problem: problemOf(translate(error, undefined, target)) };
  }
};
