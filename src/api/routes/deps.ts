/** What routes are built from. */
import type { Config } from '../../config.ts';
import type { Result } from '../../errors.ts';
import type { Clock } from '../../ports/system.ts';
import type { Terminal } from '../../ports/terminal.ts';
import type { Runtime } from '../../runtime/types.ts';
import type { Services } from '../../services/index.ts';
import type { SyncService } from '../../services/sync/index.ts';
import type { TokenDesk } from '../auth/tokens.ts';
import type { Report } from '../contract/report.ts';
import type { DecisionWaiters } from '../streams/decision-waiters.ts';

/** Takes what an agent tells of itself; a question comes back with the id of its approval. Built by the supervisor. */
export type AcceptReport = (agent: string, report: Report) => Promise<Result<{ approval: string | null }>>;

/** Takes one call of a hook of an agent's program and returns what to answer it. Built by the supervisor. */
export type HearHook = (
  agent: string,
  call: { kind: string; payload: Readonly<Record<string, unknown>> },
  left: AbortSignal,
) => Promise<Result<unknown>>;

export type RouteDeps = {
  services: Services;
  sync: SyncService;
  runtime: Runtime;
  terminal: Terminal;
  config: Config;
  clock: Clock;
  desk: TokenDesk;
  acceptReport: AcceptReport;
  hearHook: HearHook;
  waiters: DecisionWaiters;
  /** `http://127.0.0.1:PORT`, as people are to open it. */
  origin: () => string;
  /** Not ready: why `/readyz` says no, or null. */
  notReady: () => string | null;
  version: string;
  /** Built web interface; its `charts/` holds the drawn charts. */
  webRoot: string;
  /** The agent in whose window the peer of this connection runs, or null; absent where that cannot be told. */
  insideAgent?: ((peer: { port: number; ipv6: boolean }) => Promise<string | null>) | undefined;
};
