/** `ccm doctor --fix` on a terminal: the program's own login, and what it printed in our store of secrets; and a missing program named once. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { LiveHome } from '../support/live-daemon.ts';
import { cliMain } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const token = `sk-ant-oat01-${'a1'.repeat(20)}`;
const standIn = `#!/bin/sh\n[ "$1" = setup-token ] && echo "your token: ${token}"\n[ "$1" = --version ] && echo 2.1.330\nexit 0\n`;

test('the login of an account is run, and its token kept where only its program gets it', async () => {
  const folder = await tempFolder();
  const program = join(folder, 'claude');
  writeFileSync(program, standIn, { mode: 0o755 });
  const kinds = ['gemini', 'codex'].map((kind) => `[agents.${kind}]\nkind = "${kind}"\ncommand = ["${folder}/no-${kind}"]`);
  const live = await LiveHome.make([`[agents.claude]\nkind = "claude"\ncommand = ["${program}"]`, ...kinds].join('\n'));
  onTestFinished(() => live.end());
  await live.up();
  const tmux = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)('tmux', ['-S', join(folder, 't'), '-f', '/dev/null', ...args], { env: live.env })).stdout;
  onTestFinished(async () => {
    await tmux('kill-server').catch(() => undefined); // It ended with its shell.
  });
  await tmux('new-session', '-d', '-x', '100', '-y', '50', 'sh', '-c', `'${process.execPath}' '${cliMain}' doctor --fix; sleep 60`);
  const see = (what: RegExp) =>
    until(`${what} in the terminal`, async () => (what.test(await tmux('capture-pane', '-p')) ? true : undefined), 20_000);
  await see(/claude setup-token/u);
  await tmux('send-keys', 'y', 'Enter');
  await see(/Paste the token/u);
  await tmux('send-keys', token, 'Enter');
  await see(/Stored claude-login/u);
  expect((await live.ccm('secret', 'ls')).stdout).toMatch(/claude-login/u);
  await see(/can be started: claude/u);
  expect((await live.ccm('doctor')).stdout).toMatch(/not installed: codex, gemini|not installed: gemini, codex/u);
  const { stdout } = await live.ccm('doctor', '--agents');
  for (const kind of ['gemini', 'codex']) expect(stdout.match(new RegExp(kind, 'gu'))).toHaveLength(3);
  expect(stdout).not.toMatch(/agents +not installed/u);
}, 180_000);
