/**
 * `.worktreeinclude`: patterns (as in .gitignore) of ignored files an agent needs too, such as `.env`. They are copied into a new worktree.
 * Only files that git ignores and does not track; nothing from outside the project; nothing over an existing file.
 */
import { constants } from 'node:fs';
import { copyFile, lstat, open, readlink, realpath, symlink } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { ensureError, ok, type Result } from '../../src/errors.ts';
import type { Git } from './git-command.ts';
import { holdInside, isInside, makeInside } from './inside.ts';

export type IncludeLimits = {
  /** Bytes of all copied files together. */
  bytes: number;
  files: number;
};

export const includeLimits: IncludeLimits = { bytes: 256 * 1024 * 1024, files: 20_000 };

const FILE = '.worktreeinclude';
/** A pattern file larger than this is something else. */
const MAX_PATTERN_BYTES = 64 * 1024;

/** Copies from `from` to the same place in `to` (both real paths). Answers with sentences for the person. */
export const copyIncluded = async (git: Git, from: string, to: string, limits: IncludeLimits): Promise<Result<string[]>> => {
  const patterns = join(from, FILE);
  const facts = await lstat(patterns).catch(() => null); // Most projects have none.
  if (facts === null) return ok([]);
  if (!facts.isFile() || facts.size > MAX_PATTERN_BYTES) return ok([`${FILE} was not used: it is no ordinary file of at most 64 KiB.`]);
  const names = await ignoredMatches(git, from, patterns);
  if (!names.ok) return names;

  let bytes = 0;
  let copied = 0;
  const skipped: string[] = [];
  const overCap: string[] = [];
  for (const name of names.value) {
    const source = await lstat(join(from, name)).catch(() => null); // Gone since it was listed.
    if (source === null) continue;
    if (copied >= limits.files || bytes + source.size > limits.bytes) {
      overCap.push(name);
      continue;
    }
    const outcome = await copyOne(from, to, name, source.isSymbolicLink(), source.isFile());
    if (outcome === 'copied') {
      copied += 1;
      bytes += source.size;
    } else if (outcome !== 'there') skipped.push(`${name} (${outcome})`);
  }
  const notes: string[] = [];
  if (copied > 0) notes.push(`${count(copied, 'ignored file')} named in ${FILE} ${copied === 1 ? 'was' : 'were'} copied.`);
  if (overCap.length > 0)
    notes.push(
      `${count(overCap.length, 'file')} of ${FILE} stayed behind, over the limit of ${limits.bytes} bytes and ${limits.files} files: ${few(overCap)}.`,
    );
  if (skipped.length > 0) notes.push(`${count(skipped.length, 'file')} of ${FILE} could not be copied: ${few(skipped)}.`);
  return ok(notes);
};

export const count = (number: number, thing: string): string => `${number} ${thing}${number === 1 ? '' : 's'}`;

const few = (names: string[]): string => names.slice(0, 5).join(', ') + (names.length > 5 ? ', …' : '');

/** Untracked files that match the patterns and are ignored by git's own rules as well, relative to `from`. */
const ignoredMatches = async (git: Git, from: string, patterns: string): Promise<Result<string[]>> => {
  const matched = await git.text({ args: ['ls-files', '-z', '--others', '--ignored', `--exclude-from=${patterns}`], cwd: from });
  if (!matched.ok || matched.value === '') return matched.ok ? ok([]) : matched;
  const call = { args: ['check-ignore', '-z', '--stdin'], cwd: from, stdin: matched.value };
  const ignored = await git.run(call);
  // Exit 1: none of them is.
  if (ignored.code !== 0 && ignored.code !== 1) return git.problem(call, ignored);
  // A name that ends with a slash is a repository of its own.
  return ok(ignored.stdout.split('\0').filter((name) => name !== '' && !name.endsWith('/')));
};

const copyOne = async (from: string, to: string, name: string, isLink: boolean, isFile: boolean): Promise<string> => {
  const target = join(to, name);
  try {
    // The commit may have a link where the project has a folder.
    if (!(await makeInside(dirname(target), to)).inside) return 'outside the worktree';
    const folder = await holdInside(dirname(target), to);
    if (folder === null) return 'outside the worktree';
    try {
      const place = folder.at(basename(target));
      if (isLink) return await copyLink(from, name, place);
      return isFile ? await copyContent(join(from, name), place) : 'not a file';
    } finally {
      await folder.close();
    }
  } catch (thrown) {
    const error = ensureError(thrown) as NodeJS.ErrnoException;
    return error.code === 'EEXIST' ? 'there' : (error.code ?? error.message);
  }
};

/** What is open is copied, not what the name leads to by then: it was a file when it was listed. */
const copyContent = async (source: string, target: string): Promise<string> => {
  const file = await open(source, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) return 'not a file';
    const opened = process.platform === 'linux' ? `/proc/self/fd/${file.fd}` : source;
    await copyFile(opened, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    return 'copied';
  } finally {
    await file.close();
  }
};

/** A relative link that stays in the project keeps its meaning in the worktree; any other would lead an agent out of it. */
const copyLink = async (from: string, name: string, target: string): Promise<string> => {
  const goal = await readlink(join(from, name));
  const real = await realpath(join(from, name)).catch(() => null); // A dangling link.
  if (isAbsolute(goal) || real === null || !isInside(real, from)) return 'a link out of the project';
  await symlink(goal, target);
  return 'copied';
};
