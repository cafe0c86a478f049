/** A file with a mistake stops the next start; a daemon that runs goes by what it said before, without a word on the screen. */
import type { Cli } from '../cli.ts';
import { readConfig } from '../read-config.ts';
import { broken, type Check, fine } from './check.ts';

export const configCheck = async (cli: Cli): Promise<Check> => {
  const read = await readConfig(cli);
  if ('config' in read) return fine('config', `${cli.home.config} has no mistake`);
  const [first = '', ...more] = read.mistakes;
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  return broken(
    'config',
    `${first}${others} A daemon that runs goes by what the file said before; the next start would refuse it.`,
    'Correct the line; `ccm config check` names every mistake.',
  );
};
