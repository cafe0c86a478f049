/** `ccm uninstall` asks a person before it takes what is theirs; whatever is no clear yes takes nothing of it. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { terminal } from '../support/in-terminal.ts';
import { runCli } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** Never started: so nothing is asked of a daemon. */
const furnished = async (): Promise<string> => {
  const home = join(await tempFolder(), 'h');
  for (const folder of ['secrets', 'backups', 'logs', 'tmux']) mkdirSync(join(home, folder), { recursive: true, mode: 0o700 });
  for (const name of ['config.toml', 'secrets/vault.json', 'backups/one.db', 'daemon.log', 'token', 'takeover.json', 'notes.txt']) {
    writeFileSync(join(home, name), 'x', { mode: 0o600 });
  }
  return home;
};
/** Compiled code is kept in `cache`, by whoever runs last. */
const entries = (home: string): string[] =>
  readdirSync(home)
    .filter((name) => name !== 'cache')
    .toSorted();
const question = 'Remove it as well: history, settings, conversations, secrets? [y/N]';
const yours = ['backups', 'config.toml', 'secrets'];

describe('ccm uninstall', () => {
  it.each([
    ['y', ['notes.txt']],
    ['YES', ['notes.txt']],
    ['n', [...yours, 'notes.txt']],
    ['', [...yours, 'notes.txt']],
    ['yesterday', [...yours, 'notes.txt']],
  ])(
    'at a terminal, with --yes, the answer "%s" leaves %j',
    async (answer, left) => {
      const home = await furnished();
      const { type, see, press } = await terminal(home);
      await type('uninstall --yes');
      const asked = await see(question.slice(-40));
      for (const name of yours) expect(asked.replaceAll('\n', '')).toContain(join(home, name));
      for (const key of answer) await press(key);
      await press('Enter');
      await see('[0]');
      expect(entries(home)).toEqual(left.toSorted());
    },
    60_000,
  );

  it.each([
    ['Ctrl-C', 'C-c'],
    ['the end of the input', 'C-d'],
  ])(
    '%s is no answer: nothing at all is removed',
    async (_, key) => {
      const home = await furnished();
      const before = entries(home);
      const { type, see, press } = await terminal(home);
      await type('uninstall --yes');
      await see(question.slice(-40));
      await press(key);
      await see('Nothing was answered.');
      await see('[2]');
      expect(entries(home)).toEqual(before);
    },
    60_000,
  );

  it('names hooks apart from files, each kind as one line: those of starts go, those of conversations go with the data', async () => {
    const home = await furnished();
    const hooks = [
      'launches/a-1/settings.json',
      'launches/b-12/settings.json',
      'conversations/c/own/gemini/.gemini/extensions/ccm/hooks/hooks.json',
    ];
    for (const path of [...hooks, 'launches/a-1/prompt', 'conversations/c/gemini/settings.json']) {
      mkdirSync(join(home, path, '..'), { recursive: true });
      writeFileSync(join(home, path), '{}');
    }
    const ofStarts = `${home}/launches/*/settings.json (2)`;
    const ofTalks = `${home}/conversations/*/own/gemini/.gemini/extensions/ccm/hooks/hooks.json (1)`;
    const below = (text: string, title: string) => text.slice(text.indexOf(title)).split('\n').slice(1, 3);
    const { stdout } = await runCli(['uninstall'], { home });
    expect(below(stdout, 'Would remove the hooks of agents')).toEqual([`  ${ofStarts}`, 'Would remove files']);
    expect(below(stdout, 'Would keep the hooks of conversations')[0]).toBe(`  ${ofTalks}`);
    const data = await runCli(['uninstall', '--data'], { home });
    expect(below(data.stdout, 'Would remove the hooks of agents').toSorted()).toEqual([`  ${ofTalks}`, `  ${ofStarts}`]);
    expect(data.stdout).not.toContain('Would keep the hooks');
    const told = JSON.parse((await runCli(['uninstall', '--json'], { home })).stdout) as { data: { hooks: string[] } };
    expect(told.data.hooks).toEqual(hooks.map((path) => join(home, path)).toSorted());
  }, 60_000);

  it('without --yes it lists everything and does nothing; without a terminal only --data takes what is a person’s', async () => {
    const home = await furnished();
    const before = entries(home);
    const listed = await runCli(['uninstall'], { home });
    for (const name of before) expect(listed.stdout, name).toContain(join(home, name));
    expect(entries(home)).toEqual(before);
    expect((await runCli(['uninstall', '--yes'], { home, input: 'y\n' })).code).toBe(0);
    expect(entries(home)).toEqual([...yours, 'notes.txt'].toSorted());
    expect((await runCli(['uninstall', '--yes', '--data'], { home })).code).toBe(0);
    expect(entries(home)).toEqual(['notes.txt']);
    expect(existsSync(home)).toBe(true);
  }, 60_000);
});
