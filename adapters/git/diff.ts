/** What changed in a worktree since its base: committed, uncommitted and untracked together. */
import { fail, ok, type Result } from '../../src/errors.ts';
import type { DiffStat, Workspace } from '../../src/ports/workspaces.ts';
import type { Git } from './git-command.ts';
import { withSnapshot } from './snapshot.ts';

/** Trees are compared by plumbing: no user setting, no external diff, no text conversion changes the answer. */
const PLAIN = ['-r', '-M', '--no-ext-diff', '--no-textconv', '--no-color'];

export const diffStat = async (git: Git, workspace: Workspace): Promise<Result<DiffStat | null>> => {
  const { worktree, base } = workspace;
  if (worktree === null || base === null) return ok(null);
  return withSnapshot(git, worktree, { keep: false }, async ({ tree, env }) => {
    const said = await git.text({ args: ['diff-tree', ...PLAIN, '--shortstat', base, tree], cwd: worktree, env });
    return said.ok ? ok(parseShortStat(said.value)) : said;
  });
};

/** ` 3 files changed, 5 insertions(+), 2 deletions(-)`; nothing at all when nothing changed. */
export const parseShortStat = (text: string): DiffStat => {
  const number = (word: string): number => Number(new RegExp(`(\\d+) ${word}`).exec(text)?.[1] ?? 0);
  return { files: number('file'), insertions: number('insertion'), deletions: number('deletion') };
};

export const diff = async (git: Git, workspace: Workspace, maxBytes: number): Promise<Result<{ text: string; truncated: boolean }>> => {
  const { worktree, base } = workspace;
  if (worktree === null || base === null) return ok({ text: '', truncated: false });
  return withSnapshot(git, worktree, { keep: false }, async ({ tree, env }) => {
    const call = { args: ['diff-tree', ...PLAIN, '-p', base, tree], cwd: worktree, env, maxOutput: maxBytes, stopAtLimit: true };
    const said = await git.run(call);
    if (said.code === 0 || said.truncated) return ok({ text: said.stdout, truncated: said.truncated });
    return said.timedOut && said.stdout !== '' ? ok({ text: said.stdout, truncated: true }) : git.problem(call, said);
  });
};

/** Used where a workspace must be a worktree. */
export const worktreeOf = (workspace: Workspace): Result<{ worktree: string; branch: string; base: string }> => {
  const { worktree, branch, base } = workspace;
  return worktree === null || branch === null || base === null
    ? fail('CCM_BAD_INPUT', `${workspace.dir} is worked on without git: there is no branch.`)
    : ok({ worktree, branch, base });
};
