import { CcmError } from '../../errors.ts';
import { candidates } from '../candidates.ts';
import { exits } from '../exit.ts';
import type { Run } from '../spec.ts';
import { oneLine } from '../width.ts';

export const run: Run = async (cli, { args }) => {
  try {
    const found = await candidates(cli, args);
    cli.show({ data: found }, () => found.map(({ value, says }) => (says ? `${oneLine(value)}\t${oneLine(says)}` : oneLine(value))));
  } catch (thrown) {
    // While somebody types, no daemon means no candidates, and no noise in the prompt.
    if (!(thrown instanceof CcmError)) throw thrown;
    cli.show({ data: [] }, () => []);
  }
  return exits.ok;
};
