/** Takes a worktree away, or parks it: nothing of the user's is destroyed silently. */
import { lstat, realpath } from 'node:fs/promises';
import { fail, ok, type Result } from '../../src/errors.ts';
import type { Removal, Workspace } from '../../src/ports/workspaces.ts';
import { deleteBranch, heldElsewhere } from './branch.ts';
import { deleteStubbornFolder } from './delete-folder.ts';
import type { Git } from './git-command.ts';
import { isInside } from './inside.ts';
import { commitOf, type Place } from './inspect.ts';
import { gitDirOf, readMarker } from './marker.ts';
import { rescue } from './rescue.ts';
import { assess, gitlinks } from './safety.ts';
import { listWorktrees } from './worktree-list.ts';

export const remove = async (git: Git, facts: Place, workspace: Workspace, discard: boolean): Promise<Result<Removal>> => {
  const { worktree } = workspace;
  const root = facts.root;
  if (worktree === null || root === null) return ok({ removed: true, rescueRef: null, notes: [] });
  const place = await whatIsThere(git, root, worktree);
  if (!place.ok) return place;
  if (place.value === 'unknown')
    return ok({ removed: false, reason: 'unknown', rescueRef: null, notes: [`${worktree} is not known to be ours.`] });
  if (place.value !== 'ours') {
    if (place.value === 'entry') {
      const forgotten = await git.text({ args: ['worktree', 'remove', '--', worktree], cwd: root });
      if (!forgotten.ok) return forgotten;
    }
    return finishBranch(git, root, workspace, null);
  }

  const safety = await assess(git, worktree, workspace.branch);
  const state = safety.ok ? safety.value : 'unknown';
  if (state === 'safe') {
    const gone = await takeAway(git, root, worktree, false);
    return gone.ok ? finishBranch(git, root, workspace, null) : gone;
  }
  const kept = await rescue(git, workspace);
  const missing = kept.ok ? (kept.value?.missing ?? []) : [];
  const notes = missing.length > 0 ? [`Not in the rescue ref: ${missing.join(', ')}.`] : [];
  if (!discard) {
    if (!kept.ok) notes.push(`No rescue ref could be written: ${kept.problem.detail}`);
    if (!safety.ok) notes.push(`Its state cannot be told: ${safety.problem.detail}`);
    const rescueRef = kept.ok ? (kept.value?.ref ?? null) : null;
    return ok({ removed: false, reason: state, rescueRef, notes });
  }
  // Even a person's "discard" deletes nothing that could not be written down first.
  if (!kept.ok) return kept;
  const gone = await takeAway(git, root, worktree, true);
  if (!gone.ok) return gone;
  const done = await finishBranch(git, root, workspace, kept.value?.ref ?? null);
  return done.ok ? ok({ ...done.value, notes: [...notes, ...done.value.notes] }) : done;
};

/** `ours`: a worktree `prepare` made; `entry`: git knows it, the folder is gone; `nothing`: removed before; `unknown`: hands off. */
const whatIsThere = async (git: Git, root: string, worktree: string): Promise<Result<'ours' | 'entry' | 'nothing' | 'unknown'>> => {
  if (isInside(root, worktree)) return fail('CCM_PATH_UNUSABLE', `${worktree} is the project itself, or holds it.`, { path: worktree });
  const list = await listWorktrees(git, root);
  if (!list.ok) return list;
  const index = list.value.findIndex((entry) => entry.path === worktree);
  const folder = await lstat(worktree).catch(() => null); // Gone.
  if (folder === null) return ok(index > 0 ? 'entry' : 'nothing');
  if (folder.isSymbolicLink() || (await realpath(worktree)) !== worktree) {
    return fail('CCM_PATH_UNUSABLE', `${worktree} is reached through a symbolic link and was left alone.`, { path: worktree });
  }
  // The first entry is the repository's main worktree.
  if (index <= 0) return ok('unknown');
  const gitDir = await gitDirOf(git, worktree);
  if (!gitDir.ok) return gitDir;
  const marker = gitDir.value === null ? null : await readMarker(gitDir.value);
  return ok(marker?.worktree === worktree ? 'ours' : 'unknown');
};

/** git looks once more itself, unless `force`: an agent may have written since. With submodules it wants to be forced. */
const takeAway = async (git: Git, root: string, worktree: string, force: boolean): Promise<Result<void>> => {
  const links = await gitlinks(git, worktree);
  const forced = force || (links.ok && links.value.length > 0);
  const call = { args: ['worktree', 'remove', ...(forced ? ['--force'] : []), '--', worktree], cwd: root, long: true };
  const said = await git.run(call);
  if (said.code === 0) return ok(undefined);
  // It passed git's own check and is half gone already: read-only folders (module caches) stop git, not their owner.
  if (!/failed to delete/.test(said.stderr)) return git.problem(call, said);
  const deleted = await deleteStubbornFolder(worktree);
  if (!deleted.ok) return deleted;
  const forgotten = await git.text({ args: ['worktree', 'remove', '--force', '--', worktree], cwd: root });
  return forgotten.ok || (await listedNoMore(git, root, worktree)) ? ok(undefined) : forgotten;
};

const listedNoMore = async (git: Git, root: string, worktree: string): Promise<boolean> => {
  const list = await listWorktrees(git, root);
  return list.ok && list.value.every((entry) => entry.path !== worktree);
};

/** The branch goes when its commits are held elsewhere, or by `rescueRef`. */
const finishBranch = async (git: Git, root: string, workspace: Workspace, rescueRef: string | null): Promise<Result<Removal>> => {
  const done = (notes: string[]): Result<Removal> => ok({ removed: true, rescueRef, notes });
  const { branch } = workspace;
  if (branch === null) return done([]);
  const tip = await commitOf(git, root, `refs/heads/${branch}`);
  if (!tip.ok) return tip;
  if (tip.value === null) return done([]);
  const held = rescueRef === null ? await heldElsewhere(git, root, [tip.value], branch) : await heldBy(git, root, tip.value, rescueRef);
  if (!held.ok) return held;
  if (!held.value) return done([`The branch ${branch} was kept: its commits are nowhere else.`]);
  const kept = await deleteBranch(git, root, branch, tip.value);
  return kept.ok ? done(kept.value === null ? [] : [kept.value]) : kept;
};

const heldBy = async (git: Git, root: string, tip: string, ref: string): Promise<Result<boolean>> => {
  const alone = await git.text({ args: ['rev-list', '--max-count=1', tip, '--not', ref], cwd: root });
  return alone.ok ? ok(alone.value === '') : alone;
};
