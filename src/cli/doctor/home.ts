/** The home folder: private, with room, and dated in the past. */
import { chmodSync, existsSync, lstatSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { duration } from '../age.ts';
import type { Cli } from '../cli.ts';
import { broken, type Check, fine, odd } from './check.ts';

export const homeChecks = (cli: Cli, { fix }: { fix: boolean }): Check[] => {
  const { root } = cli.home;
  if (!existsSync(root)) return [fine('home', `${root} will be made at the first start.`), disk(nearestFolder(root)), clock(cli)];
  return [modes(cli, fix), disk(root), clock(cli)];
};

/** Nobody else may look in: the folder 0700, what holds secrets 0600. */
const modes = (cli: Cli, fix: boolean): Check => {
  const { root, token, run, database, config } = cli.home;
  const uid = process.getuid?.();
  const open: string[] = [];
  for (const path of [root, token, run, database, config]) {
    const facts = lstatSync(path, { throwIfNoEntry: false });
    if (!facts) continue;
    if (uid !== undefined && facts.uid !== uid)
      return broken('home', `${path} belongs to another user (uid ${facts.uid}).`, `Run as that user, or: chown -R ${uid} ${root}`);
    if ((facts.mode & 0o077) === 0) continue;
    if (fix) chmodSync(path, facts.isDirectory() ? 0o700 : 0o600);
    open.push(path);
  }
  if (open.length === 0) return fine('home', `${root}, private`);
  if (fix) return fine('home', `Made private again: ${open.join(', ')}`);
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
