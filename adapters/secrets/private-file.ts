/** Files that only we may read. One that others could have read or written is refused: what is in it cannot be trusted, nor kept secret any more. */
import { constants } from 'node:fs';
import { lstat, mkdir, open } from 'node:fs/promises';
import { ensureError, fail, ok, type Result } from '../../src/errors.ts';
import { type HeldFolder, holdFolder } from '../../src/lib/held-folder.ts';

const octal = (mode: number): string => `0${(mode & 0o777).toString(8)}`;
const me = (): number | undefined => process.geteuid?.();

const unsafe = (path: string, sentence: string) => fail('CCM_SECRETS_UNSAFE', `${path} ${sentence}`, { path });

const judged = (path: string, { mode, uid }: { mode: number; uid: number }): Result<void> => {
  if (me() !== undefined && uid !== me()) return unsafe(path, `belongs to another user (uid ${uid}).`);
  if ((mode & 0o077) !== 0) return unsafe(path, `can be read or written by others (mode ${octal(mode)}).`);
  return ok(undefined);
};

/** The bytes, or null when there is no such file. A symbolic link is refused: it could lead anywhere. `at`: the way to it, where it is not its path. */
export const readPrivate = async (path: string, at = path): Promise<Result<Buffer | null>> => {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(at, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (thrown) {
    const { code, message } = ensureError(thrown) as NodeJS.ErrnoException;
    if (code === 'ENOENT') return ok(null);
    return unsafe(path, code === 'ELOOP' ? 'is a symbolic link.' : `cannot be read: ${message}.`);
  }
  try {
    // The open file is judged, not the name: between two looks a name can become another file.
    const facts = await handle.stat();
    if (!facts.isFile()) return unsafe(path, 'is not a file.');
    const verdict = judged(path, facts);
    return verdict.ok ? ok(await handle.readFile()) : verdict;
  } finally {
    await handle.close();
  }
};

/**
 * Makes the folder 0700, or checks that it is one, and ours; then does the work in what was checked, whatever the name leads to by then.
 */
export const inPrivateFolder = async <T>(folder: string, work: (held: HeldFolder) => Promise<Result<T>>): Promise<Result<T>> => {
  let held: HeldFolder;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    held = await holdFolder(folder);
  } catch (thrown) {
    const { code, message } = ensureError(thrown) as NodeJS.ErrnoException;
    const facts = await lstat(folder).catch(() => null); // For the words alone.
    if (facts?.isSymbolicLink()) return unsafe(folder, 'is a symbolic link.');
    if (code === 'EEXIST' || code === 'ENOTDIR') return unsafe(folder, 'is not a folder.');
    return fail('CCM_HOME_UNUSABLE', `${folder} cannot be used: ${message}.`, { path: folder });
  }
  try {
    const verdict = judged(folder, await held.stat());
    return verdict.ok ? await work(held) : verdict;
  } finally {
    await held.close();
  }
};
