import type { SignedInView } from '../../api/contract/index.ts';
import { exits } from '../exit.ts';
import { signedInLine } from '../sign-in.ts';
import type { Run } from '../spec.ts';

export const run: Run = async (cli) => {
  const reply = await cli.api.get<SignedInView>('/sync/whoami');
  cli.show(reply, () => [signedInLine(reply.data)]);
  return exits.ok;
};
