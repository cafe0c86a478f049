/** Questions of `ccm init` and `ccm login`: what is typed wrong is said at once and may be typed again, three times; a secret is not shown. */
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { askUntil } from '../../src/cli/ask.ts';
import type { Cli } from '../../src/cli/cli.ts';
import { keyTrouble, urlTrouble } from '../../src/cli/hub-address.ts';
import type { Input } from '../../src/cli/input.ts';
import { signInWith } from '../../src/cli/sign-in.ts';
import { CcmError } from '../../src/errors.ts';

type Body = { email: string; password: string; code?: string };

/** A terminal at which these are typed, one per question. */
const terminal = (typed: string[], hub: (body: Body) => { needs: 'code' | null }) => {
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
  stdin.on('resume', () => void setImmediate(() => stdin.write(`${typed.shift() ?? '\u0003'}\n`)));
  const [notes, shown, asked]: [string[], string[], Body[]] = [[], [], []];
  const cli = {
    stdin: () => stdin,
    stderr: { write: (text: string) => shown.push(text) > 0 },
    note: (line: string) => void notes.push(line),
    api: {
      post: async (_path: string, { body }: { body: Body }) => {
        asked.push(body);
        return { data: { ...hub(body), email: body.email, strong: false } };
      },
    },
  };
  return { cli: cli as never as Cli, notes, shown, asked };
};
const input = { text: () => undefined, flag: () => false } as never as Input;
const refused = (field: string, words: string) => new CcmError('CCM_HUB_REFUSED', words, { field });

test('a wrong password is said, and asked for again with its email', async () => {
  const { cli, notes, shown, asked } = terminal(['ada', 'wrong', 'ada', 'right'], ({ password }) => {
    if (password !== 'right') throw refused('password', 'The hub does not know this email and password.');
    return { needs: null };
  });
  await signInWith(cli, input, '/sync/login');
  expect(notes).toEqual(['The hub does not know this email and password.']);
  expect(asked.map(({ password }) => password)).toEqual(['wrong', 'right']);
  expect(shown.join('')).not.toMatch(/wrong|right/);
});

test('three times at most; and what typing cannot mend is said once', async () => {
  const never = terminal(['a', '1', 'a', '2', 'a', '3', 'a', '4'], () => {
    throw refused('password', 'No.');
  });
  await expect(signInWith(never.cli, input, '/sync/login')).rejects.toThrow('No.');
  expect(never.asked).toHaveLength(3);
  const key = terminal(['a', '1', 'a', '2'], () => {
    throw refused('key', 'The hub does not take this key.');
  });
  await expect(signInWith(key.cli, input, '/sync/enable')).rejects.toThrow('this key');
  expect(key.asked).toHaveLength(1);
});

test('the code of a second factor is asked for when it is wanted', async () => {
  const { cli, asked } = terminal(['ada', 'right', '123456'], ({ code }) => ({ needs: code === undefined ? 'code' : null }));
  await signInWith(cli, input, '/sync/login');
  expect(asked.at(-1)).toEqual({ email: 'ada', password: 'right', code: '123456' });
});

test('an address that cannot be one is asked for again before anything else', async () => {
  const { cli, notes } = terminal(['abcd.supabase.co', 'http://example.org', 'https://abcd.supabase.co'], () => ({ needs: null }));
  expect(await askUntil(cli, 'URL?', urlTrouble)).toBe('https://abcd.supabase.co');
  expect(notes).toHaveLength(2);
  expect(notes[0]).toContain('https://abcd.supabase.co');
  for (const fine of ['https://a.example', 'http://127.0.0.1:54321', 'http://[::1]:1', 'http://localhost:1'])
    expect(urlTrouble(fine)).toBeNull();
  expect(keyTrouble('sb_secret_everything')).toContain('secret key');
  expect(keyTrouble('short')).toContain('publishable');
  expect(keyTrouble('sb_publishable_x')).toBeNull();
});
