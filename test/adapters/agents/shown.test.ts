/** A decision is typed into the dialog it is about and into no other: dialogs are told apart by the command or the file they name. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { claudeDriver } from '../../../adapters/agents/claude/driver.ts';
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
