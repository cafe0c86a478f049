/** Removes what the inventory lists: first what needs the daemon, then the daemon, then the files. */
import { existsSync, lstatSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RemovalView, SecretList, Status, Task } from '../../api/contract/index.ts';
import { runProcess } from '../../lib/run-process.ts';
import { pathOf } from '../api.ts';
import type { Cli } from '../cli.ts';
import { readRunFile } from '../daemon-address.ts';
import { runningDaemon, startDetached, waitForEnd } from '../daemon-process.ts';
import { installedService, sure } from '../service.ts';
import { inventory } from './inventory.ts';

export type Removed = { removed: string[]; stays: { path: string; why: string }[] };
const END_MS = 60_000;
const LOOK_MS = 100;

/** `data`: history, settings and secrets too. `discard`: also worktrees with work that is nowhere else. */
export const takeAway = async (cli: Cli, { data, discard }: { data: boolean; discard: boolean }): Promise<Removed> => {
  const result: Removed = { removed: [], stays: [] };
  const service = await installedService(cli);
  if (service) result.removed.push(...sure(await service.service.uninstall()));

  // Only the daemon knows what a worktree holds, how an agent is ended, and what is in the keychain.
  if (existsSync(cli.home.database)) {
    if (!(await runningDaemon(cli))) await startDetached(cli, undefined);
    await cli.api.post('/panic', { body: {} });
    await tasksEnded(cli);
    await removeWorktrees(cli, discard, result);
    if (data) await forgetSecrets(cli, result);
    const socket = (await cli.api.get<Status>('/status')).data.tmux.socket;
    const pid = readRunFile(cli.home)?.pid;
    await cli.api.post('/shutdown', { body: { agents: 'stop' } });
    if (pid !== undefined) await waitForEnd(pid, END_MS);
    if (socket !== null && !socket.startsWith(cli.home.root)) remove(dirname(socket), result);
  }

  const left = await inventory(cli);
  for (const path of left.working) remove(path, result);
  for (const path of left.data) {
    if (data) remove(path, result);
    else result.stays.push({ path, why: 'yours; --data removes it' });
  }
  for (const path of left.foreign) result.stays.push({ path, why: 'not of ours' });
  for (const path of left.worktrees) {
    if (result.stays.some((one) => one.path === path)) continue;
    if (discard && (await removeForgotten(cli, path))) result.removed.push(path);
    else result.stays.push({ path, why: 'belongs to no task that is known; --discard loses it' });
  }
  for (const project of existsSync(cli.home.worktrees) ? readdirSync(cli.home.worktrees) : [])
    removeEmpty(join(cli.home.worktrees, project));
  removeEmpty(cli.home.worktrees);
  removeEmpty(dirname(cli.home.config));
  if (removeEmpty(cli.home.root)) result.removed.push(cli.home.root);
  return result;
};

const remove = (path: string, { removed }: Removed): void => {
  // A link is removed, not what it leads to.
  rmSync(path, { recursive: true, force: true });
  removed.push(path);
};

/** True when it was an empty folder, and is gone. */
const removeEmpty = (folder: string): boolean => {
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() || readdirSync(folder).length > 0) return false;
  rmdirSync(folder);
  return true;
};

/** Their agents are gone, their last steps are still being written: a worktree of an open task is not removed. */
const tasksEnded = async (cli: Cli): Promise<void> => {
  const until = cli.now() + END_MS;
  while ((await cli.api.get<Task[]>('/tasks', { here: true, limit: 1 })).data.length > 0 && cli.now() < until) await pause(LOOK_MS);
};

const removeWorktrees = async (cli: Cli, discard: boolean, result: Removed): Promise<void> => {
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page = await cli.api.get<Task[]>('/tasks', { all: true, here: true, limit: 500, cursor });
    for (const { id, title, worktree } of page.data) {
      if (worktree === null || !existsSync(worktree)) continue;
      const { data } = await cli.api.delete<RemovalView>(pathOf('tasks', id), { query: { discard } });
      if (data.removed) result.removed.push(worktree);
      else result.stays.push({ path: worktree, why: `work of "${title}" that is nowhere else; --discard loses it` });
    }
    cursor = page.meta.next ?? undefined;
  }
};

/** A worktree that no task knows (an older history was restored): git itself takes it away; its branch stays. */
const removeForgotten = async ({ env }: Cli, path: string): Promise<boolean> => {
  const argv = ['git', '-C', path, 'worktree', 'remove', '--force', path] as const;
  return (await runProcess({ argv: [...argv], cwd: '/', env, timeoutMs: 60_000 })).code === 0;
};

const forgetSecrets = async (cli: Cli, result: Removed): Promise<void> => {
  const { data } = await cli.api.get<SecretList>('/secrets');
  if (data.place !== 'keychain') return;
  for (const { name, missing } of data.secrets) {
    if (missing) continue;
    await cli.api.delete(pathOf('secrets', name));
    result.removed.push(`${name} in the keychain`);
  }
};
