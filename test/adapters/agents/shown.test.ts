/** A decision is typed into the dialog it is about and into no other: dialogs are told apart by the command or the file they name. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { claudeDriver } from '../../../adapters/agents/claude/driver.ts';
import { codexDriver } from '../../../adapters/agents/codex/driver.ts';
import { geminiDriver } from '../../../adapters/agents/gemini/driver.ts';
import type { AgentDriver } from '../../../src/ports/agents.ts';

const screen = (path: string) => ({
  text: readFileSync(new URL(`../../fixtures/screens/${path}/screen.txt`, import.meta.url), 'utf8').trimEnd(),
  title: '',
});
const about = (tool: string | null, text: string) => ({ kind: 'approval' as const, choices: [], tool, text });
const both: ReadonlyArray<[string, AgentDriver, { shell: string; write: string }]> = [
  ['claude', claudeDriver, { shell: 'Bash', write: 'Write' }],
  ['gemini', geminiDriver, { shell: 'run_shell_command', write: 'write_file' }],
];

test.each(both)('%s: the dialog of one call is not the dialog of another', (name, driver, { shell, write }) => {
  const bash = screen(`${name}/approval-bash`);
  const file = screen(`${name}/approval-write`);
  expect(driver.shows?.(bash, about(shell, 'touch b.txt\n(a reason)'))).toBe(true);
  expect(driver.shows?.(file, about(write, 'a.txt\n\nhello'))).toBe(true);
  expect(driver.shows?.(bash, about(shell, 'touch another.txt'))).toBe(false);
  // Its words stand in the conversation above.
  expect(driver.shows?.(bash, about(shell, 'rm -rf zz'))).toBe(false);
  expect(driver.shows?.(file, about(write, 'other.txt\n\nhello'))).toBe(false);
  expect(driver.shows?.(file, about(shell, 'touch another.txt'))).toBe(false);
});

test.each(both)('%s: what it cuts short, and tools it words in its own way, are believed', (name, driver, { shell }) => {
  const bash = screen(`${name}/approval-bash`);
  expect(driver.shows?.(bash, about(shell, 'x'.repeat(200)))).toBe(true);
  expect(driver.shows?.(bash, about('mcp_server_tool', '{"a":1}'))).toBe(true);
});

test.each(both)('%s: a dialog that was read from the screen is known by its picture', (name, driver) => {
  const bash = screen(`${name}/approval-bash`);
  const picture = (text: string): string => text.split('\n').filter(Boolean).slice(-12).join('\n');
  expect(driver.shows?.(bash, about(null, picture(bash.text)))).toBe(true);
  expect(driver.shows?.(screen(`${name}/approval-write`), about(null, picture(bash.text)))).toBe(false);
});

const codex = (path: string, change = (text: string): string => text) => ({ text: change(screen(`codex/${path}`).text), title: '' });

test('codex: the dialog of one call is not that of the next, although its choices have numbers and repeat the command', () => {
  const asks = (command: string) => codex('permission-command', (text) => text.replaceAll('touch esc.txt', command));
  const shows = (shown: string, asked: string) => codexDriver.shows?.(asks(shown), about('Bash', `${asked}\n(a step of the script)`));
  for (let one = 0; one < 6; one += 1)
    for (let other = 0; other < 6; other += 1)
      expect(shows(`echo ${one} >> races.txt`, `echo ${other} >> races.txt`), `${one} ${other}`).toBe(one === other);
  expect(shows('echo 12', 'echo 1')).toBe(false);
  expect(shows('echo 1', 'echo 12')).toBe(false);
  expect(shows('rm /elsewhere/a', 'rm a')).toBe(true);
  expect(shows('rm /elsewhere/ab', 'rm a')).toBe(false);
  expect(shows('cp --to=/srv/shop/b /srv/shop/a', 'cp --to=b a')).toBe(true);
  expect(shows('echo  Would you like to go', 'echo  Would you like to go')).toBe(true);
  expect(shows('cat <<E\n    one\n    E', 'cat <<E\none\nE')).toBe(true);
  expect(shows('/'.repeat(90), `${'/ '.repeat(40)}x`)).toBe(false);
});

test('codex: a dialog that was read from the screen is known by its picture', () => {
  const picture = (path: string): string => codex(path).text.split('\n').filter(Boolean).slice(-12).join('\n');
  expect(codexDriver.shows?.(codex('permission-command'), about(null, picture('permission-command')))).toBe(true);
  expect(codexDriver.shows?.(codex('permission-patch'), about(null, picture('permission-command')))).toBe(false);
});

test('codex: a patch is known by its files, and is no command', () => {
  const patch = codex('permission-patch');
  expect(codexDriver.shows?.(patch, about('apply_patch', '*** Begin Patch\n*** Add File: p1.txt\n+hello\n*** End Patch'))).toBe(true);
  expect(codexDriver.shows?.(patch, about('apply_patch', '*** Begin Patch\n*** Add File: q.txt\n+hello\n*** End Patch'))).toBe(false);
  expect(codexDriver.shows?.(patch, about('Bash', 'touch p1.txt'))).toBe(false);
  expect(codexDriver.shows?.(codex('idle'), about('Bash', 'touch p1.txt'))).toBe(false);
});
