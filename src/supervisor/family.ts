/** Everything an agent started, and the signals sent to it. */
import { descendantsOf, listProcesses, markedProcesses } from '../lib/process-table.ts';
import type { PaneRef, Terminal } from '../ports/terminal.ts';

export type Family = {
  /** Every living process of the agent but the wrapper, deepest first. */
  members: number[];
  /** The program itself and what else the wrapper started: usually one. */
  heads: number[];
};

/** Zombies are ended: nothing can be sent to them, their parent will collect them. */
const living = (state: string): boolean => !/^[ZX]/u.test(state);

/**
 * Who belongs to an agent: what descends from its window's process, and whoever carries its id in the environment (a grandchild that left
 * by `setsid` and lost its parent). Never ourselves nor whoever started us, should we have been started from inside an agent.
 */
export const familyOf = async (terminal: Terminal, agent: string, pane: PaneRef | null): Promise<Family> => {
  // The port's answer counts only while the pane is really that process, not a later one with its number.
  const known = pane === null ? null : await terminal.descendants(pane);
  const [rows, marked] = await Promise.all([listProcesses(), markedProcesses(`CCM_AGENT_ID=${agent}`)]);
  const byPid = new Map(rows.map((row) => [row.pid, row]));
  const own = new Set<number>();
  for (let pid = process.pid; pid > 0 && !own.has(pid); pid = byPid.get(pid)?.parent ?? 0) own.add(pid);

  const wrapper = pane !== null && known?.ok === true ? pane.pid : null;
  const roots = [...new Set([...(known?.ok ? known.value : []), ...marked])];
  const members = [...new Set([...descendantsOf(rows, roots), ...roots])].filter((pid) => {
    const row = byPid.get(pid);
    return row !== undefined && living(row.state) && pid !== wrapper && pid !== pane?.pid && !own.has(pid);
  });
  return { members, heads: members.filter((pid) => wrapper !== null && byPid.get(pid)?.parent === wrapper) };
};

/** Sends to each; returns how many got it. One that is gone already is no trouble. */
export const signalAll = (pids: readonly number[], signal: NodeJS.Signals): number => {
  let reached = 0;
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
      reached += 1;
    } catch {
      // ESRCH: it ended between looking and sending. EPERM: it changed its user; what remains is found when the end is verified.
    }
  }
  return reached;
};

/** Stops every member; looks again until no new one appeared, since one may fork while it is being looked for. */
export const freeze = async (terminal: Terminal, agent: string, pane: PaneRef | null): Promise<number[]> => {
  const stopped = new Set<number>();
  for (let round = 0; round < 10; round += 1) {
    const { members } = await familyOf(terminal, agent, pane);
    const fresh = members.filter((pid) => !stopped.has(pid));
    if (fresh.length === 0) break;
    signalAll(fresh, 'SIGSTOP');
    for (const pid of fresh) stopped.add(pid);
  }
  return [...stopped];
};
