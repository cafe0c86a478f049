/** The tip of an attempt's branch once it holds everything the attempt did. */
import { fail, ok, type Result } from '../../src/errors.ts';
import type { Git } from './git-command.ts';
import { commitOf, exists } from './inspect.ts';
import { identity, isAncestor } from './rescue.ts';
import { isDirty, operationUnderWay } from './safety.ts';

/** @param message under which uncommitted work is committed first; undefined: such work is refused (`CCM_WORKTREE_DIRTY`). */
export const wholeTip = async (
  git: Git,
  root: string,
  { worktree, branch }: { worktree: string; branch: string },
  message: string | undefined,
): Promise<Result<string>> => {
  // First: a commit in a worktree whose branch was deleted by hand would begin it anew, without its history.
  const there = await commitOf(git, root, `refs/heads/${branch}`);
  if (!there.ok) return there;
  if (there.value === null) return fail('CCM_GIT_FAILED', `There is no branch ${branch} any more.`, { next: putBack(worktree, branch) });
  const committed = message === undefined ? ok(undefined) : await commitRest(git, worktree, branch, message);
  if (!committed.ok) return committed;
  const tip = await commitOf(git, root, `refs/heads/${branch}`);
  if (!tip.ok) return tip;
  if (tip.value === null) return fail('CCM_GIT_FAILED', `There is no branch ${branch} any more.`, { next: putBack(worktree, branch) });
  const clean = await everythingCommitted(git, worktree, branch, tip.value);
  return clean.ok ? ok(tip.value) : clean;
};

const putBack = (worktree: string, branch: string): string =>
  `\`git branch ${branch} COMMIT\` puts it back; \`git -C ${worktree} reflog\` lists its commits.`;

/** Agents often leave the commit to others. Only on the attempt's own branch, and never in the middle of something. */
const commitRest = async (git: Git, worktree: string, branch: string, message: string): Promise<Result<void>> => {
  if (!(await exists(worktree))) return ok(undefined);
  const dirty = await isDirty(git, worktree);
  if (!dirty.ok) return dirty;
  const on = await git.run({ args: ['symbolic-ref', '--quiet', 'HEAD'], cwd: worktree });
  if (!dirty.value || on.stdout.trim() !== `refs/heads/${branch}`) return ok(undefined);
  const busy = await operationUnderWay(git, worktree);
  if (!busy.ok || busy.value !== null) return busy.ok ? ok(undefined) : busy;
  const added = await git.text({ args: ['add', '-A'], cwd: worktree, long: true });
  if (!added.ok) return added;
  // The user's own name; ours only where none is set up.
  const named = await git.run({ args: ['var', 'GIT_COMMITTER_IDENT'], cwd: worktree });
  const args = ['commit', '--quiet', '--no-verify', '--no-gpg-sign', '-m', message];
  const done = await git.text({ args, cwd: worktree, long: true, env: named.code === 0 ? {} : identity });
  return done.ok ? ok(undefined) : done;
};

/** Work that is in the files only would be left out, too. */
const everythingCommitted = async (git: Git, worktree: string, branch: string, tip: string): Promise<Result<void>> => {
  if (!(await exists(worktree))) return ok(undefined);
  const dirty = await isDirty(git, worktree);
  if (!dirty.ok) return dirty;
  if (dirty.value) return fail('CCM_WORKTREE_DIRTY', `${worktree} has changes that are not committed.`, { path: worktree });
  const head = await commitOf(git, worktree, 'HEAD');
  return head.ok ? onBranch(git, worktree, branch, head.value, tip) : head;
};

/** Commits of another branch that the agent made would be left out without a word. */
export const onBranch = async (git: Git, worktree: string, branch: string, head: string | null, tip: string): Promise<Result<void>> => {
  const within = await isAncestor(git, worktree, head, tip);
  if (!within.ok) return within;
  return within.value
    ? ok(undefined)
    : fail('CCM_WORKTREE_DIRTY', `${worktree} has commits that are not in ${branch}.`, { path: worktree });
};
