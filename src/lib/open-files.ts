/** Which processes have a file open. Linux only, and of the processes whose files we may see; elsewhere the answer is empty. */
import { readdir, readFile, readlink } from 'node:fs/promises';

type Holder = { pid: number; command: string };

/** Ended meanwhile, or another user's: then nothing can be said of it. */
const unseen = () => null;

const hasOpen = async (pid: number, path: string): Promise<boolean> => {
  const names = (await readdir(`/proc/${pid}/fd`).catch(unseen)) ?? [];
  for (const name of names) if ((await readlink(`/proc/${pid}/fd/${name}`).catch(unseen)) === path) return true;
  return false;
};

/** `path`: absolute, without links. `but`: processes that may have it open. */
export const holdersOf = async (path: string, but: readonly number[]): Promise<Holder[]> => {
  if (process.platform !== 'linux') return [];
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/u.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid): Promise<Holder | null> => {
      if (but.includes(pid) || !(await hasOpen(pid, path))) return null;
      const [program = ''] = ((await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(unseen)) ?? '').split('\0');
      return { pid, command: program };
    }),
  );
  return found.filter((one) => one !== null);
};
