/** Tells what a folder is before anything is done in it. */
import { access, constants, lstat, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { ensureError, fail, ok, type Result } from '../../src/errors.ts';
import type { FolderFacts } from '../../src/ports/workspaces.ts';
import type { Git } from './git-command.ts';
import { gitStatus } from './status.ts';

export const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** All that can be told without reading every file. */
export type Place = Omit<FolderFacts, 'dirty'>;

export const inspect = async (git: Git, path: string): Promise<Result<FolderFacts>> => {
  const place = await locate(git, path);
  if (!place.ok || place.value.root === null) return place.ok ? ok({ ...place.value, dirty: false }) : place;
  const status = await gitStatus(git, place.value.root);
  return status.ok ? ok({ ...place.value, dirty: status.value.length > 0 }) : status;
};

export const locate = async (git: Git, path: string): Promise<Result<Place>> => {
  const folder = await usableFolder(path);
  if (!folder.ok) return folder;
  const real = folder.value;
  const top = await findRepository(git, real);
  if (!top.ok) return top;
  const root = top.value;
  if (root === null) return ok({ path: real, kind: 'plain', root: null, branch: null, head: null, submodules: false });
  const head = await commitOf(git, root, 'HEAD');
  if (!head.ok) return head;
  const branch = await branchOf(git, root);
  if (!branch.ok) return branch;
  const submodules = await exists(join(root, '.gitmodules'));
  return ok({ path: real, kind: 'git', root, branch: head.value === null ? null : branch.value, head: head.value, submodules });
};

const usableFolder = async (path: string): Promise<Result<string>> => {
  const unusable = (why: string) => fail('CCM_PATH_UNUSABLE', `${path} ${why}.`, { path });
  if (!isAbsolute(path)) return unusable('is not an absolute path');
  try {
    const real = await realpath(path);
    if (!(await stat(real)).isDirectory()) return unusable('is not a folder');
    await access(real, constants.R_OK | constants.W_OK | constants.X_OK);
    return ok(real);
  } catch (thrown) {
    const error = ensureError(thrown) as NodeJS.ErrnoException;
    const why: Record<string, string> = {
      ENOENT: 'does not exist',
      ELOOP: 'is a symbolic link that leads to itself',
      EACCES: 'may not be read or written by this user',
      EROFS: 'is on a read-only file system',
      ENAMETOOLONG: 'is longer than the system allows',
      ENOTDIR: 'leads through a file',
    };
    return unusable(why[error.code ?? ''] ?? `cannot be used (${error.message})`);
  }
};

/** Top of the work tree; null when no repository is meant. */
const findRepository = async (git: Git, folder: string): Promise<Result<string | null>> => {
  const call = { args: ['rev-parse', '--is-bare-repository', '--is-inside-git-dir', '--is-inside-work-tree'], cwd: folder };
  const place = await git.run(call);
  if (place.code !== 0) {
    // A broken repository says "not a git repository: <path>", and must not pass for a plain folder.
    if (/not a git repository \(or any/.test(place.stderr)) return ok(null);
    if (place.failure === 'ENOENT' && !(await insideDotGit(folder))) return ok(null);
    return git.problem(call, place);
  }
  const [bare, inside, workTree] = place.stdout.split('\n');
  if (bare === 'true') return fail('CCM_GIT_BARE', `${folder} is a bare repository: it has no files to work on.`, { path: folder });
  if (inside === 'true' || workTree !== 'true')
    return fail('CCM_PATH_UNUSABLE', `${folder} is git's own folder, not a project.`, { path: folder });
  const root = await git.text({ args: ['rev-parse', '--show-toplevel'], cwd: folder });
  if (!root.ok) return root;
  if (root.value === folder) return ok(folder);
  // A folder its repository ignores (our own home in a clone, build output) is not part of it.
  const ignored = await git.run({ args: ['check-ignore', '-q', '--', folder], cwd: root.value });
  return ok(ignored.code === 0 ? null : root.value);
};

/** Without a git program: is there a repository that we could not read? */
const insideDotGit = async (folder: string): Promise<boolean> => {
  for (let at = folder; ; at = dirname(at)) {
    if (await exists(join(at, '.git'))) return true;
    if (at === dirname(at)) return false;
  }
};

/** Commit id of `name`, null when there is none. */
export const commitOf = async (git: Git, cwd: string, name: string): Promise<Result<string | null>> => {
  const call = { args: ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`], cwd };
  const found = await git.run(call);
  if (found.code === 0) return ok(found.stdout.trim());
  return found.code === 1 || (found.code === 128 && /Needed a single revision/.test(found.stderr)) ? ok(null) : git.problem(call, found);
};

/** Branch name of HEAD (also one without a commit), null when detached. */
export const branchOf = async (git: Git, cwd: string): Promise<Result<string | null>> => {
  const call = { args: ['symbolic-ref', '--quiet', 'HEAD'], cwd };
  const found = await git.run(call);
  if (found.code === 0) return ok(found.stdout.replace(/\n$/, '').replace(/^refs\/heads\//, ''));
  return found.code === 1 ? ok(null) : git.problem(call, found);
};
