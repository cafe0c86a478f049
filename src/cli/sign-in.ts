/** Email, password and code, from options or asked for; then the sign-in, and the code when the account wants one. */
import type { SignedInView } from '../api/contract/index.ts';
import type { Reply } from './api.ts';
import { ask, askSecret } from './ask.ts';
import type { Cli } from './cli.ts';
import { usageError } from './exit.ts';
import type { Input } from './input.ts';

const fromStdin = async (cli: Cli): Promise<string> => {
  let text = '';
  for await (const part of cli.stdin()) text += String(part);
  return text.split('\n')[0] ?? '';
};

export const signInWith = async (
  cli: Cli,
  input: Input,
  path: string,
  more: Record<string, unknown> = {},
): Promise<Reply<SignedInView>> => {
  const email = input.text('email') ?? (await ask(cli, 'Email?'));
  const password = input.flag('password-stdin') ? await fromStdin(cli) : await askSecret(cli, 'Password?');
  const code = input.text('code');
  const body = { ...more, email, password, ...(code === undefined ? {} : { code }) };
  const reply = await cli.api.post<SignedInView>(path, { body });
  if (reply.data.needs !== 'code') return reply;
  if (!cli.stdin().isTTY) throw usageError('The account wants the code of its second factor.', 'Give it with --code.');
  return cli.api.post<SignedInView>(path, { body: { ...body, code: await ask(cli, 'Code of your authenticator app?') } });
};

export const signedInLine = ({ email, strong }: SignedInView): string =>
  `Signed in as ${email ?? 'nobody'}${strong ? ', with a second factor' : ''}.`;
