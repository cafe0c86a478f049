/**
 * A folder held by its descriptor: what is done in it is done in that very folder, whatever its name leads to by then. Between a look at a path and
 * its use somebody may put a link there; a descriptor cannot be put elsewhere. On Linux through `/proc/self/fd`. Elsewhere there is no such way
 * without native code: there the name is used, and only the looks before protect.
 */
import { constants, type Stats } from 'node:fs';
import { chmod, open, readdir, realpath } from 'node:fs/promises';

export type HeldFolder = {
  /** A path to the entry of that name, for calls that do not follow a link in the last place (lstat, unlink, rename, mkdir, O_NOFOLLOW). */
  at(name: string): string;
  entries(): Promise<string[]>;
  stat(): Promise<Stats>;
  chmod(mode: number): Promise<void>;
  /** Where it is now, without links. */
  real(): Promise<string>;
  close(): Promise<void>;
};

/** open(2): the place alone, so that a folder that may not be read can be held and its mode mended. The same number on all that Node supports. */
export const O_PATH = 0o10000000;

/** @throws the system's error: ENOTDIR or ELOOP when the last part of `path` is a link or no folder. */
export const holdFolder = async (path: string): Promise<HeldFolder> => {
  const linux = process.platform === 'linux';
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW | (linux ? O_PATH : 0));
  const base = linux ? `/proc/self/fd/${handle.fd}` : path;
  return {
    at: (name) => {
      if (name === '' || name === '.' || name === '..' || name.includes('/')) throw new Error(`"${name}" is not the name of an entry`);
      return `${base}/${name}`;
    },
    entries: () => readdir(`${base}/.`),
    stat: () => handle.stat(),
    chmod: (mode) => chmod(base, mode),
    real: () => realpath(base),
    close: () => handle.close(),
  };
};
