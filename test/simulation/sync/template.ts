/** Where the files of the played machines lie, and an empty database with all tables to copy: made once per process. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../../adapters/sqlite/index.ts';
import { expectOk } from '../../support/temp-store.ts';

/** In memory where there is such a place: only processes die here, not the power. */
export const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

let made: string | null = null;
export const template = (): string => {
  if (made !== null) return made;
  const folder = mkdtempSync(join(place, 'ccm-sync-empty-'));
  made = join(folder, 'ccm.db');
  const store = expectOk(openStore({ file: made, now: 0 }));
  store.close();
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return made;
};
