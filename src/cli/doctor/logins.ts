/** Gives agents their way to a model, once, with the person at the terminal: what comes of it goes to our store of secrets and nowhere else. */
import { spawn } from 'node:child_process';
import type { ProfileView, SecretStored } from '../../api/contract/index.ts';
import { CcmError } from '../../errors.ts';
import { pathOf } from '../api.ts';
import { ask } from '../ask.ts';
import type { Cli } from '../cli.ts';
import { runningDaemon } from '../daemon-process.ts';
import { askHidden } from '../hidden.ts';

type Way = {
  /** Where a key comes from, and the secret that every profile of the kind finds by itself. */
  key: { from: string; secret: string };
  /** The program's own login that ends with something to keep. Absent: its login stands in files of its own, which only `config = "own"` uses. */
  login?: { args: readonly string[]; secret: string; looks: RegExp };
};

const ways: Readonly<Partial<Record<ProfileView['kind'], Way>>> = {
  claude: {
    key: { from: 'https://console.anthropic.com', secret: 'anthropic-api-key' },
    login: { args: ['setup-token'], secret: 'claude-login', looks: /^sk-ant-oat\S{20,}$/u },
  },
  gemini: { key: { from: 'https://aistudio.google.com/apikey', secret: 'gemini-api-key' } },
  codex: { key: { from: 'https://platform.openai.com/api-keys', secret: 'openai-api-key' } },
};

/** In this terminal: it shows an address to open, and what it prints at the end is the person's to paste. */
const runLogin = (cli: Cli, [program = '', ...args]: readonly string[]): Promise<boolean> =>
  new Promise((done) => {
    const child = spawn(program, args, { stdio: ['inherit', 'inherit', 'inherit'], env: cli.env });
    child.once('error', () => done(false));
    child.once('exit', (code) => done(code === 0));
  });

const store = async (cli: Cli, name: string, value: string): Promise<void> => {
  const { data } = await cli.api.post<SecretStored>(pathOf('secrets'), { body: { name, value } });
  cli.say(`Stored ${name} in the ${data.place === 'keychain' ? 'keychain' : 'encrypted file'}.`);
};

const yes = async (cli: Cli, question: string): Promise<boolean> => /^y(es)?$/iu.test(await ask(cli, `${question} (y/n)`));

const give = async (cli: Cli, { name, kind, command }: ProfileView, { key, login }: Way): Promise<void> => {
  cli.say(`${name} has no way to reach its model.`);
  if (login && (await yes(cli, `Log in with your account now, with \`${[kind, ...login.args].join(' ')}\`?`))) {
    if (!(await runLogin(cli, [command[0] ?? kind, ...login.args])))
      return cli.say('The login did not come to its end: nothing was stored.');
    const token = (await askHidden(cli, 'Paste the token that it printed: ')).replaceAll(/\s/gu, '');
    if (login.looks.test(token)) return store(cli, login.secret, token);
    return cli.say('That is no such token: nothing was stored. `ccm doctor --fix` asks again.');
  }
  const value = (await askHidden(cli, `A key from ${key.from} (Enter for none): `)).trim();
  if (value !== '') await store(cli, key.secret, value);
};

/** Asks about every installed program that lacks access, one of each kind. Without a terminal or a daemon it asks nothing. */
export const offerLogins = async (cli: Cli): Promise<void> => {
  if (!cli.live || !cli.stdin().isTTY || !(await runningDaemon(cli))) return;
  try {
    const { data } = await cli.api.get<ProfileView[]>('/profiles');
    const asked = new Set<string>();
    for (const profile of data) {
      const way = ways[profile.kind];
      if (!way || !profile.available || profile.lacks === null || asked.has(profile.kind)) continue;
      asked.add(profile.kind);
      await give(cli, profile, way);
    }
  } catch (thrown) {
    // What is wrong with the daemon is what the checks say next.
    if (!(thrown instanceof CcmError)) throw thrown;
    cli.note(thrown.message);
  }
};
