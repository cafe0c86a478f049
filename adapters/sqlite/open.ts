/** Opens the one database file: who may read it, is it ours, is it whole, is it of our time. Nothing is changed when the answer is no. */
import { accessSync, chmodSync, closeSync, constants, existsSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { CcmError, fail, ok, problemOf, type Result } from '../../src/errors.ts';
import { migrate, unknownMigrations } from './migrate.ts';
import type { Migration } from './migrations/index.ts';
import { endSwap } from './swap.ts';
import { sqliteCode, translate } from './trouble.ts';

/** Marks the file as ours ("CCM1"). */
const APPLICATION = 0x43434d31;

export type OpenOptions = {
  /** Absolute path; its folder must exist. Never ':memory:' in the product. */
  file: string;
  /** Milliseconds since 1970, for the migrations table. */
  now: number;
  migrations: readonly Migration[];
  /** Milliseconds that opening waits for another process that holds the file (a backup tool, a shell). Default 5000. */
  busyMs?: number;
};

/** Milliseconds that a write of ours waits for another process: nothing else happens in ours meanwhile. Who can, tries again later. */
const BUSY_MS = 50;

const bornPrivate = (file: string) => {
  // The -wal and -shm files take their mode from this one, so it must be right before SQLite sees it.
  if (!existsSync(file)) closeSync(openSync(file, 'wx', 0o600));
  const mode = statSync(file).mode & 0o777;
  // Others lose their rights; its owner gains none: a file made read-only stays so.
  if ((mode & 0o077) !== 0) chmodSync(file, mode & 0o700);
  // SQLite would open it for reading, and leave a -wal and a -shm there that are read-only for ever.
  for (const path of [file, dirname(file)]) accessSync(path, constants.R_OK | constants.W_OK);
};

const scalar = (db: Database, pragma: string): number => Number(db.pragma(pragma, { simple: true }));

/** At most five sentences of SQLite's own quick check; none: every page hangs together. */
export const damageOf = (db: Database): string[] => {
  const verdict = db.pragma('quick_check(5)') as Array<{ quick_check: string }>;
  return verdict.map((row) => row.quick_check).filter((line) => line !== 'ok');
};

const check = (db: Database, file: string, known: readonly Migration[]) => {
  const tables = db.prepare<[], { name: string }>(`select name from sqlite_master where type = 'table'`).all();
  if (tables.length === 0) return;
  if (scalar(db, 'application_id') !== APPLICATION) throw new CcmError('CCM_DB_CORRUPT', `${file} is a database of another program`);
  const unknown = unknownMigrations(db, known);
  if (unknown.length > 0) {
    throw new CcmError('CCM_DB_NEWER', `${file} has changes this version does not know: ${unknown.join(', ')}`, { unknown });
  }
  const clean = db.prepare<[], { value: string }>(`select value from kv where key = 'store.clean'`).get();
  if (clean?.value === 'true') return;
  const complaints = damageOf(db);
  if (complaints.length > 0) throw new CcmError('CCM_DB_CORRUPT', `${file}: ${complaints.join('; ')}`);
};

export const openDatabase = ({ file, now, migrations, busyMs = 5000 }: OpenOptions): Result<Database> => {
  let db: Database | undefined;
  try {
    endSwap(file);
    bornPrivate(file);
    db = new Sqlite(file, { timeout: busyMs });
    check(db, file, migrations);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    // A savepoint copies the pages it changes: to memory, not to a file. Fewer, larger checkpoints: hot pages are copied back once.
    db.pragma('temp_store = MEMORY');
    db.pragma('cache_size = -16000');
    db.pragma('wal_autocheckpoint = 4000');
    db.pragma('journal_size_limit = 67108864');
    db.pragma(`application_id = ${APPLICATION}`);
    migrate(db, migrations, now);
    db.prepare(`insert into kv (key, value) values ('store.clean', 'false') on conflict (key) do update set value = 'false'`).run();
    db.pragma(`busy_timeout = ${BUSY_MS}`);
    return ok(db);
  } catch (thrown) {
    db?.close();
    const refused = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
    if (['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR'].includes(refused)) {
      return fail('CCM_DB_READONLY', `${file}: ${problemOf(thrown).detail}`);
    }
    if (refused === 'ENOSPC') return fail('CCM_DISK_FULL', `${file}: no space left`);
    return { ok: false, problem: problemOf(translate(thrown, db, file)) };
  }
};

/** Leaves the mark that spares the next start its check; without it, where somebody else holds the file. */
export const closeDatabase = (db: Database) => {
  if (!db.open) return;
  try {
    db.prepare(`update kv set value = 'true' where key = 'store.clean'`).run();
  } catch (thrown) {
    if (!sqliteCode(thrown)?.startsWith('SQLITE_BUSY')) throw thrown;
  } finally {
    db.close();
  }
};
