/** Keeps paths inside a folder, through whatever links a commit may hold, and whoever exchanges one while we look. */
import { mkdir, realpath } from 'node:fs/promises';
import { basename, dirname, sep } from 'node:path';
import { type HeldFolder, holdFolder } from '../../src/lib/held-folder.ts';

/** By name only: both absolute, without `..`. */
export const isInside = (path: string, folder: string): boolean => path === folder || path.startsWith(folder === sep ? sep : folder + sep);

/** The folder that `path` leads to, held; null when that is outside `top`. Judged is what is held, not what the name led to before. */
export const holdInside = async (path: string, top: string): Promise<HeldFolder | null> => {
  const held = await holdFolder(await realpath(path));
  // Removed meanwhile: then it is inside of nothing.
  const real = await held.real().catch(() => null);
  if (real !== null && isInside(real, top)) return held;
  await held.close();
  return null;
};

/**
 * Makes `folder` and what is missing above it. False, with nothing made, when that would happen outside `top` (a real path);
 * `made` tells whether it was there before.
 */
export const makeInside = async (folder: string, top: string): Promise<{ inside: boolean; made: boolean }> => {
  if (!isInside(folder, top)) return { inside: false, made: false };
  const real = await realpath(folder).catch(() => null); // Not there yet.
  if (real !== null) return { inside: isInside(real, top), made: false };
  const above = await makeInside(dirname(folder), top);
  if (!above.inside) return above;
  const parent = await holdInside(dirname(folder), top);
  if (parent === null) return { inside: false, made: false };
  try {
    // Not recursive: a dangling link in the last place makes this fail instead of being followed.
    await mkdir(parent.at(basename(folder)));
  } finally {
    await parent.close();
  }
  return { inside: true, made: true };
};
