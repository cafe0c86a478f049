/** Whether a worktree can be removed without losing work. What cannot be told is not safe. */
import { join } from 'node:path';
import { ok, type Result } from '../../src/errors.ts';
import { heldElsewhere } from './branch.ts';
import type { Git } from './git-command.ts';
import { commitOf, exists } from './inspect.ts';
import { withSnapshot } from './snapshot.ts';
import { gitStatus } from './status.ts';

export type Safety = 'safe' | 'dirty' | 'unpushed';

/** Files in git's folder that say: a person or agent is in the middle of something. */
const UNDER_WAY = ['MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'BISECT_LOG', 'rebase-merge', 'rebase-apply', 'sequencer'];

export const operationUnderWay = async (git: Git, worktree: string): Promise<Result<string | null>> => {
  const gitDir = await git.text({ args: ['rev-parse', '--absolute-git-dir'], cwd: worktree });
  if (!gitDir.ok) return gitDir;
  for (const name of UNDER_WAY) if (await exists(join(gitDir.value, name))) return ok(name);
  return ok(null);
};

/** Uncommitted, untracked, staged, or hidden changes; an unfinished merge or rebase. */
export const isDirty = async (git: Git, worktree: string): Promise<Result<boolean>> => {
  const status = await gitStatus(git, worktree);
  if (!status.ok) return status;
  if (status.value.length > 0) return ok(true);
  const underWay = await operationUnderWay(git, worktree);
  if (!underWay.ok) return underWay;
  if (underWay.value !== null) return ok(true);
  // Status believes the flags that hide a change; the snapshot does not.
  return withSnapshot(git, worktree, { keep: false }, async ({ head, tree, missing }) => {
    if (head === null || missing.length > 0) return ok(true);
    const committed = await git.text({ args: ['rev-parse', '--verify', `${head}^{tree}`], cwd: worktree });
    return committed.ok ? ok(committed.value !== tree) : committed;
  });
};

export const assess = async (git: Git, worktree: string, branch: string | null): Promise<Result<Safety>> => {
  const dirty = await isDirty(git, worktree);
  if (!dirty.ok) return dirty;
  if (dirty.value) return ok('dirty');
  const tips: string[] = [];
  for (const name of ['HEAD', ...(branch === null ? [] : [`refs/heads/${branch}`])]) {
    const tip = await commitOf(git, worktree, name);
    if (!tip.ok) return tip;
    if (tip.value !== null) tips.push(tip.value);
  }
  const held = await heldElsewhere(git, worktree, tips, branch);
  if (!held.ok) return held;
  if (!held.value) return ok('unpushed');
  const submodules = await submodulesHeld(git, worktree);
  if (!submodules.ok) return submodules;
  return ok(submodules.value ? 'safe' : 'unpushed');
};

/** Paths of the submodules that the index of `worktree` names. */
export const gitlinks = async (git: Git, worktree: string): Promise<Result<string[]>> => {
  const listed = await git.text({ args: ['ls-files', '--stage', '-z'], cwd: worktree });
  if (!listed.ok) return listed;
  const lines = listed.value.split('\0').filter((line) => line.startsWith('160000 '));
  return ok(lines.map((line) => line.slice(line.indexOf('\t') + 1)));
};

/** A submodule checked out in a worktree has its repository in the worktree's own git folder: it goes with it. */
const submodulesHeld = async (git: Git, worktree: string): Promise<Result<boolean>> => {
  const links = await gitlinks(git, worktree);
  if (!links.ok) return links;
  for (const link of links.value) {
    const folder = join(worktree, link);
    if (!(await exists(join(folder, '.git')))) continue;
    const alone = await git.text({
      args: ['rev-list', '--max-count=1', 'HEAD', '--branches', '--glob=refs/stash', '--not', '--remotes'],
      cwd: folder,
    });
    if (!alone.ok) return alone;
    if (alone.value !== '') return ok(false);
  }
  return ok(true);
};
