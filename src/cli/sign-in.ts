/** Email, password and code, from options or asked for; then the sign-in, and the code when the account wants one. */
import type { SignedInView } from '../api/contract/index.ts';
import { CcmError } from '../errors.ts';
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

/** What was typed wrong may be typed again. */
const tries = 3;
const wrong = (error: unknown): error is CcmError =>
  error instanceof CcmError && ['email', 'password', 'code'].includes(String(error.extra?.['field']));

export const signInWith = async (
  cli: Cli,
  input: Input,
  path: string,
  more: Record<string, unknown> = {},
): Promise<Reply<SignedInView>> => {
  // A wrong code is no reason to type the password again.
  let typed: Typed | null = null;
  for (let left = tries; ; left -= 1) {
    const email: string = typed?.email ?? input.text('email') ?? (await ask(cli, 'Email?'));
    const password: string = typed?.password ?? (input.flag('password-stdin') ? await fromStdin(cli) : await askPassword(cli));
    try {
      return await once(cli, input, path, { ...more, email, password });
    } catch (error) {
      if (input.flag('password-stdin') || left === 1 || !wrong(error)) throw error;
      typed = error.extra?.['field'] === 'code' && input.text('code') === undefined ? { email, password } : null;
      cli.note(error.message);
    }
  }
};

type Typed = { email: string; password: string };
/** A slip on the Enter key is no password. */
const askPassword = async (cli: Cli): Promise<string> =>
  (await askSecret(cli, 'Password?')) || askSecret(cli, 'Nothing was typed. Password?');

const once = async (cli: Cli, input: Input, path: string, given: Record<string, unknown>): Promise<Reply<SignedInView>> => {
  const code = input.text('code');
  const body = { ...given, ...(code === undefined ? {} : { code }) };
  const reply = await cli.api.post<SignedInView>(path, { body });
  if (reply.data.needs !== 'code') return reply;
  if (!cli.stdin().isTTY) throw usageError('The account wants the code of its second factor.', 'Give it with --code.');
  return cli.api.post<SignedInView>(path, { body: { ...body, code: await ask(cli, 'Code of your authenticator app?') } });
};

export const signedInLine = ({ email, strong }: SignedInView): string =>
  `Signed in as ${email ?? 'nobody'}${strong ? ', with a second factor' : ''}.`;
