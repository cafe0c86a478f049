/** The commands in a real terminal of 80 columns: tmux on a socket of the test's own. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { furnishedDaemon } from '../support/fake-daemon/furnished.ts';
import { cliMain } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const run = promisify(execFile);

const terminal = async (home: string, { columns = 80, env = '' } = {}) => {
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

describe('in a terminal', () => {
  it('ls -w draws, follows what happens, and gives the screen back on q', async () => {
    const daemon = await furnishedDaemon();
    const { type, see, press, shown } = await terminal(daemon.home);
    await type('ls -w');
    await see('q quits');
    const working = [...daemon.house.tasks.values()].find(({ short }) => short === daemon.ids.working);
    await until('a reader of the feed', () => (daemon.house.feed.readers() > 0 ? true : undefined));
    daemon.step(working?.id ?? '', { status: 'paused' });
    await see('‖ paused');
    await daemon.stop();
    await see('The daemon is away; waiting for it.');
    await daemon.start();
    await see('q quits');
    await press('q');
    await see('[0]');
    expect(await shown()).toContain('ls -w');
    expect(await shown()).not.toContain('q quits');
  });

  it('colours are there for a terminal, and not with NO_COLOR or --no-color', async () => {
    const daemon = await furnishedDaemon();
    const painted = async (words: string, env = ''): Promise<boolean> => {
      const { type, see, shown } = await terminal(daemon.home, { env });
      await type(words);
      await see('[0]');
      return (await shown('-e')).includes('\u001b[32m● working');
    };
    expect(await painted('ls')).toBe(true);
    expect(await painted('ls', 'NO_COLOR=1')).toBe(false);
    expect(await painted('ls --no-color')).toBe(false);
    expect(await painted('ls', 'TERM=dumb')).toBe(false);
  });

  it('replay --step walks back and forth', async () => {
    const daemon = await furnishedDaemon();
    const { type, see, press } = await terminal(daemon.home);
    await type(`replay ${daemon.ids.working} --step`);
    await see('3 of 3');
    await press('Left');
    expect(await see('2 of 3')).toMatch(/event +GRANTED/);
    await press('g');
    await see('1 of 3');
    await press('n');
    await see('2 of 3');
    await press('q');
    await see('[0]');
  });

  it('new --wait counts the seconds in place', async () => {
    const daemon = await furnishedDaemon();
    const { type, see } = await terminal(daemon.home);
    await type('new shop "Take your time" --wait');
    await see(/[12]s {2}○ queued/);
    const task = [...daemon.house.tasks.values()].at(-1);
    daemon.step(task?.id ?? '', { status: 'succeeded', ended: true });
    const screen = await see('[0]');
    // Each state on one line: what ticked was written over.
    expect(screen.match(/queued/g)).toHaveLength(2);
  });

  it('attach runs what the API says, in this terminal', async () => {
    const daemon = await furnishedDaemon();
    const { type, see } = await terminal(daemon.home);
    await type(`attach ${daemon.ids.working}`);
    expect(await see('[0]')).toContain(`attached to ${daemon.ids.working}`);
  });

  it('a narrow terminal leaves columns out instead of breaking lines', async () => {
    const daemon = await furnishedDaemon();
    const { type, see } = await terminal(daemon.home, { columns: 44 });
    await type('ls');
    const screen = await see(/AGE[\s\S]*\[0\]/);
    expect(screen).not.toContain('PROJECT');
    expect(screen).toMatch(/^\w{5} {2}● working +Fix the/m);
  });
});
