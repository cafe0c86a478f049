/**
 * Every process that was started inside one of a home's agents, however far it went since: each carries the home and its agent in its environment
 * from birth, through `setsid`, a dead parent and another session. What it cannot see: a program that was started with a cleared environment and
 * left its family, and anything on a system where environments cannot be read.
 */
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { listProcesses } from './process-table.ts';

type AgentProcess = { pid: number; agent: string; command: string };
/** `sure`: this system lets us look. `left`: still there after everything. */
export type Sweep = { killed: AgentProcess[]; left: AgentProcess[]; sure: boolean };

const textOf = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => ''); // Ended, or another user's: not one of ours.

/** Ourselves and whoever started us: a person may stand in an agent's window. */
const ownLine = async (): Promise<Set<number>> => {
  const parents = new Map((await listProcesses()).map(({ pid, parent }) => [pid, parent]));
  const own = new Set<number>();
  for (let pid = process.pid; pid > 0 && !own.has(pid); pid = parents.get(pid) ?? 0) own.add(pid);
  return own;
};

/** `home`: absolute path as agents were given it. `but`: processes to be left alone (the daemon). */
export const agentProcesses = async (home: string, but: readonly number[] = []): Promise<AgentProcess[]> => {
  if (process.platform !== 'linux') return [];
  const spared = new Set([...(await ownLine()), ...but]);
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/u.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid): Promise<AgentProcess | null> => {
      const environment = (await textOf(`/proc/${pid}/environ`)).split('\0');
      const agent = environment.find((one) => one.startsWith('CCM_AGENT_ID='))?.slice('CCM_AGENT_ID='.length);
      if (!agent || spared.has(pid) || !environment.includes(`CCM_HOME=${home}`)) return null;
      // A zombie has no command line any more and cannot be ended further; its environment reads empty, so it does not come this far.
      const command = (await textOf(`/proc/${pid}/cmdline`)).split('\0').join(' ').trim();
      return { pid, agent, command: command.slice(0, 200) };
    }),
  );
  return found.filter((one) => one !== null);
};

/** Ends them all with SIGKILL, looks again until none is new, and says what was and what is left. */
export const sweepAgents = async (home: string, but: readonly number[] = []): Promise<Sweep> => {
  const killed = new Map<number, AgentProcess>();
  let left = await agentProcesses(home, but);
  for (let round = 0; round < 20 && left.length > 0; round += 1) {
    for (const one of left) {
      try {
        process.kill(one.pid, 'SIGKILL');
        killed.set(one.pid, one);
      } catch {
        // Ended meanwhile, or changed its user: the next look tells.
      }
    }
    await pause(25 * (round + 1));
    left = await agentProcesses(home, but);
  }
  return { killed: [...killed.values()], left, sure: process.platform === 'linux' };
};
