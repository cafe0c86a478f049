/** Deletes a folder whose insides may be read-only. Symbolic links are removed, never followed. */
import { chmod, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureError, fail, ok, type Result } from '../../src/errors.ts';

export const deleteStubbornFolder = async (folder: string): Promise<Result<void>> => {
  try {
    await makeWritable(folder);
    await rm(folder, { recursive: true, force: true });
    return ok(undefined);
  } catch (thrown) {
    return fail('CCM_GIT_FAILED', `${folder} could not be deleted whole: ${ensureError(thrown).message}.`, { path: folder });
  }
};

const makeWritable = async (folder: string): Promise<void> => {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
  }
};
