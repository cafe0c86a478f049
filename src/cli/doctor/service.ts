/** The service, where one is installed: runs, starts at boot, is what this version would write. */
import type { Cli } from '../cli.ts';
import { openService } from '../service.ts';
import { broken, type Check, fine, odd } from './check.ts';

export const serviceChecks = async (cli: Cli): Promise<Check[]> => {
  if (cli.platform !== 'linux' && cli.platform !== 'darwin') return [];
  const { service, spec } = await openService(cli);
  if (service.installed().length === 0)
    return [fine('service', 'not installed: `ccm up` starts the daemon by hand, `ccm service install` at boot')];
  const wanted = await spec();
  const facts = await service.facts(wanted.ok ? wanted.value : undefined);
  if (!facts.ok) return [odd('service', facts.problem.detail, 'Log in as this user, not by su or sudo.')];
  const { name, state, pid, linger, outdated, enabled, says } = facts.value;
  if (pid === null)
    return [broken('service', `${name} does not run (${[state, says].filter(Boolean).join(', ')}).`, 'Start it with `ccm up`.')];
  return [
    fine('service', `${name}: ${state}`),
    ...(enabled === false ? [odd('boot', 'It does not start by itself.', 'Run `ccm service install` again.')] : []),
    ...(linger === false
      ? [odd('linger', 'Daemon and agents end when you log out.', '`loginctl enable-linger` keeps them, from boot on.')]
      : []),
    ...(outdated ? [odd('units', 'They are not what an install would write now.', 'Run `ccm service install` again.')] : []),
  ];
};
