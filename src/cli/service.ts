/** The service as the commands meet it: picked, asked, and never in the way when there is none. */
import { homedir } from 'node:os';
import { CcmError, type Result } from '../errors.ts';
import type { Service, ServiceFacts, ServiceSpec } from '../ports/service.ts';
import type { Cli } from './cli.ts';
import { runningDaemon, waitForEnd } from './daemon-process.ts';

export const sure = <T>(result: Result<T>): T => {
  if (result.ok) return result.value;
  throw new CcmError(result.problem.code, result.problem.detail, result.problem.extra);
};

/** Loaded only where it is asked for. */
export const openService = async (cli: Cli): Promise<{ service: Service; spec: () => Promise<Result<ServiceSpec>> }> => {
  const { pickService, serviceSpec } = await import('../service.ts');
  const place = { home: cli.home, env: cli.env, platform: cli.platform, userHome: homedir(), cwd: cli.cwd };
  return { service: sure(pickService(place)), spec: () => serviceSpec(place) };
};

/** The installed service, or null: also where no manager answers, since then nothing is run by one. */
export const installedService = async (cli: Cli): Promise<{ service: Service; facts: ServiceFacts } | null> => {
  if (cli.platform !== 'linux' && cli.platform !== 'darwin') return null;
  const { service } = await openService(cli);
  if (service.installed().length === 0) return null;
  const facts = await service.facts();
  return facts.ok ? { service, facts: facts.value } : null;
};

const END_MS = 60_000;

/** A daemon that was started by hand holds the home: it is stopped, its agents go on. Returns its pid, or null when there is none. */
export const makeRoom = async (cli: Cli, servicePid: number | null): Promise<number | null> => {
  const running = await runningDaemon(cli);
  if (!running || running.pid === servicePid) return null;
  await cli.api.post('/shutdown', { body: { agents: 'keep' } });
  if (await waitForEnd(running.pid, END_MS)) return running.pid;
  throw new CcmError('CCM_STOPPING', `The daemon (process ${running.pid}) is still there after ${END_MS / 1000} s.`);
};
