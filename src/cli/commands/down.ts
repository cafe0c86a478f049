import { existsSync } from 'node:fs';
import type { Stopping } from '../../api/contract/index.ts';
import { CcmError } from '../../errors.ts';
import type { Cli } from '../cli.ts';
import { pidAlive, readRunFile } from '../daemon-address.ts';
import { agentsGoOn, startDetached, waitForEnd } from '../daemon-process.ts';
import { exits } from '../exit.ts';
import { installedService, sure } from '../service.ts';
import type { Run } from '../spec.ts';
import { ticker } from '../ticker.ts';

/** Agents are asked to end in good order before they are ended. */
const END_MS = 60_000;

export const run: Run = async (cli, input) => {
  const agents = input.flag('all') ? 'stop' : 'keep';
  const service = await installedService(cli);
  const runs = runningPid(cli);
  if (input.flag('dry-run')) return foretell(cli, agents, runs);
  if (runs === null && (agents === 'keep' || !existsSync(cli.home.database))) {
    // Between two starts (a crash loop, a hang that was ended) there is no process, and without this the next one.
    if (service) sure(await service.service.stop());
    const still = service ? ` ${service.facts.name} starts it again with \`ccm up\` and at the next boot.` : '';
    cli.show({ data: { stopping: false, running: false } }, () => [`The daemon is not running.${still}`]);
    return exits.ok;
  }
  let pid = runs;
  if (service) {
    // Ended behind its back it would be started again. With --all the daemon is started once more, alone.
    sure(await service.service.stop());
    if (agents === 'keep') {
      cli.show({ data: { stopping: true, agents } }, () => [
        `Stopped ${service.facts.name}; it starts again with \`ccm up\` and at the next boot.`,
        ...agentsGoOn,
      ]);
      return exits.ok;
    }
    pid = null;
  }
  if (pid === null) {
    // Agents outlive the daemon, and only it knows how each of them is ended and writes down that it was.
    cli.note('The daemon is not running; it is started once more to stop the agents.');
    pid = (await startDetached(cli, undefined)).pid;
  }
  const reply = await cli.api.post<Stopping>('/shutdown', { body: { agents } });
  const line = ticker(cli, () => (agents === 'stop' ? 'Stopping the agents and the daemon …' : 'Stopping the daemon …'));
  const gone = await waitForEnd(pid, END_MS);
  line.stop();
  if (!gone)
    throw new CcmError('CCM_STOPPING', `The daemon (process ${pid}) is still there after ${END_MS / 1000} s.`, {
      next: `See \`ccm logs --daemon\`; \`kill ${pid}\` ends it, nothing acknowledged is lost.`,
    });
  cli.show(reply, () => (agents === 'stop' ? ['Stopped the agents and the daemon.'] : ['Stopped the daemon.', ...agentsGoOn]));
  return exits.ok;
};

const runningPid = (cli: Cli): number | null => {
  const run = readRunFile(cli.home);
  return run && pidAlive(run.pid) ? run.pid : null;
};

const foretell = (cli: Cli, agents: 'keep' | 'stop', pid: number | null): number => {
  const consequence =
    pid === null && agents === 'keep'
      ? 'The daemon is not running.'
      : agents === 'stop'
        ? 'Would stop every agent, then the daemon.'
        : `Would stop the daemon (process ${pid}); agents keep running.`;
  cli.show({ data: { dryRun: true, legal: true, consequence, agents } }, () => [consequence, 'Nothing was done.']);
  return exits.ok;
};
