/** Everything that must be right for agents to run, checked one by one. */
import type { Cli } from '../cli.ts';
import { agentChecks } from './agents.ts';
import type { Check } from './check.ts';
import { configCheck } from './config.ts';
import { daemonChecks } from './daemon.ts';
import { homeChecks } from './home.ts';
import { programChecks } from './programs.ts';
import { secretChecks } from './secrets.ts';
import { serviceChecks } from './service.ts';

export const runChecks = async (cli: Cli, options: { fix: boolean; agents: boolean }): Promise<Check[]> => [
  ...(await programChecks(cli)),
  ...homeChecks(cli, options),
  await configCheck(cli),
  ...(await secretChecks(cli)),
  ...(await serviceChecks(cli, options)),
  ...(await daemonChecks(cli, options)),
  ...(options.agents ? await agentChecks(cli) : []),
];
