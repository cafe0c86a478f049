/** Keeps paths inside a folder, through whatever links a commit may hold. */
import { mkdir, realpath } from 'node:fs/promises';
import { dirname, sep } from 'node:path';

/** By name only: both absolute, without `..`. */
export const isInside = (path: string, folder: string): boolean => path === folder || path.startsWith(folder === sep ? sep : folder + sep);

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
  // Not recursive: a dangling link in the last place makes this fail instead of being followed.
  await mkdir(folder);
  return { inside: true, made: true };
};
