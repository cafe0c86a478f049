/** Makes the worktree and the branch of an attempt; repeated, it finds what it made. */
import { mkdir, readdir, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { ensureError, fail, ok, type Result } from '../../src/errors.ts';
import type { PrepareSpec, Workspace } from '../../src/ports/workspaces.ts';
import { chooseBranch } from './branch.ts';
import type { Git } from './git-command.ts';
import { copyIncluded, count, type IncludeLimits } from './include-files.ts';
import { makeInside } from './inside.ts';
import { commitOf, exists, type Place } from './inspect.ts';
import { gitDirOf, readMarker, writeMarker } from './marker.ts';
import { gitStatus } from './status.ts';
import { listWorktrees } from './worktree-list.ts';

export const plainWorkspace = (facts: Place): Workspace => ({ dir: facts.path, worktree: null, branch: null, base: null, notes: [] });

export const prepare = async (git: Git, facts: Place, spec: PrepareSpec, limits: IncludeLimits): Promise<Result<Workspace>> => {
  const root = facts.root;
  if (root === null) return ok(plainWorkspace(facts));
  const place = await placeFor(spec);
  if (!place.ok) return place;
  const worktree = place.value;

  const earlier = await findEarlier(git, root, worktree);
  if (!earlier.ok) return earlier;
  if (earlier.value.state === 'complete') return ok(earlier.value.workspace);

  const notes: string[] = [];
  let made: { branch: string; base: string };
  if (earlier.value.state === 'unmarked') made = earlier.value;
  else {
    const base = await baseOf(git, root, facts, spec);
    if (!base.ok) return base;
    const branch = await chooseBranch(git, root, spec.branch, base.value);
    if (!branch.ok) return branch;
    const { name, exists: there } = branch.value;
    const added = await git.text({
      args: ['worktree', 'add', '--quiet', ...(there ? [] : ['--no-track', '-b', name]), '--', worktree, there ? name : base.value],
      cwd: root,
      long: true,
      network: true,
    });
    if (!added.ok) return added;
    made = { branch: name, base: base.value };
  }
  notes.push(...(await leftBehind(git, root)));
  if (facts.submodules)
    notes.push('Submodules are not checked out; run `git submodule update --init` in the worktree where they are needed.');
  const dir = await startFolder(worktree, relative(root, facts.path), notes);
  if (!dir.ok) return dir;
  for (const part of new Set(['', relative(root, facts.path)])) {
    const copied = await copyIncluded(git, join(root, part), join(worktree, part), limits);
    if (!copied.ok) return copied;
    notes.push(...copied.value);
  }
  return markComplete(git, { dir: dir.value, worktree, branch: made.branch, base: made.base, notes });
};

const markComplete = async (git: Git, workspace: Workspace): Promise<Result<Workspace>> => {
  const gitDir = await gitDirOf(git, workspace.worktree ?? '');
  if (!gitDir.ok) return gitDir;
  if (gitDir.value === null) return fail('CCM_GIT_FAILED', `${workspace.worktree} did not become a worktree.`);
  const marked = await writeMarker(gitDir.value, workspace);
  return marked.ok ? ok(workspace) : marked;
};

/** Real path of the worktree to be. */
const placeFor = async (spec: PrepareSpec): Promise<Result<string>> => {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(spec.name))
    return fail('CCM_BAD_INPUT', `"${spec.name}" cannot be the name of a worktree.`);
  if (!isAbsolute(spec.below)) return fail('CCM_BAD_INPUT', `${spec.below} is not an absolute path.`);
  try {
    await mkdir(spec.below, { recursive: true, mode: 0o700 });
    return ok(join(await realpath(spec.below), spec.name));
  } catch (thrown) {
    return fail('CCM_PATH_UNUSABLE', `The folder for worktrees cannot be made: ${ensureError(thrown).message}.`, { path: spec.below });
  }
};

const baseOf = async (git: Git, root: string, facts: Place, spec: PrepareSpec): Promise<Result<string>> => {
  if (spec.from === undefined)
    return facts.head === null ? fail('CCM_GIT_NO_COMMIT', `${root} has no commit to start from.`) : ok(facts.head);
  const found = await commitOf(git, root, spec.from);
  if (!found.ok) return found;
  return found.value === null ? fail('CCM_BAD_INPUT', `There is no commit called ${spec.from} in ${root}.`) : ok(found.value);
};

type Earlier =
  | { state: 'nothing' }
  /** git finished, we did not: no agent has been here yet. */
  | { state: 'unmarked'; branch: string; base: string }
  | { state: 'complete'; workspace: Workspace };

/** What an earlier call left at `worktree`. Removes only what git itself calls half-made, and entries whose folder is gone. */
const findEarlier = async (git: Git, root: string, worktree: string): Promise<Result<Earlier>> => {
  const list = await listWorktrees(git, root);
  if (!list.ok) return list;
  const entry = list.value.find((each) => each.path === worktree);
  const there = await exists(worktree);
  if (entry === undefined) {
    const content = there ? await readdir(worktree).catch(() => ['?']) : []; // Unreadable or a file: in the way.
    return content.length === 0
      ? ok({ state: 'nothing' })
      : fail('CCM_CONFLICT', `${worktree} is there already and is not ours.`, { path: worktree });
  }
  if (there && (await realpath(worktree)) !== worktree)
    return fail('CCM_PATH_UNUSABLE', `${worktree} is a symbolic link.`, { path: worktree });
  if (!there || entry.locked === 'initializing') {
    // Only this entry: `git worktree prune` would also forget the user's own ones on a disk that is not mounted now.
    const cleared = await git.text({ args: ['worktree', 'remove', '--force', '--force', '--', worktree], cwd: root, long: true });
    return cleared.ok ? ok({ state: 'nothing' }) : cleared;
  }
  const gitDir = await gitDirOf(git, worktree);
  if (!gitDir.ok) return gitDir;
  if (gitDir.value === null)
    return fail('CCM_CONFLICT', `${worktree} is there already and is damaged: it lost its .git file.`, { path: worktree });
  const workspace = await readMarker(gitDir.value);
  if (workspace?.worktree === worktree) return ok({ state: 'complete', workspace });
  if (entry.branch === null || entry.head === null)
    return fail('CCM_CONFLICT', `${worktree} is there already and is not ours.`, { path: worktree });
  return ok({ state: 'unmarked', branch: entry.branch.replace(/^refs\/heads\//, ''), base: entry.head });
};

const leftBehind = async (git: Git, root: string): Promise<string[]> => {
  const status = await gitStatus(git, root);
  if (!status.ok) return [`Whether ${root} has uncommitted changes cannot be told: ${status.problem.detail}`];
  const changes = status.value.length;
  return changes === 0 ? [] : [`${count(changes, 'uncommitted change')} of ${root} ${changes === 1 ? 'stays' : 'stay'} behind.`];
};

/** The project's folder inside the worktree. The commit may not have it, or have a link there. */
const startFolder = async (worktree: string, inside: string, notes: string[]): Promise<Result<string>> => {
  const dir = join(worktree, inside);
  try {
    const folder = await makeInside(dir, worktree);
    if (!folder.inside) return fail('CCM_PATH_UNUSABLE', `${inside} leads out of the worktree in this commit.`, { path: dir });
    if (folder.made) notes.push(`${inside} is not in the commit; an empty folder was made for it.`);
    return ok(dir);
  } catch (thrown) {
    return fail('CCM_PATH_UNUSABLE', `${dir} cannot be made: ${ensureError(thrown).message}.`, { path: dir });
  }
};
