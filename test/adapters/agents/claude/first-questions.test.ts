/** What Claude Code asks before a conversation begins is a person's to answer, and a wrong key there ends the program. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { claudeDriver } from '../../../../adapters/agents/claude/driver.ts';
import { allSettings } from '../../../../src/config/profiles.ts';

const profile = allSettings({}, [])[0]?.profile ?? expect.unreachable();
const screenOf = (name: string): string =>
  readFileSync(new URL(`../../../fixtures/screens/claude/${name}/screen.txt`, import.meta.url), 'utf8');
const answered = (name: string, text: string) => {
  const screen = screenOf(name);
  const choices = claudeDriver.read(profile, { text: screen, title: '' })?.choices ?? [];
  return claudeDriver.reply(profile, { kind: 'question', choices, screen }, 'answer', text);
};

test('the choices are those of the screen', () => {
  const choices = (name: string) => claudeDriver.read(profile, { text: screenOf(name), title: '' })?.choices;
  expect(choices('trust')).toEqual(['No, exit', 'Yes, I trust this folder']);
  expect(choices('own-key')).toEqual(['Yes', 'No (recommended)']);
});

test('a choice is walked to from the line that is marked now', () => {
  expect(answered('trust', 'Yes, I trust this folder')).toMatchObject([{ press: ['Down', 'Enter'] }]);
  expect(answered('trust', 'No, exit')).toMatchObject([{ press: ['Enter'] }]);
  expect(answered('own-key', 'Yes')).toMatchObject([{ press: ['Up', 'Enter'] }]);
});

test('any other words, and a bare yes or no, press nothing', () => {
  expect(answered('trust', 'sure, why not')).toBeNull();
  for (const decision of ['allow', 'deny', 'expire'] as const)
    expect(claudeDriver.reply(profile, { kind: 'question', choices: [], screen: screenOf('trust') }, decision, null)).toBeNull();
});

test('a text that was not sent is no empty prompt, and the example in an empty box is none', () => {
  expect(claudeDriver.read(profile, { text: screenOf('unsent'), title: '' })).toMatchObject({ unsent: true });
  const example = screenOf('ready').replace(/^❯.*$/mu, '❯ Try "fix lint errors"');
  expect(claudeDriver.read(profile, { text: example, title: '' })).toMatchObject({ fact: 'ready' });
});
