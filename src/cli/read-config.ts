/** config.toml as the next start would read it: for `ccm config check` and the doctor. */
import { homedir } from 'node:os';
import type { Config } from '../config.ts';
import { CcmError } from '../errors.ts';
import type { Cli } from './cli.ts';

/** Every mistake with its file and line, or what it says. Throws what is no mistake in the file. */
export const readConfig = async (cli: Pick<Cli, 'cwd'>): Promise<{ mistakes: string[] } | { config: Config }> => {
  // The checks of config.toml weigh more than the rest of the command line together.
  const { loadConfig } = await import('../config.ts');
  const place = { env: process.env, platform: process.platform, userHome: homedir(), cwd: cli.cwd };
  const loaded = loadConfig({ ...place, demoCommand: ['demo'] });
  if (loaded.ok) return { config: loaded.value };
  const { code, detail, extra } = loaded.problem;
  const mistakes = extra?.['mistakes'];
  if (!Array.isArray(mistakes)) throw new CcmError(code, detail, extra);
  return { mistakes: mistakes.map(String) };
};
