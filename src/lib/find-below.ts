/** Looks for a file by the ending of its name. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Absolute path of the first file, in the order of names, below `folder` (at most `depth` folders down) whose name ends so, or null. Links are not followed. */
export const findBelow = async (folder: string, endsWith: string, depth = 4): Promise<string | null> => {
  // Missing or closed to us: then nothing is there for us.
  const entries = (await readdir(folder, { withFileTypes: true }).catch(() => [])).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const found = entries.find((entry) => entry.isFile() && entry.name.endsWith(endsWith));
  if (found) return join(folder, found.name);
  if (depth === 0) return null;
  for (const entry of entries) {
    const below = entry.isDirectory() ? await findBelow(join(folder, entry.name), endsWith, depth - 1) : null;
    if (below !== null) return below;
  }
  return null;
};
