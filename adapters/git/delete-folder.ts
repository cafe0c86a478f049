/**
 * Deletes a folder whose insides may be read-only. Symbolic links are removed, never followed, also when one is put in the place of a folder while
 * we are at it: each folder is held by its descriptor before anything in it is touched.
 */
import { rmdir, unlink } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { ensureError, fail, ok, type Result } from '../../src/errors.ts';
import { type HeldFolder, holdFolder } from '../../src/lib/held-folder.ts';

export const deleteStubbornFolder = async (folder: string): Promise<Result<void>> => {
  try {
    const above = await holdFolder(dirname(folder));
    try {
      await removeIn(above, basename(folder));
    } finally {
      await above.close();
    }
    return ok(undefined);
  } catch (thrown) {
    return fail('CCM_GIT_FAILED', `${folder} could not be deleted whole: ${ensureError(thrown).message}.`, { path: folder });
  }
};

/** Rounds of somebody who puts back what we remove. */
const MOST_ROUNDS = 100;

const removeIn = async (above: HeldFolder, name: string): Promise<void> => {
  for (let round = 0; ; round += 1) {
    try {
      return await removeOnce(above, name);
    } catch (thrown) {
      const { code } = ensureError(thrown) as NodeJS.ErrnoException;
      if (code === 'ENOENT') return;
      // It was something else a moment ago, or filled again: whoever does that is looked at anew, not for ever.
      if (!['ENOTDIR', 'ELOOP', 'ENOTEMPTY', 'EEXIST'].includes(code ?? '') || round >= MOST_ROUNDS) throw thrown;
    }
  }
};

const removeOnce = async (above: HeldFolder, name: string): Promise<void> => {
  try {
    return await unlink(above.at(name));
  } catch (thrown) {
    // A folder, says Linux with the first and others with the second.
    if (!['EISDIR', 'EPERM'].includes((ensureError(thrown) as NodeJS.ErrnoException).code ?? '')) throw thrown;
  }
  const folder = await holdFolder(above.at(name));
  try {
    await folder.chmod(0o700);
    for (const entry of await folder.entries()) await removeIn(folder, entry);
  } finally {
    await folder.close();
  }
  await rmdir(above.at(name));
};
