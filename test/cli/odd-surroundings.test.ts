/** A hostile environment, and a service between two starts: answered in words, never "ccm itself broke". */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { unitName } from '../../adapters/service/names.ts';
import { runCli } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

it.each([
  [{ CCM_URL: 'file:///etc/passwd' }, 2, 'CCM_URL is not the address of a daemon'],
  [{ CCM_URL: 'nonsense' }, 2, 'CCM_URL is not the address of a daemon'],
  [{ CCM_URL: 'http://127.0.0.1:9', CCM_TOKEN: 'a\nb' }, 5, 'no token has'],
])('%j: exit %i, in words', async (env, code, words) => {
  const ran = await runCli(['ls'], { home: join(await tempFolder(), 'h'), env });
  expect([ran.code, ran.stdout]).toEqual([code, '']);
  expect(ran.stderr).toContain(words);
});

it('says that a name is too long, instead of what a server says to a long address', async () => {
  const ran = await runCli(['show', 'x'.repeat(5000)], { home: join(await tempFolder(), 'h') });
  expect([ran.code, ran.stderr]).toEqual([
    2,
    `"${'x'.repeat(40)}…" is too long to be an id or the beginning of a title.\n→ \`ccm ls --all\` lists tasks.\n`,
  ]);
});

it('a wrong variable is told as one, not as a line of config.toml', async () => {
  const ran = await runCli(['up', '--detach', '--no-open'], { home: join(await tempFolder(), 'h'), env: { CCM_PORT: 'abc' } });
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain('Correct CCM_PORT in the environment');
});

it.each([['up', '--detach', '--no-open'], ['doctor'], ['uninstall']])('a file where the home should be: %s says so', async (...words) => {
  const home = join(await tempFolder(), 'h');
  writeFileSync(home, '');
  const { code, stdout, stderr } = await runCli(words, { home });
  expect(code).toBe(1);
  expect(stderr).not.toContain('broke');
  expect(stdout + stderr).toMatch(new RegExp(`${home}\\S* (?:cannot be used|is not a folder)`));
});

it.runIf(process.platform === 'linux')(
  'ccm down stops a service that is between two starts (regression: it was "not running", and came back)',
  async () => {
    const folder = await tempFolder();
    const [home, bin, log] = [join(folder, 'h'), join(folder, 'bin'), join(folder, 'asked')];
    const name = unitName(home, true);
    const unit = join(folder, 'config/systemd/user', `${name}.service`);
    for (const path of [home, bin, dirname(unit)]) mkdirSync(path, { recursive: true });
    writeFileSync(unit, '');
    const shown = 'LoadState=loaded\nActiveState=activating\nSubState=auto-restart\nMainPID=0\n';
    writeFileSync(join(bin, 'systemctl'), `#!/bin/sh\necho "$*" >> '${log}'\nprintf '${shown}'\n`, { mode: 0o755 });
    const ran = await runCli(['down'], { home, env: { PATH: `${bin}:/usr/bin:/bin`, XDG_CONFIG_HOME: join(folder, 'config') } });
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    expect(existsSync(log) && readFileSync(log, 'utf8')).toContain(`--user stop ${name}.socket ${name}.service`);
  },
);
