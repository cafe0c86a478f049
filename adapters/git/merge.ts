/** Brings an attempt's branch into the project's current branch. Conflicts are found before anything is touched. */
import { fail, ok, type Result } from '../../src/errors.ts';
import { shortText } from '../../src/lib/short-text.ts';
import type { Workspace } from '../../src/ports/workspaces.ts';
import { worktreeOf } from './diff.ts';
import type { Git } from './git-command.ts';
import type { Place } from './inspect.ts';
import { identity, isAncestor } from './rescue.ts';
import { operationUnderWay } from './safety.ts';
import { wholeTip } from './tip.ts';

/** Computes a merge away from the user's checkout. `env`: where the objects of `theirs` are, when not in the repository. */
export type MergeTrees = (
  git: Git,
  root: string,
  ours: string,
  theirs: string,
  env?: Record<string, string>,
) => Promise<Result<{ tree: string } | { conflicts: string[] }>>;

type Merged = { commit: string; branch: string };

export const merge = async (
  git: Git,
  facts: Place,
  workspace: Workspace,
  mergeTrees: MergeTrees,
  message?: string,
): Promise<Result<Merged>> => {
  const source = worktreeOf(workspace);
  if (!source.ok) return source;
  const { branch, worktree } = source.value;
  const here = await receiver(git, facts);
  if (!here.ok) return here;
  const { root, ours, into } = here.value;
  const tip = await wholeTip(git, root, { worktree, branch }, message);
  if (!tip.ok) return tip;
  const theirs = tip.value;

  const contained = await isAncestor(git, root, theirs, ours);
  if (!contained.ok) return contained;
  if (contained.value) return ok({ commit: ours, branch: into });
  const target = await commitToMoveTo(git, root, { ours, theirs, branch, into }, mergeTrees);
  if (!target.ok) return target;
  return moveTo(git, root, target.value, into);
};

/** What a merge goes into: the branch the project is on, where nothing is under way. */
export const receiver = async (git: Git, facts: Place): Promise<Result<{ root: string; ours: string; into: string }>> => {
  const { root, head: ours, branch: into } = facts;
  if (root === null || ours === null) return fail('CCM_GIT_NO_COMMIT', `${facts.path} has no commit to merge into.`);
  if (into === null) return fail('CCM_GIT_DETACHED', `${root} is at ${ours.slice(0, 10)}, on no branch.`);
  const busy = await operationUnderWay(git, root);
  if (!busy.ok) return busy;
  if (busy.value !== null)
    return fail('CCM_MERGE_CONFLICT', `${root} is in the middle of something (${busy.value}); finish or abort that first.`, { files: [] });
  return ok({ root, ours, into });
};

type Sides = { ours: string; theirs: string; branch: string; into: string };

/** Their tip when that is a fast-forward, else a merge commit that no ref names yet. */
const commitToMoveTo = async (git: Git, root: string, sides: Sides, mergeTrees: MergeTrees): Promise<Result<string>> => {
  const { ours, theirs, branch, into } = sides;
  const forward = await isAncestor(git, root, ours, theirs);
  if (!forward.ok) return forward;
  if (forward.value) return ok(theirs);
  const merged = await mergeTrees(git, root, ours, theirs);
  if (!merged.ok) return merged;
  if ('conflicts' in merged.value) {
    const files = merged.value.conflicts;
    return fail('CCM_MERGE_CONFLICT', `${branch} and ${into} changed the same lines of ${files.join(', ')}.`, { files });
  }
  const message = `Merge branch '${branch}' into ${into}`;
  const args = ['commit-tree', '--no-gpg-sign', '-p', ours, '-p', theirs, '-m', message, merged.value.tree];
  // The user's own name; ours only where none is set up.
  const named = await git.run({ args: ['var', 'GIT_COMMITTER_IDENT'], cwd: root });
  return git.text({ args, cwd: root, env: named.code === 0 ? {} : identity });
};

/** Moves branch, index and files of the user's checkout. git looks at everything first and refuses as a whole. */
const moveTo = async (git: Git, root: string, commit: string, into: string): Promise<Result<Merged>> => {
  const args = ['merge', '--ff-only', '--quiet', '--no-stat', '--no-autostash', '--no-verify-signatures', commit];
  const call = { args, cwd: root, long: true, network: true };
  const said = await git.run(call);
  if (said.code === 0) return ok({ commit, branch: into });
  const files = filesInTheWay(said.stderr);
  if (files.length === 0) return git.problem(call, said);
  return fail('CCM_MERGE_CONFLICT', `Your uncommitted changes are in the way: ${shortText(files.join(', '), 400)}.`, { files });
};

/** git lists them, each on a line that starts with a tab. */
export const filesInTheWay = (stderr: string): string[] =>
  /would be (overwritten|lost|removed)/.test(stderr) || /Updating the following directories/.test(stderr)
    ? stderr.split('\n').flatMap((line) => (line.startsWith('\t') ? [line.slice(1)] : []))
    : [];
