/** Where a fork of an attempt starts: everything it has now, or what its branch was at a moment of the past. */
import { fail, ok, type Result } from '../../src/errors.ts';
import type { ForkPoint, Workspace } from '../../src/ports/workspaces.ts';
import { worktreeOf } from './diff.ts';
import type { Git } from './git-command.ts';
import { commitOf, exists, type Place } from './inspect.ts';
import { rescue } from './rescue.ts';

export const forkPoint = async (git: Git, facts: Place, workspace: Workspace, before: number | null): Promise<Result<ForkPoint>> => {
  const source = worktreeOf(workspace);
  if (!source.ok) return source;
  const { branch } = source.value;
  const { root } = facts;
  if (root === null) return fail('CCM_GIT_NO_COMMIT', `${facts.path} is no repository.`);
  return before === null ? now(git, root, workspace, branch) : then(git, root, workspace, branch, before);
};

/** Uncommitted and untracked files are kept in a commit of their own; neither branch, index nor files of the attempt change. */
const now = async (git: Git, root: string, workspace: Workspace, branch: string): Promise<Result<ForkPoint>> => {
  if (workspace.worktree !== null && (await exists(workspace.worktree))) {
    const kept = await rescue(git, workspace);
    if (!kept.ok) return kept;
    if (kept.value === null) return resolved(git, root, workspace.base, []);
    const missing = kept.value.missing;
    return resolved(git, root, kept.value.ref, missing.length === 0 ? [] : [`Not carried over: ${missing.slice(0, 5).join(', ')}.`]);
  }
  return resolved(git, root, `refs/heads/${branch}`, ['Its worktree is gone: only what it committed is carried over.']);
};

/** The branch's own log knows what it was when, also where commits were amended since. */
const then = async (git: Git, root: string, workspace: Workspace, branch: string, before: number): Promise<Result<ForkPoint>> => {
  const log = await git.run({ args: ['log', '--walk-reflogs', '--date=unix', '--format=%H %gd', `refs/heads/${branch}`, '--'], cwd: root });
  const entries = log.code === 0 ? reflogEntries(log.stdout) : [];
  // Newest first; git counts whole seconds.
  const held = entries.find(({ at }) => at <= Math.floor(before / 1000));
  return resolved(git, root, held?.commit ?? workspace.base, ['Of its files only what was committed by then is carried over.']);
};

/** Lines `<commit> <ref>@{<seconds since 1970>}`. */
export const reflogEntries = (text: string): { commit: string; at: number }[] =>
  text.split('\n').flatMap((line) => {
    const found = /^([0-9a-f]{40,64}) .*@\{(\d+)\}$/.exec(line);
    return found ? [{ commit: found[1] ?? '', at: Number(found[2]) }] : [];
  });

const resolved = async (git: Git, root: string, name: string | null, notes: string[]): Promise<Result<ForkPoint>> => {
  const commit = name === null ? ok(null) : await commitOf(git, root, name);
  if (!commit.ok) return commit;
  return commit.value === null ? fail('CCM_GIT_FAILED', `There is no commit ${name ?? ''} any more.`) : ok({ commit: commit.value, notes });
};
