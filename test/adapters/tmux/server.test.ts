/** Starting the server: which tmux, where its socket, in which scope; and ending ours only. */
import { chmod, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { probeTmux } from '../../../adapters/tmux/index.ts';
import { ensureSocketFolder, hashOfHome, socketPath } from '../../../adapters/tmux/socket-path.ts';
import { codeOf, value } from '../../contracts/terminal.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';
import { byHand, launched, tmuxRig } from './rig.ts';

const program = async (name: string, script: string): Promise<string> => {
  const folder = await tempFolder();
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return folder;
};
const path = (folder: string): string => `${folder}${delimiter}${process.env.PATH ?? ''}`;

test('the installed tmux is found with its version', async () => {
  expect(value(await probeTmux())).toMatchObject({ version: expect.stringMatching(/\d\.\d/), path: expect.stringMatching(/^\/.*tmux$/) });
});

test.each([
  ['tmux 3.1c', 'CCM_TMUX_OLD'],
  ['tmux 2.9', 'CCM_TMUX_OLD'],
  ['tmux 3.2', 'ok'],
  ['tmux 3.10', 'ok'],
  ['tmux 4.0', 'ok'],
  ['tmux next-3.6', 'ok'],
  ['tmux master', 'ok'],
])('%s: %s', async (version, code) => {
  expect(codeOf(await probeTmux({ path: await program('tmux', `echo '${version}'`) }))).toBe(code);
});

test('without tmux, open says so, and connects once it is installed', async () => {
  const folder = await tempFolder();
  const rig = await tmuxRig({ env: { ...process.env, PATH: folder } });
  expect(codeOf(await rig.open())).toBe('CCM_TMUX_MISSING');
  expect(codeOf(await rig.list())).toBe('CCM_TMUX_LOST');
  expect(rig.facts().trouble).toContain('tmux');
  await symlink(value(await probeTmux()).path, join(folder, 'tmux'));
  await until('connected', () => rig.generation() ?? undefined);
});

test('the socket lies in the home, or where its path fits', () => {
  const home = '/home/someone/.local/state/ccm';
  const deep = `/home/${'very-long-name/'.repeat(8)}`;
  const hash = hashOfHome(deep);
  expect(socketPath(home, hashOfHome(home), '/run/user/1000')).toBe(`${home}/tmux/socket`);
  expect(socketPath(deep, hash, '/run/user/1000')).toBe(`/run/user/1000/ccm-${hash}/socket`);
  const uid = process.getuid?.() ?? 0;
  expect(socketPath(deep, hash, undefined)).toBe(join(tmpdir(), `ccm-${uid}-${hash}`, 'socket'));
  expect(socketPath(deep, hash, deep).length).toBeLessThanOrEqual(100);
});

test('a home with a path too long for a socket works, from the runtime folder', async () => {
  const home = join(await tempFolder(), 'a very long #{name} '.repeat(6).trim());
  await mkdir(home);
  const runtime = await tempFolder();
  const rig = await tmuxRig({ home, env: { ...process.env, XDG_RUNTIME_DIR: runtime } });
  value(await rig.open());
  expect(rig.facts().socket).toBe(join(runtime, `ccm-${hashOfHome(home)}`, 'socket'));
  const pane = await launched(rig, 'agent', ['/bin/sh', '-c', 'echo here; exec sleep 100']);
  await until('it runs', async () => (value(await rig.capture(pane)) === 'here' ? true : undefined));
});

test('a socket folder that is a link or open to others is not trusted', async () => {
  const folder = await tempFolder();
  await mkdir(join(folder, 'elsewhere'));
  await symlink(join(folder, 'elsewhere'), join(folder, 'link'));
  expect(codeOf(await ensureSocketFolder(join(folder, 'link', 'socket')))).toBe('CCM_HOME_UNUSABLE');
  await chmod(join(folder, 'elsewhere'), 0o777);
  value(await ensureSocketFolder(join(folder, 'elsewhere', 'socket')));
  expect((await stat(join(folder, 'elsewhere'))).mode & 0o777).toBe(0o700);
});

const userManager = { XDG_RUNTIME_DIR: '/run/user/4711', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/user/4711/bus' };

test('where there is a user manager the server starts in a scope of its own, from an empty environment', async () => {
  const log = join(await tempFolder(), 'argv');
  const folder = await program('systemd-run', `printf '%s\\n' "$@" > ${log}; while test "$1" != --; do shift; done; shift; exec "$@"`);
  const rig = await tmuxRig({ scope: 'auto', homeHash: 'abc123', env: { ...userManager, HOME: '/root', PATH: path(folder), SECRET: 'x' } });
  value(await rig.open());
  expect(rig.facts()).toMatchObject({ scope: 'ccm-tmux-abc123.scope', scopeReason: null });
  const argv = (await readFile(log, 'utf8')).split('\n');
  expect(argv.slice(0, 5)).toEqual(['--user', '--scope', '--quiet', '--collect', '--unit=ccm-tmux-abc123']);
  expect(byHand(rig, 'show-environment', '-g')).not.toContain('SECRET');
});

test.each([
  ['fails', 'echo "Failed to connect to bus" >&2; exit 1', /systemd-run failed: Failed to connect to bus/],
  ['hangs', 'exec sleep 100', /did not answer within 2 s/],
])('when systemd-run %s the server starts plainly, and the reason is kept', async (_, script, reason) => {
  const rig = await tmuxRig({ scope: 'auto', env: { ...userManager, PATH: path(await program('systemd-run', script)) } });
  const before = performance.now();
  value(await rig.open());
  expect(performance.now() - before).toBeLessThan(8000);
  expect(rig.facts()).toMatchObject({ scope: null, scopeReason: expect.stringMatching(reason), connected: true });
  await rig.close();
  const next = await tmuxRig({ home: rig.home });
  value(await next.open());
  expect(next.facts().scopeReason).toMatch(reason);
});

test('the server has our settings, whatever the user configured for theirs', async () => {
  const rig = await tmuxRig();
  value(await rig.open());
  byHand(rig, 'set-option', '-g', 'remain-on-exit', 'off');
  await rig.close();
  value(await rig.open());
  const shown = byHand(rig, 'show-options', '-s') + byHand(rig, 'show-options', '-g') + byHand(rig, 'show-options', '-gw');
  for (const setting of [
    'exit-empty off',
    'set-clipboard off',
    'message-limit 0',
    'remain-on-exit on',
    'automatic-rename off',
    'allow-rename off',
    'status off',
  ]) {
    expect(shown).toContain(setting);
  }
});

test('agents get the file mask they are given', async () => {
  const rig = await tmuxRig({ umask: '027' });
  value(await rig.open());
  const pane = await launched(rig, 'agent', ['/bin/sh', '-c', 'umask; exec sleep 100']);
  await until('it runs', async () => (value(await rig.capture(pane)) === '0027' ? true : undefined));
});
