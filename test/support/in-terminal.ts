/** The command line in a real terminal of 80 columns: tmux on a socket of the test's own. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { cliMain } from './run-cli.ts';
import { tempFolder } from './temp-folder.ts';
import { until } from './until.ts';

const run = promisify(execFile);

export const terminal = async (home: string, { columns = 80, env = '' } = {}) => {
  const socket = join(await tempFolder(), 't');
  const tmux = async (...args: string[]): Promise<string> =>
    (
      await run('tmux', ['-S', socket, '-f', '/dev/null', ...args], {
        env: { PATH: process.env['PATH'], LANG: 'C.UTF-8', HOME: '/home/me' },
      })
    ).stdout;
  const shell = `env -i PATH="$PATH" HOME=/home/me LANG=C.UTF-8 TERM=screen-256color TZ=UTC CCM_HOME='${home}' ${env} PS1='$ ' sh`;
  await tmux('new-session', '-d', '-x', String(columns), '-y', '24', '-s', 'a', shell);
  onTestFinished(async () => {
    await tmux('kill-server').catch(() => undefined); // It ends by itself with its last shell.
  });
  const shown = (...options: string[]) => tmux('capture-pane', '-p', ...options, '-t', 'a');
  return {
    shown,
    press: (key: string) => tmux('send-keys', '-t', 'a', key),
    type: (words: string) => tmux('send-keys', '-t', 'a', `'${process.execPath}' '${cliMain}' ${words}; echo "[$?]"`, 'Enter'),
    see: (what: string | RegExp) =>
      until(`${String(what)} on the screen`, async () => {
        const screen = await shown();
        return (typeof what === 'string' ? screen.includes(what) : what.test(screen)) ? screen : undefined;
      }),
  };
};
