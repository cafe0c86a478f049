/** Writes a file so that a reader, or a power cut, sees either the old content or the whole new one. */
import { constants } from 'node:fs';
import { open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ensureError, fail, ok, type Result } from '../errors.ts';

export type AtomicWriteOptions = {
  /** Permission bits of the new file, whatever the umask says. Default 0600. */
  mode?: number | undefined;
  /** What trouble calls the file, where its path means nothing to a person. Default: its path. */
  shown?: string | undefined;
};

/**
 * Replaces `path` (a symbolic link there is replaced, not followed). The folder must exist.
 * Trouble: `CCM_DISK_FULL`, or `CCM_HOME_UNUSABLE` with the system's own words; the old file is then untouched.
 */
export const atomicWrite = async (path: string, data: string | Uint8Array, options: AtomicWriteOptions = {}): Promise<Result<void>> => {
  const folder = dirname(path);
  let temp: string | null = null;
  try {
    const made = await openTemp(folder, basename(path));
    temp = made.path;
    try {
      await made.handle.chmod(options.mode ?? 0o600);
      await made.handle.writeFile(data);
      await made.handle.sync();
    } finally {
      await made.handle.close();
    }
    await rename(temp, path);
    temp = null;
    await syncFolder(folder);
    return ok(undefined);
  } catch (thrown) {
    if (temp !== null) await unlink(temp).catch(() => undefined); // The first error is the one worth telling.
    return writeProblem(options.shown ?? path, thrown);
  }
};

/** Makes a rename or unlink in `folder` durable. File systems that cannot sync a folder say EINVAL, and need no sync. */
export const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } catch (thrown) {
    const code = ensureError(thrown) as NodeJS.ErrnoException;
    if (code.code !== 'EINVAL' && code.code !== 'ENOTSUP') throw thrown;
  } finally {
    await handle.close();
  }
};

let counter = 0;

/** A file nobody else has: O_EXCL refuses one left by a crash (the next number is taken), O_NOFOLLOW a planted link. */
const openTemp = async (folder: string, name: string) => {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  for (let tries = 0; ; tries += 1) {
    counter += 1;
    // Long names are cut: a name of 255 bytes is legal for the target and must be for its neighbour too.
    const path = join(
      folder,
      `.${Buffer.from(name)
        .subarray(0, 128)
        .toString('latin1')
        .replaceAll(/[^\w.-]/g, '_')}.${process.pid}-${counter}.tmp`,
    );
    try {
      return { path, handle: await open(path, flags, 0o600) };
    } catch (thrown) {
      if ((ensureError(thrown) as NodeJS.ErrnoException).code !== 'EEXIST' || tries > 100) throw thrown;
    }
  }
};

const writeProblem = (path: string, thrown: unknown) => {
  const error = ensureError(thrown) as NodeJS.ErrnoException;
  const full = error.code === 'ENOSPC' || error.code === 'EDQUOT';
  return fail(full ? 'CCM_DISK_FULL' : 'CCM_HOME_UNUSABLE', `${path} could not be written: ${error.message}.`, {
    path,
    errno: error.code ?? null,
  });
};
