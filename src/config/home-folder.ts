/** Makes the home and keeps it private: folders 0700, files 0600. Runs once, before anything else, and may block. */
import { accessSync, chmodSync, closeSync, constants, fchmodSync, fstatSync, lstatSync, mkdirSync, openSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { ensureError, fail, ok, type Result } from '../errors.ts';
import { O_PATH } from '../lib/held-folder.ts';
import type { Home } from './home.ts';

/** `repaired` names what others could read or write and now cannot: one sentence each, for the log and `ccm doctor`. */
export const prepareHome = (home: Home): Result<{ repaired: string[] }> => {
  const repaired: string[] = [];
  const { root, tmux, worktrees, logs, spool, screens, bin, backups, secrets } = home;
  const folders = [root, dirname(home.config), tmux, worktrees, logs, spool, screens, bin, backups, secrets];
  for (const folder of new Set(folders)) {
    const problem = attempt(folder, () => privateFolder(folder, repaired));
    if (problem) return problem;
  }
  const database = [home.database, home.lock].flatMap((path) => [path, `${path}-wal`, `${path}-shm`]);
  for (const file of [home.config, home.token, home.run, home.daemonLog, ...database]) {
    const problem = attempt(file, () => privateFile(file, repaired));
    if (problem) return problem;
  }
  return ok({ repaired });
};

const attempt = (path: string, act: () => string | null) => {
  try {
    const trouble = act();
    return trouble === null ? null : fail('CCM_HOME_UNUSABLE', trouble, { path });
  } catch (thrown) {
    return fail('CCM_HOME_UNUSABLE', `${path} cannot be used: ${ensureError(thrown).message}.`, { path });
  }
};

const statsOf = (path: string): Stats | undefined => lstatSync(path, { throwIfNoEntry: false });

/** Root may own what it likes; anybody else must own their home, or its owner could read every token in it. */
const foreign = (stats: Stats): boolean => {
  const me = process.geteuid?.();
  return me !== undefined && me !== 0 && stats.uid !== me;
};

/**
 * Level by level: Node's own way of making all of them never returns where a folder exists in which nothing can be made and the system says
 * that it does not exist (/proc, places of an automounter).
 */
const makeFolder = (folder: string): void => {
  if (statsOf(folder)) return;
  const above = dirname(folder);
  if (above !== folder) makeFolder(above);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (thrown) {
    // Somebody else was quicker: what it is, is looked at next.
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
  }
};

const privateFolder = (folder: string, repaired: string[]): string | null => {
  makeFolder(folder);
  // A link to a folder is a person's choice (another disk): look at what it points to.
  const link = statsOf(folder)?.isSymbolicLink() === true;
  const stats = statsOf(link ? `${folder}/.` : folder);
  if (!stats?.isDirectory()) return `${folder} is not a folder.`;
  if (foreign(stats)) return `${folder} belongs to another user.`;
  if ((stats.mode & 0o077) !== 0 || (stats.mode & 0o700) !== 0o700) {
    changeMode(folder, 0o700, stats, constants.O_DIRECTORY);
    repaired.push(`${folder} was open to others (mode ${octal(stats)}); it is 0700 now.`);
  }
  accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  return null;
};

const privateFile = (file: string, repaired: string[]): string | null => {
  const stats = statsOf(file);
  if (!stats) return null;
  // config.toml may be a link into a person's own collection of settings: not ours to change.
  if (stats.isSymbolicLink()) return null;
  if (!stats.isFile()) return `${file} is not a file.`;
  if (foreign(stats)) return `${file} belongs to another user.`;
  if ((stats.mode & 0o077) !== 0) {
    changeMode(file, 0o600, stats, constants.O_NOFOLLOW);
    repaired.push(`${file} was open to others (mode ${octal(stats)}); it is 0600 now.`);
  }
  return null;
};

/** Of the very thing that was looked at: a name could lead elsewhere by now. */
const changeMode = (path: string, mode: number, seen: Stats, flags: number): void => {
  const place = process.platform === 'linux' ? O_PATH : 0;
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | flags | place);
  try {
    const { dev, ino } = fstatSync(descriptor);
    if (dev !== seen.dev || ino !== seen.ino) throw new Error('it was exchanged while we looked');
    if (place === 0) fchmodSync(descriptor, mode);
    else chmodSync(`/proc/self/fd/${descriptor}`, mode);
  } finally {
    closeSync(descriptor);
  }
};

const octal = (stats: Stats): string => `0${(stats.mode & 0o777).toString(8)}`;
