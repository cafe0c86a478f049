/** Everything in a worktree as one tree, made with an index of our own: the user's index, branch and files stay as they are. */
import { copyFile, lstat, mkdir, mkdtemp, rm, stat, utimes } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ensureError, fail, ok, type Result } from '../../src/errors.ts';
import type { Git } from './git-command.ts';
import { commitOf } from './inspect.ts';
import { gitDirOf } from './marker.ts';
import { gitStatus } from './status.ts';

export type Snapshot = {
  /** HEAD of the worktree, null when it has no commit. */
  head: string | null;
  /** Tree of all files that are not ignored. */
  tree: string;
  /** Tree of what is staged, null while there are unmerged files. */
  indexTree: string | null;
  /** What the tree does not hold: unreadable files, repositories inside. */
  missing: string[];
  /** Needed by calls that look into `tree` or write on: where the objects are. */
  env: Record<string, string>;
};

/**
 * Hands a snapshot to `use`. `keep: false` writes its objects to a folder that is gone afterwards, so that looking leaves no trace;
 * `keep: true` writes them into the repository.
 */
export const withSnapshot = async <T>(
  git: Git,
  worktree: string,
  options: { keep: boolean },
  use: (snapshot: Snapshot) => Promise<Result<T>>,
): Promise<Result<T>> => {
  const gitDir = await gitDirOf(git, worktree);
  if (!gitDir.ok) return gitDir;
  if (gitDir.value === null)
    return fail('CCM_PATH_UNUSABLE', `${worktree} is not a worktree any more.`, {
      path: worktree,
      next: 'What was committed is on its branch still; `ccm retry` begins again.',
    });
  let temp: string | undefined;
  try {
    temp = await mkdtemp(join(gitDir.value, 'ccm-snapshot-'));
    const made = await makeSnapshot(git, worktree, gitDir.value, temp, options.keep);
    return made.ok ? await use(made.value) : made;
  } catch (thrown) {
    const error = ensureError(thrown) as NodeJS.ErrnoException;
    return fail(error.code === 'ENOSPC' ? 'CCM_DISK_FULL' : 'CCM_GIT_FAILED', `${worktree} could not be read: ${error.message}.`);
  } finally {
    if (temp !== undefined) await rm(temp, { recursive: true, force: true });
  }
};

const makeSnapshot = async (git: Git, worktree: string, gitDir: string, temp: string, keep: boolean): Promise<Result<Snapshot>> => {
  const index = join(temp, 'index');
  await copyIndex(join(gitDir, 'index'), index);
  const objects = keep ? ok({}) : await scratchObjects(git, worktree, temp);
  if (!objects.ok) return objects;
  const env: Record<string, string> = { GIT_INDEX_FILE: index, ...objects.value };
  const call = (args: string[], stdin?: Uint8Array) => ({ args, cwd: worktree, env, stdin, long: true });

  const head = await commitOf(git, worktree, 'HEAD');
  if (!head.ok) return head;
  const staged = await git.run(call(['write-tree']));
  const shown = await showHidden(git, worktree, env);
  if (!shown.ok) return shown;
  const addCall = call(['add', '--all', '--ignore-errors']);
  const added = await git.run(addCall);
  // Exit 1 with this switch: some files could not be read. They are named below.
  if (added.code !== 0 && added.code !== 1) return git.problem(addCall, added);
  const tree = await git.text(call(['write-tree']));
  if (!tree.ok) return tree;
  const status = await gitStatus(git, worktree, env);
  if (!status.ok) return status;
  const missing = status.value.filter((entry) => entry.unstaged || entry.gitlink).map((entry) => entry.path);
  return ok({ head: head.value, tree: tree.value, indexTree: staged.code === 0 ? staged.stdout.trim() : null, missing, env });
};

/** The copy brings git's memory of sizes and times along: only changed files are read. Without an index everything is read. */
const copyIndex = async (from: string, to: string): Promise<void> => {
  const original = await stat(from).catch(() => null);
  if (original === null) return;
  await copyFile(from, to);
  // A file changed in the second its entry was written looks unchanged; git compares its content only when the index is no younger than it.
  const seconds = Math.floor(original.mtimeMs / 1000);
  await utimes(to, seconds, seconds);
};

/** New objects go to `temp`, the existing ones are found where they are. */
const scratchObjects = async (git: Git, worktree: string, temp: string): Promise<Result<Record<string, string>>> => {
  const found = await git.text({ args: ['rev-parse', '--git-path', 'objects'], cwd: worktree });
  if (!found.ok) return found;
  // Quoted as in C: the variable is a list with colons.
  const quoted = `"${resolve(worktree, found.value).replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
  const scratch = join(temp, 'objects');
  await mkdir(scratch);
  return ok({ GIT_OBJECT_DIRECTORY: scratch, GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted });
};

/** `git update-index --assume-unchanged` and `--skip-worktree` hide changes from status and add. Takes both flags back in our index. */
const showHidden = async (git: Git, worktree: string, env: Record<string, string>): Promise<Result<void>> => {
  const listed = await git.text({ args: ['ls-files', '-v', '-z'], cwd: worktree, env, encoding: 'latin1' });
  if (!listed.ok) return listed;
  const assumed: string[] = [];
  const skipped: string[] = [];
  for (const line of listed.value.split('\0')) {
    const [flag = '', path] = [line[0], line.slice(2)];
    if (/[a-z]/.test(flag)) assumed.push(path);
    // In a sparse checkout the file is really not there, and must not look deleted.
    if (/s/i.test(flag) && (await isThere(join(worktree, ''), path))) skipped.push(path);
  }
  for (const [flag, paths] of [
    ['--no-assume-unchanged', assumed],
    ['--no-skip-worktree', skipped],
  ] as const) {
    if (paths.length === 0) continue;
    const stdin = Buffer.from(`${paths.join('\0')}\0`, 'latin1');
    const done = await git.text({ args: ['update-index', flag, '-z', '--stdin'], cwd: worktree, env, stdin });
    if (!done.ok) return done;
  }
  return ok(undefined);
};

/** `bytes` is a path in latin1: names need not be UTF-8. */
const isThere = (folder: string, bytes: string): Promise<boolean> =>
  lstat(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(bytes, 'latin1')])).then(
    () => true,
    () => false,
  );
