/** What a merge would meet, found without one: objects made for it go to a folder that is gone afterwards. */
import { fail, ok, type Result } from '../../src/errors.ts';
import type { MergeOutlook, Workspace } from '../../src/ports/workspaces.ts';
import { worktreeOf } from './diff.ts';
import type { Git } from './git-command.ts';
import { commitOf, exists, type Place } from './inspect.ts';
import { type MergeTrees, receiver } from './merge.ts';
import { identity, isAncestor } from './rescue.ts';
import { withSnapshot } from './snapshot.ts';
import { gitStatus } from './status.ts';
import { onBranch } from './tip.ts';

/** `env`: where the objects of `theirs` are. */
type Sides = { root: string; ours: string; into: string; theirs: string; uncommitted: boolean; env: Record<string, string> };

export const mergeOutlook = async (git: Git, facts: Place, workspace: Workspace, mergeTrees: MergeTrees): Promise<Result<MergeOutlook>> => {
  const source = worktreeOf(workspace);
  if (!source.ok) return source;
  const { branch, worktree } = source.value;
  const here = await receiver(git, facts);
  if (!here.ok) return here;
  const tip = await commitOf(git, here.value.root, `refs/heads/${branch}`);
  if (!tip.ok) return tip;
  const theirs = tip.value;
  if (theirs === null) return fail('CCM_GIT_FAILED', `There is no branch ${branch} any more.`);
  if (!(await exists(worktree))) return meet(git, { ...here.value, theirs, uncommitted: false, env: {} }, mergeTrees);

  return withSnapshot(git, worktree, { keep: false }, async ({ head, tree, env: { GIT_INDEX_FILE: _index, ...env } }) => {
    const held = await onBranch(git, worktree, branch, head, theirs);
    if (!held.ok) return held;
    const committed = await git.text({ args: ['rev-parse', '--verify', `${theirs}^{tree}`], cwd: worktree });
    if (!committed.ok) return committed;
    if (committed.value === tree) return meet(git, { ...here.value, theirs, uncommitted: false, env }, mergeTrees);
    const args = ['commit-tree', '--no-gpg-sign', '-p', theirs, '-m', 'What is not committed yet', tree];
    const whole = await git.text({ args, cwd: worktree, env: { ...env, ...identity } });
    return whole.ok ? meet(git, { ...here.value, theirs: whole.value, uncommitted: true, env }, mergeTrees) : whole;
  });
};

const meet = async (git: Git, sides: Sides, mergeTrees: MergeTrees): Promise<Result<MergeOutlook>> => {
  const { root, ours, theirs, into, uncommitted, env } = sides;
  const outlook: MergeOutlook = { into, uncommitted, how: 'commit', conflicts: [], inTheWay: [] };
  if (!uncommitted) {
    const contained = await isAncestor(git, root, theirs, ours);
    if (!contained.ok) return contained;
    if (contained.value) return ok({ ...outlook, how: 'nothing' });
  }
  const base = await git.run({ args: ['merge-base', '--is-ancestor', ours, theirs], cwd: root, env });
  const merged = base.code === 0 ? ok({ tree: theirs }) : await mergeTrees(git, root, ours, theirs, env);
  if (!merged.ok) return merged;
  if ('conflicts' in merged.value) return ok({ ...outlook, conflicts: merged.value.conflicts });
  const inTheWay = await openFiles(git, root, ours, merged.value.tree, env);
  return inTheWay.ok ? ok({ ...outlook, how: base.code === 0 ? 'forward' : 'commit', inTheWay: inTheWay.value }) : inTheWay;
};

/** Files of the user's checkout that are not committed and would change: git refuses to touch them. */
const openFiles = async (git: Git, root: string, ours: string, tree: string, env: Record<string, string>): Promise<Result<string[]>> => {
  const open = await gitStatus(git, root);
  if (!open.ok || open.value.length === 0) return open.ok ? ok([]) : open;
  const changed = await git.text({ args: ['diff-tree', '-r', '--name-only', '-z', '--no-renames', ours, tree], cwd: root, env });
  if (!changed.ok) return changed;
  const files = changed.value.split('\0').filter((name) => name !== '');
  // Untracked folders are told as one.
  return ok(files.filter((file) => open.value.some(({ path }) => path === file || (path.endsWith('/') && file.startsWith(path)))));
};
