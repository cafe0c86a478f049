import type { EnrolmentView, SignedInView } from '../../api/contract/index.ts';
import { ask } from '../ask.ts';
import { exits } from '../exit.ts';
import { signedInLine, signInWith } from '../sign-in.ts';
import type { Run } from '../spec.ts';

export const run: Run = async (cli, input) => {
  // Nothing is asked for that there is nobody to take.
  await cli.api.get('/sync');
  if (!input.flag('enrol')) {
    const reply = await signInWith(cli, input, '/sync/login');
    cli.show(reply, () => [signedInLine(reply.data)]);
    return exits.ok;
  }
  const { data } = await cli.api.post<EnrolmentView>('/sync/factor');
  cli.note(`Put this secret into your authenticator app: ${data.secret}`);
  cli.note(data.uri);
  const code = input.text('code') ?? (await ask(cli, 'Its first code?'));
  const reply = await cli.api.post<SignedInView>('/sync/factor/confirm', { body: { factor: data.factor, code } });
  cli.show(reply, () => [signedInLine(reply.data), 'Other machines sign in again with `ccm login`.']);
  return exits.ok;
};
