/** What the daemon tells of itself, and what it does to its own files and processes when asked. */
import { ok, type Result } from '../errors.ts';
import { sweepAgents } from '../lib/agent-processes.ts';
import type { Terminal } from '../ports/terminal.ts';
import type { DaemonFacts } from '../services/deps.ts';

type TmuxFacts = ReturnType<DaemonFacts['tmux']>;

type Parts = {
  version: string;
  /** Version of tmux. */
  tmux: string;
  /** ms since 1970 */
  startedAt: number;
  /** Absolute path. */
  home: string;
  terminal: Pick<Terminal, 'generation'> & {
    facts(): Required<Pick<TmuxFacts, 'connected' | 'socket' | 'scope' | 'scopeReason'>> & { trouble: string | null };
  };
  backup: (target: string) => Promise<Result<{ bytes: number }>>;
};

export const daemonFacts = ({
  version,
  tmux,
  startedAt,
  home,
  terminal,
  backup,
}: Parts): Pick<DaemonFacts, 'version' | 'pid' | 'startedAt' | 'node' | 'tmux' | 'backup' | 'sweep'> => ({
  version,
  pid: process.pid,
  startedAt,
  node: process.versions.node,
  tmux: () => {
    const { connected, socket, trouble, scope, scopeReason } = terminal.facts();
    const seen = { connected, version: tmux, generation: terminal.generation(), socket, scope, scopeReason };
    return trouble ? { ...seen, problem: trouble } : seen;
  },
  backup: async (path) => {
    const copied = await backup(path);
    return copied.ok ? ok({ path, bytes: copied.value.bytes, verified: true }) : copied;
  },
  sweep: () => sweepAgents(home),
});
