/** What the services stand on. Everything that touches the world comes in here; `src/daemon.ts` gives the real ones. */
import type { Profile } from '../../machines/effects.ts';
import type { MachineKind } from '../../machines/kind.ts';
import type { Consequence } from '../api/contract/envelope.ts';
import type { Task } from '../api/contract/task.ts';
import type { Config } from '../config.ts';
import type { Result } from '../errors.ts';
import type { Sweep } from '../lib/agent-processes.ts';
import type { Lack } from '../ports/agents.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { Store } from '../ports/store.ts';
import type { Clock } from '../ports/system.ts';
import type { Terminal } from '../ports/terminal.ts';
import type { Workspaces } from '../ports/workspaces.ts';
import type { Runtime } from '../runtime/types.ts';
import type { Caller } from './caller.ts';
import type { Elsewhere } from './elsewhere.ts';

export type ServiceDeps = {
  runtime: Runtime;
  store: Pick<Store, 'projects' | 'kv' | 'journal' | 'views' | 'usage' | 'damage' | 'outbox'>;
  kinds: Readonly<Record<string, MachineKind>>;
  config: Config;
  clock: Clock;
  secrets: Secrets;
  workspaces: Workspaces;
  terminal: Terminal;
  /** Why a queued task does not start yet: admission's own sentences. */
  waiting?: (task: string) => string[];
  /** The last screen of an agent whose window is gone, or null. */
  savedScreen?: (agent: string) => Promise<string | null>;
  /** Where a program is, by the PATH agents get; null when it is not installed. */
  findProgram: (command: string) => Promise<string | null>;
  /** What keeps a profile from reaching its model, as far as can be told without starting it. Absent: nothing is known of that. */
  lacks?: (profile: Readonly<Profile>) => Promise<Lack | null>;
  /** Other machines, once there is a hub. */
  elsewhere?: Elsewhere;
  daemon: DaemonFacts;
};

export type DaemonFacts = {
  version: string;
  pid: number;
  startedAt: number;
  node: string;
  /** Where the API listens. */
  url: () => string;
  tmux: () => {
    connected: boolean;
    version: string | null;
    generation: string | null;
    socket: string | null;
    problem?: string;
    scope?: string | null;
    scopeReason?: string | null;
  };
  sync: () => { state: string; reason: string | null; pending: number };
  /** Writes a verified copy of the database. */
  backup: (path: string) => Promise<Result<{ path: string; bytes: number; verified: boolean }>>;
  /** Ends every process that was started inside an agent, at once, and says what is left. */
  sweep: () => Promise<Sweep>;
  /** Replaces the token that the command line reads; the old one stops working. */
  renewToken: () => Promise<Result<void>>;
  /** A task for the demo agent, in a small project of its own that is made where it is missing. */
  demo: (caller: Caller) => Promise<Result<Task | Consequence>>;
  /** Begins to end the daemon; comes back before it is done. */
  stop: (agents: 'keep' | 'stop') => void;
  /** Begins to end it too, with another one waiting for its place. */
  handOver: () => Promise<Result<{ pid: number }>>;
};
