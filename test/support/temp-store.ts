/** A real SQLite store in a folder of its own, removed after the test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type SqliteStore } from '../../adapters/sqlite/index.ts';
import type { Result } from '../../src/errors.ts';

export const expectOk = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`${result.problem.code}: ${result.problem.detail}`);
  return result.value;
};

export type TempStore = { folder: string; file: string; open(): SqliteStore; remove(): void };

export const tempStore = (): TempStore => {
  const folder = mkdtempSync(join(tmpdir(), 'ccm-store-'));
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
