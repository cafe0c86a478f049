/** Files that only we may read. One that others could have read or written is refused: what is in it cannot be trusted, nor kept secret any more. */
import { constants } from 'node:fs';
import { lstat, mkdir, open } from 'node:fs/promises';
import { ensureError, fail, ok, type Result } from '../../src/errors.ts';

const octal = (mode: number): string => `0${(mode & 0o777).toString(8)}`;
const me = (): number | undefined => process.geteuid?.();

const unsafe = (path: string, sentence: string) => fail('CCM_SECRETS_UNSAFE', `${path} ${sentence}`, { path });

const judged = (path: string, { mode, uid }: { mode: number; uid: number }): Result<void> => {
  if (me() !== undefined && uid !== me()) return unsafe(path, `belongs to another user (uid ${uid}).`);
  if ((mode & 0o077) !== 0) return unsafe(path, `can be read or written by others (mode ${octal(mode)}).`);
  return ok(undefined);
};

/** The bytes, or null when there is no such file. A symbolic link is refused: it could lead anywhere. */
export const readPrivate = async (path: string): Promise<Result<Buffer | null>> => {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
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

/** Makes the folder 0700, or checks that it is one, and ours. */
export const privateFolder = async (folder: string): Promise<Result<void>> => {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const facts = await lstat(folder);
    if (!facts.isDirectory()) return unsafe(folder, facts.isSymbolicLink() ? 'is a symbolic link.' : 'is not a folder.');
    return judged(folder, facts);
  } catch (thrown) {
    return fail('CCM_HOME_UNUSABLE', `${folder} cannot be used: ${ensureError(thrown).message}.`, { path: folder });
  }
};
