/** Keeps everything a worktree holds as a commit on a ref of its own. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { ok, type Result } from '../../src/errors.ts';
import type { Rescue, Workspace } from '../../src/ports/workspaces.ts';
import type { Git } from './git-command.ts';
import { commitOf } from './inspect.ts';
import { type Snapshot, withSnapshot } from './snapshot.ts';

const IDENTITY = {
  GIT_AUTHOR_NAME: 'CCM Orchestrator',
  GIT_AUTHOR_EMAIL: 'ccm@localhost',
  GIT_COMMITTER_NAME: 'CCM Orchestrator',
  GIT_COMMITTER_EMAIL: 'ccm@localhost',
} as const;

export const identity: Record<string, string> = IDENTITY;

/** Null when there is nothing beyond the base. The ref's name comes from the content: a repeated call finds it. */
export const rescue = async (git: Git, workspace: Workspace): Promise<Result<Rescue | null>> => {
  const { worktree, branch, base } = workspace;
  if (worktree === null) return ok(null);
  return withSnapshot(git, worktree, { keep: true }, async (snapshot) => {
    const { head, tree, missing, env } = snapshot;
    const keep = (commit: string, content: (string | null)[]) => writeRef(git, worktree, commit, content, missing);
    const at = { cwd: worktree, env: { ...env, ...IDENTITY } };
    const commit = async (parents: (string | null)[], treeId: string, message: string): Promise<Result<string>> =>
      git.text({
        ...at,
        args: [
          'commit-tree',
          '--no-gpg-sign',
          ...parents.flatMap((parent) => (parent === null ? [] : ['-p', parent])),
          '-m',
          message,
          treeId,
        ],
      });

    const headTree = head === null ? ok(null) : await treeOf(git, worktree, head);
    if (!headTree.ok) return headTree;
    const tips = await otherTips(git, worktree, head, branch);
    if (!tips.ok) return tips;
    const staged = stagedOnly(snapshot, headTree.value);
    if (head !== null && tree === headTree.value && staged === null && tips.value.length === 0) {
      const inBase = await isAncestor(git, worktree, head, base);
      if (!inBase.ok) return inBase;
      return inBase.value && missing.length === 0 ? ok(null) : keep(head, [head]);
    }
    const parents = [head, ...tips.value];
    if (staged !== null) {
      const index = await commit([head], staged, 'What was staged');
      if (!index.ok) return index;
      parents.push(index.value);
    }
    const all = await commit(parents, tree, `Everything in ${basename(worktree)}, kept before it could be lost`);
    return all.ok ? keep(all.value, [tree, staged, head, ...tips.value]) : all;
  });
};

/** Staged content that is neither in the commit nor in the files any more. */
const stagedOnly = ({ indexTree, tree }: Snapshot, headTree: string | null): string | null =>
  indexTree === null || indexTree === tree || indexTree === headTree ? null : indexTree;

const treeOf = (git: Git, cwd: string, commit: string): Promise<Result<string>> =>
  git.text({ args: ['rev-parse', '--verify', `${commit}^{tree}`], cwd });

/** The branch of the attempt, where the agent has left it: its commits are not in HEAD. */
const otherTips = async (git: Git, cwd: string, head: string | null, branch: string | null): Promise<Result<string[]>> => {
  const tip = branch === null ? ok(null) : await commitOf(git, cwd, `refs/heads/${branch}`);
  if (!tip.ok) return tip;
  if (tip.value === null || tip.value === head) return ok([]);
  const within = await isAncestor(git, cwd, tip.value, head);
  return within.ok ? ok(within.value ? [] : [tip.value]) : within;
};

export const isAncestor = async (git: Git, cwd: string, older: string | null, newer: string | null): Promise<Result<boolean>> => {
  if (older === null || newer === null) return ok(older === null);
  const call = { args: ['merge-base', '--is-ancestor', older, newer], cwd };
  const said = await git.run(call);
  return said.code === 0 || said.code === 1 ? ok(said.code === 0) : git.problem(call, said);
};

/** `content` names what the commit holds: commits made twice of the same content differ in their date, the ref must not. */
const writeRef = async (git: Git, cwd: string, commit: string, content: (string | null)[], missing: string[]): Promise<Result<Rescue>> => {
  const ref = `refs/ccm/rescue/${basename(cwd)}-${createHash('sha256').update(content.join(' ')).digest('hex').slice(0, 16)}`;
  const there = await commitOf(git, cwd, ref);
  if (!there.ok) return there;
  if (there.value === null) {
    const written = await git.text({ args: ['update-ref', '--no-deref', ref, commit], cwd });
    if (!written.ok) return written;
  }
  return ok({ ref, missing });
};
