/** What the system says about processes: when one started, whether it still is the same one, what runs below it. */
import { readdir, readFile } from 'node:fs/promises';
import { runProcess } from '../../src/lib/run-process.ts';

/** Fields of `/proc/<pid>/stat` after the program's name, which may itself hold blanks and brackets. */
type Stat = { pid: number; state: string; parent: number; session: number; start: string };

const readStat = async (pid: number): Promise<Stat | null> => {
  const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => null); // No such process: the common answer, not trouble.
  if (text === null) return null;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { pid, state: fields[0] ?? '', parent: Number(fields[1]), session: Number(fields[3]), start: fields[19] ?? '' };
};

const ps = async (args: string[]): Promise<string> =>
  (await runProcess({ argv: ['/bin/ps', ...args], cwd: '/', env: { LC_ALL: 'C', TZ: 'UTC' }, timeoutMs: 5000 })).stdout;

let boot: Promise<string> | null = null;
/** Process numbers and start ticks begin anew at every boot, and alike ones do occur on virtual machines. */
const bootTag = (): Promise<string> => {
  boot ??= readFile('/proc/sys/kernel/random/boot_id', 'latin1').then(
    (id) => id.slice(0, 8),
    () => 'boot', // A sandbox may hide it; start ticks alone are then the best there is.
  );
  return boot;
};

/** Names a process beyond the reuse of its number. Null when there is no such process. Opaque: compare, never parse. */
export const startOf = async (pid: number): Promise<string | null> => {
  if (process.platform !== 'linux') {
    const line = (await ps(['-o', 'lstart=', '-p', String(pid)])).trim();
    return line === '' ? null : line.replaceAll(/\s+/g, '-');
  }
  const stat = await readStat(pid);
  return stat === null ? null : `${stat.start}.${await bootTag()}`;
};

/** Whether the process that had this number and start is still there (a zombie is not). */
export const isAlive = async (pid: number, start: string): Promise<boolean> => {
  if (process.platform === 'linux' && (await readStat(pid))?.state === 'Z') return false;
  return (await startOf(pid)) === start;
};

/** Ended, but not yet noticed by its parent. Always false where there is no /proc. */
export const isZombie = async (pid: number): Promise<boolean> => process.platform === 'linux' && (await readStat(pid))?.state === 'Z';

const allProcesses = async (): Promise<Pick<Stat, 'pid' | 'parent' | 'session'>[]> => {
  if (process.platform !== 'linux') {
    const rows = (await ps(['-axo', 'pid=,ppid=,sess='])).trim().split('\n');
    // macOS prints the session as an address or 0: only the parent counts there.
    return rows.map((row) => row.trim().split(/\s+/).map(Number)).map(([pid = 0, parent = 0]) => ({ pid, parent, session: 0 }));
  }
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const stats = await Promise.all(pids.map(readStat));
  return stats.filter((stat) => stat !== null && stat.state !== 'Z').filter((stat) => stat !== null);
};

/**
 * `root` and everything below it, leaves first. On Linux also what left the tree by a double fork but stayed in root's session
 * (the process of a pane leads one).
 */
export const processTree = async (root: number): Promise<number[]> => {
  const all = await allProcesses();
  const children = Map.groupBy(all, (row) => row.parent);
  const found = new Set<number>();
  const order: number[] = [];
  const visit = (pid: number): void => {
    if (found.has(pid)) return;
    found.add(pid);
    for (const child of children.get(pid) ?? []) visit(child.pid);
    order.push(pid);
  };
  if (all.some((row) => row.pid === root)) visit(root);
  const strays: number[] = [];
  for (const row of all) {
    if (row.session !== root || found.has(row.pid)) continue;
    const before = order.length;
    visit(row.pid);
    strays.push(...order.splice(before));
  }
  return [...strays, ...order];
};
