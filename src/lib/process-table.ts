/** Which processes there are, who started whom, and which carry a mark in their environment. */
import { readdir, readFile } from 'node:fs/promises';
import { runProcess } from './run-process.ts';

/** `state`: the kernel's letter (`R S D T Z …`). */
export type ProcessRow = { pid: number; parent: number; state: string };

/** Every process of the machine that we may see. Linux: from /proc; elsewhere: from ps. */
export const listProcesses = async (): Promise<ProcessRow[]> => (process.platform === 'linux' ? fromProc() : fromPs());

const pidsInProc = async (): Promise<number[]> => (await readdir('/proc')).filter((name) => /^\d+$/u.test(name)).map(Number);

const fromProc = async (): Promise<ProcessRow[]> => {
  const rows = await Promise.all(
    (await pidsInProc()).map(async (pid): Promise<ProcessRow | null> => {
      // A process that ended between readdir and here has no file any more.
      const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
      // `pid (name) state parent …`: the name may hold blanks and parentheses, so look behind the last one.
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return state && parent ? { pid, parent: Number(parent), state } : null;
    }),
  );
  return rows.filter((row) => row !== null);
};

const fromPs = async (): Promise<ProcessRow[]> => {
  const { stdout } = await runProcess({ argv: ['/bin/ps', '-axo', 'pid=,ppid=,state='], cwd: '/', env: {}, timeoutMs: 5_000 });
  return stdout
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [pid, parent, state] = line.trim().split(/\s+/u);
      return pid && parent && state ? [{ pid: Number(pid), parent: Number(parent), state }] : [];
    });
};

/** Processes below these, deepest first, the given ones not included. */
export const descendantsOf = (rows: readonly ProcessRow[], roots: readonly number[]): number[] => {
  const children = new Map<number, number[]>();
  for (const { pid, parent } of rows) children.set(parent, [...(children.get(parent) ?? []), pid]);
  const found: number[] = [];
  const seen = new Set(roots);
  let level = [...roots];
  while (level.length > 0) {
    level = level.flatMap((pid) => children.get(pid) ?? []).filter((pid) => !seen.has(pid));
    for (const pid of level) seen.add(pid);
    found.unshift(...level);
  }
  return found;
};

/**
 * Processes started with `NAME=value` in their environment (as it was at their start): finds what left its family by `setsid` and a dead
 * parent. Linux only; elsewhere nobody may read another process' environment reliably, and the answer is empty.
 */
export const markedProcesses = async (mark: string): Promise<number[]> => {
  if (process.platform !== 'linux') return [];
  const found = await Promise.all(
    (await pidsInProc()).map(async (pid) => {
      // Not ours (EACCES) or ended meanwhile (ENOENT): not one we started.
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      return `\0${environment}`.includes(`\0${mark}\0`) ? pid : null;
    }),
  );
  return found.filter((pid) => pid !== null);
};
