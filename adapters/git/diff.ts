/** What changed in a worktree since its base: committed, uncommitted and untracked together. */
import { fail, ok, type Result } from '../../src/errors.ts';
import type { DiffStat, Workspace, WorkspaceDiff } from '../../src/ports/workspaces.ts';
import type { Git } from './git-command.ts';
import { commitOf, exists } from './inspect.ts';
import { withSnapshot } from './snapshot.ts';

/** Trees are compared by plumbing: no user setting, no external diff, no text conversion changes the answer. */
const PLAIN = ['-r', '-M', '--no-ext-diff', '--no-textconv', '--no-color'];

type Sides = { from: string; to: string; cwd: string; env: Record<string, string>; note?: string };

/** Hands both sides to `compare`. Of a worktree somebody took away: what is on its branch, where `project` says where branches are. */
const withSides = async <T>(
  git: Git,
  { worktree, branch, base }: Workspace,
  project: string | undefined,
  compare: (sides: Sides) => Promise<Result<T>>,
): Promise<Result<T | null>> => {
  if (worktree === null || base === null) return ok(null);
  if (project === undefined || branch === null || (await exists(worktree)))
    return withSnapshot(git, worktree, { keep: false }, ({ tree, env }) => compare({ from: base, to: tree, cwd: worktree, env }));
  const tip = await commitOf(git, project, `refs/heads/${branch}`);
  if (!tip.ok) return tip;
  if (tip.value === null) return fail('CCM_PATH_UNUSABLE', `${worktree} is gone, and so is its branch ${branch}.`, { path: worktree });
  const note = `${worktree} is gone; this is what its branch ${branch} holds.`;
  return compare({ from: base, to: tip.value, cwd: project, env: {}, note });
};

export const diffStat = (git: Git, workspace: Workspace, project?: string): Promise<Result<DiffStat | null>> =>
  withSides(git, workspace, project, async ({ from, to, cwd, env }) => {
    const said = await git.text({ args: ['diff-tree', ...PLAIN, '--shortstat', from, to], cwd, env });
    return said.ok ? ok(parseShortStat(said.value)) : said;
  });

/** ` 3 files changed, 5 insertions(+), 2 deletions(-)`; nothing at all when nothing changed. */
export const parseShortStat = (text: string): DiffStat => {
  const number = (word: string): number => Number(new RegExp(`(\\d+) ${word}`).exec(text)?.[1] ?? 0);
  return { files: number('file'), insertions: number('insertion'), deletions: number('deletion') };
};

export const diff = async (git: Git, workspace: Workspace, maxBytes: number, project?: string): Promise<Result<WorkspaceDiff>> => {
  const made = await withSides(git, workspace, project, async ({ from, to, cwd, env, note }) => {
    const call = { args: ['diff-tree', ...PLAIN, '-p', from, to], cwd, env, maxOutput: maxBytes, stopAtLimit: true };
    const said = await git.run(call);
    const noted = note === undefined ? {} : { note };
    if (said.code === 0 || said.truncated) return ok({ text: said.stdout, truncated: said.truncated, ...noted });
    return said.timedOut && said.stdout !== '' ? ok({ text: said.stdout, truncated: true, ...noted }) : git.problem(call, said);
  });
  return made.ok ? ok(made.value ?? { text: '', truncated: false }) : made;
};

/** Used where a workspace must be a worktree. */
export const worktreeOf = (workspace: Workspace): Result<{ worktree: string; branch: string; base: string }> => {
  const { worktree, branch, base } = workspace;
  return worktree === null || branch === null || base === null
    ? fail('CCM_BAD_INPUT', `${workspace.dir} is worked on without git: there is no branch.`)
    : ok({ worktree, branch, base });
};
