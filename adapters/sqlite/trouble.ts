/** SQLite's result codes in our words. A code that ends the transaction becomes a StoreFailure; the rest is passed on as it is. */
import Sqlite, { type Database } from 'better-sqlite3';
import type { ErrorCode } from '../../src/errors.ts';
import { StoreFailure } from '../../src/ports/store.ts';

const meanings: ReadonlyArray<readonly [prefix: string, code: ErrorCode]> = [
  ['SQLITE_FULL', 'CCM_DISK_FULL'],
  ['SQLITE_CORRUPT', 'CCM_DB_CORRUPT'],
  ['SQLITE_NOTADB', 'CCM_DB_CORRUPT'],
  ['SQLITE_READONLY', 'CCM_DB_READONLY'],
  ['SQLITE_PERM', 'CCM_DB_READONLY'],
  ['SQLITE_AUTH', 'CCM_DB_READONLY'],
  ['SQLITE_CANTOPEN', 'CCM_DB_READONLY'],
  ['SQLITE_IOERR', 'CCM_INTERNAL'],
  ['SQLITE_BUSY', 'CCM_DB_BUSY'],
  ['SQLITE_NOMEM', 'CCM_INTERNAL'],
  ['SQLITE_PROTOCOL', 'CCM_INTERNAL'],
];

export const sqliteCode = (error: unknown): string | null => (error instanceof Sqlite.SqliteError ? error.code : null);

/** `db` tells whether SQLite has ended the transaction by itself, which a few more codes do. */
export const translate = (error: unknown, db?: Database, file?: string): unknown => {
  const code = sqliteCode(error);
  if (code === null || !(error instanceof Error)) return error;
  const found = meanings.find(([prefix]) => code.startsWith(prefix));
  // A full disk can also show as an I/O error while the shared memory file grows.
  if (found) return new StoreFailure(found[1], `${file ?? db?.name ?? 'database'}: ${error.message} (${code})`, error);
  return error;
};
