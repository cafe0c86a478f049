/** Played by an unprivileged user: as root no mode refuses anything. */
import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { openStore } from '../../../adapters/sqlite/index.ts';
import { lockHome } from '../../../adapters/system/index.ts';

// The native part is loaded at first use, which must happen before the rights are dropped.
new Sqlite(':memory:').close();

const opening = (file: string) => {
  const opened = openStore({ file, now: 1 });
  if (opened.ok) opened.value.close();
  return opened.ok ? 'opened' : opened.problem.code;
};

export const readOnlyPlaces = (folder: string) => {
  const home = join(folder, 'home');
  const file = join(home, 'ccm.db');
  mkdirSync(home, { mode: 0o700 });
  const said: Record<string, string> = { whole: opening(file) };
  chmodSync(file, 0o400);
  said['read-only file'] = opening(file);
  chmodSync(file, 0o000);
  said['closed file'] = opening(file);
  chmodSync(file, 0o600);
  chmodSync(home, 0o500);
  said['read-only folder'] = opening(file);
  said['new file in a read-only folder'] = opening(join(home, 'new.db'));
  const lock = lockHome(home);
  said['lock in a read-only folder'] = lock.ok ? 'locked' : lock.problem.code;
  chmodSync(home, 0o700);
  said['afterwards'] = opening(file);
  return { said, left: readdirSync(home) };
};
