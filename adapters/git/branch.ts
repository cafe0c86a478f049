/** Names, finds and takes away branches of attempts. */
import { fail, ok, type Result } from '../../src/errors.ts';
import type { Git } from './git-command.ts';
import { commitOf } from './inspect.ts';
import { listWorktrees } from './worktree-list.ts';

export type BranchChoice = { name: string /** It is there already, at the wanted commit. */; exists: boolean };

const MOST_TRIES = 100;

/** The wanted name, or the first free one of `name-2`, `name-3` …. One left by a crash (same commit, in no worktree) is taken again. */
export const chooseBranch = async (git: Git, root: string, wanted: string, commit: string): Promise<Result<BranchChoice>> => {
  const legal = await git.run({ args: ['check-ref-format', `refs/heads/${wanted}`], cwd: root });
  if (legal.code !== 0 || wanted.startsWith('-')) return fail('CCM_BAD_INPUT', `"${wanted}" cannot be the name of a branch.`);
  const worktrees = await listWorktrees(git, root);
  if (!worktrees.ok) return worktrees;
  const inUse = new Set(worktrees.value.map((entry) => entry.branch));
  for (let number = 1; number < MOST_TRIES; number += 1) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    const tip = await commitOf(git, root, `refs/heads/${name}`);
    if (!tip.ok) return tip;
    if (tip.value === null) return ok({ name, exists: false });
    if (tip.value === commit && !inUse.has(`refs/heads/${name}`)) return ok({ name, exists: true });
  }
  return fail('CCM_CONFLICT', `There are ${MOST_TRIES} branches called ${wanted} already.`);
};

/** Deletes a branch that is still at `tip` and in no worktree. Answers why it was kept, null when it is gone. */
export const deleteBranch = async (git: Git, root: string, name: string, tip: string): Promise<Result<string | null>> => {
  const worktrees = await listWorktrees(git, root);
  if (!worktrees.ok) return worktrees;
  const user = worktrees.value.find((entry) => entry.branch === `refs/heads/${name}`);
  if (user) return ok(`The branch ${name} was kept: ${user.path} uses it.`);
  const gone = await git.text({ args: ['update-ref', '--no-deref', '-d', `refs/heads/${name}`, tip], cwd: root });
  if (!gone.ok) return ok(`The branch ${name} was kept: ${gone.problem.detail}`);
  // What `git push -u` wrote about it. Exit 128: nothing was written.
  await git.run({ args: ['config', '--local', '--remove-section', `branch.${name}`], cwd: root });
  return ok(null);
};

/** Whether every commit of `tips` is also in another branch, a remote branch or a tag. `branch` itself does not count. */
export const heldElsewhere = async (git: Git, root: string, tips: string[], branch: string | null): Promise<Result<boolean>> => {
  if (tips.length === 0) return ok(true);
  const others = branch === null ? ['--branches'] : [`--exclude=${branch}`, '--branches'];
  const alone = await git.text({ args: ['rev-list', '--max-count=1', ...tips, '--not', ...others, '--remotes', '--tags'], cwd: root });
  return alone.ok ? ok(alone.value === '') : alone;
};
