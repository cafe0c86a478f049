/** A real SQLite store in a folder of its own, removed after the test. */
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type SqliteStore } from '../../adapters/sqlite/index.ts';
import type { Result } from '../../src/errors.ts';

export const expectOk = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`${result.problem.code}: ${result.problem.detail}`);
  return result.value;
};

export type TempStore = { folder: string; file: string; open(): SqliteStore; remove(): void };

/** For what does not ask about the disk: in memory where the system has a place for it, else where all temporary files are. */
export const memoryFolder = (): string => {
  try {
    accessSync('/dev/shm', constants.W_OK | constants.X_OK);
    return '/dev/shm';
  } catch {
    // No Linux, or a sandbox without it.
    return tmpdir();
  }
};

export const tempStore = (base = tmpdir()): TempStore => {
  const folder = mkdtempSync(join(base, 'ccm-store-'));
  const file = join(folder, 'ccm.db');
  const opened: SqliteStore[] = [];
  return {
    folder,
    file,
    open: () => {
      const store = expectOk(openStore({ file, now: 0 }));
      opened.push(store);
      return store;
    },
    remove: () => {
      for (const store of opened) store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
