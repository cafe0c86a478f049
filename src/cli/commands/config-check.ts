import { homedir } from 'node:os';
import { CcmError } from '../../errors.ts';
import { exits } from '../exit.ts';
import type { Run } from '../spec.ts';

export const run: Run = async (cli) => {
  // The checks of config.toml weigh more than the rest of the command line together.
  const [{ loadConfig }, { neverReached }] = await Promise.all([import('../../config.ts'), import('../../policy/rules.ts')]);
  const { config: path } = cli.home;
  const loaded = loadConfig({
    env: process.env,
    platform: process.platform,
    userHome: homedir(),
    cwd: cli.cwd,
    demoCommand: ['demo'],
  });
  if (!loaded.ok) {
    const { code, detail, extra } = loaded.problem;
    const mistakes = extra?.['mistakes'];
    if (!Array.isArray(mistakes)) throw new CcmError(code, detail, extra);
    cli.show({ data: { valid: false, path, mistakes, notes: [] } }, () => mistakes.map(String));
    return exits.failed;
  }
  const { policy, profiles, prices } = loaded.value;
  const notes = neverReached(policy).map(
    ({ at, because }) => `Rule ${at + 1} of [[policy]] can never count: rule ${because + 1} above it fits everything that it fits.`,
  );
  cli.show({ data: { valid: true, path, mistakes: [], notes } }, () => [
    `${path} is valid: ${profiles.length} agents, ${policy.length} rules of policy, ${prices.models.length} prices.`,
    ...notes,
  ]);
  return exits.ok;
};
