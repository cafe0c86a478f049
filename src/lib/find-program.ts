/** Looks a program up the way execvp does. */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';

/** Absolute path of an executable file, or null. A name with a slash is taken relative to `cwd`, any other one looked up in `path`. */
export const findProgram = async (name: string, path: string, cwd: string): Promise<string | null> => {
  const candidates = name.includes('/')
    ? [resolve(cwd, name)]
    : path
        .split(delimiter)
        .filter(isAbsolute)
        .map((folder) => join(folder, name));
  for (const candidate of candidates) {
    try {
      await access(candidate, constants.X_OK);
      if ((await stat(candidate)).isFile()) return candidate;
    } catch {
      // Not here, or not for us: the next folder decides.
    }
  }
  return null;
};
