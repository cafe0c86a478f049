import { exits } from '../exit.ts';
import { readConfig } from '../read-config.ts';
import type { Run } from '../spec.ts';

export const run: Run = async (cli) => {
  const [read, { neverReached }] = await Promise.all([readConfig(cli), import('../../policy/rules.ts')]);
  const { config: path } = cli.home;
  if ('mistakes' in read) {
    const { mistakes } = read;
    cli.show({ data: { valid: false, path, mistakes, notes: [] } }, () => mistakes);
    return exits.failed;
  }
  const { policy, profiles, prices } = read.config;
  const notes = neverReached(policy).map(
    ({ at, because }) => `Rule ${at + 1} of [[policy]] can never count: rule ${because + 1} above it fits everything that it fits.`,
  );
  cli.show({ data: { valid: true, path, mistakes: [], notes } }, () => [
    `${path} is valid: ${profiles.length} agents, ${policy.length} rules of policy, ${prices.models.length} prices.`,
    ...notes,
  ]);
  return exits.ok;
};
