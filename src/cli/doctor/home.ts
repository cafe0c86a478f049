/** The home folder: private, with room, and dated in the past. */
import { accessSync, chmodSync, constants, existsSync, lstatSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { duration } from '../age.ts';
import type { Cli } from '../cli.ts';
import { broken, type Check, fine, odd } from './check.ts';

export const homeChecks = (cli: Cli, { fix }: { fix: boolean }): Check[] => {
  const { root } = cli.home;
  if (!existsSync(root)) return [toBeMade(root), disk(nearestFolder(root)), clock(cli)];
  if (!statSync(root).isDirectory()) return [broken('home', `${root} is not a folder.`, 'Move it away, or set CCM_HOME.'), clock(cli)];
  return [modes(cli, fix), disk(root), clock(cli)];
};

const toBeMade = (root: string): Check => {
  const parent = nearestFolder(root);
  try {
    accessSync(parent, constants.W_OK | constants.X_OK);
    return fine('home', `${root} will be made at the first start.`);
  } catch {
    return broken('home', `${root} cannot be made: you may not write in ${parent}.`, 'Correct its owner or mode, or set CCM_HOME.');
  }
};

/** Nobody else may look in: the folder 0700, what holds secrets 0600. */
const modes = (cli: Cli, fix: boolean): Check => {
  const { root, token, run, database, config, daemonLog, lock, secrets } = cli.home;
  const uid = process.getuid?.();
  const open: string[] = [];
  const databases = [database, lock].flatMap((path) => [path, `${path}-wal`, `${path}-shm`]);
  const kept = existsSync(secrets) ? readdirSync(secrets).map((name) => join(secrets, name)) : [];
  for (const path of [root, token, run, config, daemonLog, ...databases, secrets, ...kept]) {
    const facts = lstatSync(path, { throwIfNoEntry: false });
    if (!facts) continue;
    if (uid !== undefined && facts.uid !== uid)
      return broken('home', `${path} belongs to another user (uid ${facts.uid}).`, `Run as that user, or: chown -R ${uid} ${root}`);
    // A link is a person's choice (settings kept elsewhere), and always looks open.
    if (facts.isSymbolicLink() || (facts.mode & 0o077) === 0) continue;
    if (fix) chmodSync(path, facts.isDirectory() ? 0o700 : 0o600);
    open.push(path);
  }
  if (open.length === 0) return fine('home', `${root}, private`);
  if (fix) {
    const told = `Made private again: ${open.join(', ')}`;
    return open.some((path) => path.startsWith(secrets))
      ? odd('home', `${told}.`, 'Others may have read the secrets: `ccm secret rotate`.')
      : fine('home', told);
  }
  return broken('home', `Others may read ${open.join(', ')}.`, '`ccm doctor --fix` makes it private again.');
};

const MIB = 1024 * 1024;

const disk = (path: string): Check => {
  const { bavail, bsize } = statfsSync(path);
  const free = bavail * bsize;
  const text = free > 10 * 1024 * MIB ? `${Math.floor(free / 1024 / MIB)} GiB free` : `${Math.floor(free / MIB)} MiB free`;
  if (free < 100 * MIB) return broken('disk', `${text}: too little to go on.`, 'Free some space; `ccm rm --all` removes ended worktrees.');
  if (free < 2048 * MIB) return odd('disk', `${text}: worktrees need room.`, 'Free some space; `ccm rm --all` removes ended worktrees.');
  return fine('disk', text);
};

const nearestFolder = (path: string): string => (existsSync(path) ? path : nearestFolder(dirname(path)));

/** Timers and tokens live by the clock. One that was set back shows by files from the future. */
const clock = (cli: Cli): Check => {
  const now = cli.now();
  const next = 'Set the clock (timedatectl, or the system settings); schedules and tokens depend on it.';
  if (now < Date.UTC(2026, 0)) return broken('clock', `It says ${new Date(now).toISOString().slice(0, 10)}.`, next);
  const newest = Math.max(
    0,
    ...[cli.home.database, cli.home.run, cli.home.daemonLog].map((path) => lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0),
  );
  if (newest > now + 60_000) return odd('clock', `Files of the home are ${duration(newest - now)} ahead of it.`, next);
  return fine('clock', new Date(now).toISOString().replace(/\.\d+Z$/, 'Z'));
};
