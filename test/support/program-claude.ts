/** The real Claude Code of test/clis, pointed at a stub of its model API. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type OwnConfiguration, ownServer, ownSkill, theirWords } from './own-configuration.ts';
import type { Program } from './program-world.ts';
import { stubAnthropic } from './stub-anthropic.ts';

const packages = new URL('../clis/node_modules/@anthropic-ai', import.meta.url).pathname;

const find = (): string | undefined => {
  const own = join(packages, `claude-code-${process.platform}-${process.arch}`, 'claude');
  const places = [process.env['CCM_TEST_CLAUDE'], own, join(packages, 'claude-code/bin/claude.exe')];
  return places.find((path) => path !== undefined && existsSync(path));
};
export const claudeIsInstalled = (): boolean => find() !== undefined;

/** The program itself (no Node runs it), also where the package's install script was not allowed to put it in place. */
export const claudeProgram = (): string => {
  const found = find();
  if (found === undefined) throw new Error(`Claude Code is not installed below ${packages}: \`./run campaign\` installs it.`);
  return found;
};

export const realClaude: Program = {
  agent: 'claude',
  stub: stubAnthropic,
  config: (stubUrl) =>
    [
      '[agents.claude]',
      `command = [${JSON.stringify(claudeProgram())}]`,
      `env = { ANTHROPIC_API_KEY = "sk-ant-dummy-${'0'.repeat(32)}", ANTHROPIC_BASE_URL = "${stubUrl}", CLAUDE_CODE_MAX_RETRIES = "1" }`,
    ].join('\n'),
  dialog: { shows: /Do you want to proceed/u, allow: ['1'] },
  answers: /^\s*● word word/mu,
  interruptedBy: 'transcript',
  asks: true,
  hearsWhy: true,
  errorWords: (status) => new RegExp(`${status}|overloaded|API key`, 'iu'),
};

export const ownClaude: OwnConfiguration = {
  files: () => ({
    '.claude.json': JSON.stringify({
      hasCompletedOnboarding: true,
      customApiKeyResponses: { approved: ['0'.repeat(20)], rejected: [] },
      mcpServers: { mine: { type: 'stdio', ...ownServer } },
    }),
    '.claude/settings.json': '{ "includeCoAuthoredBy": false }',
    '.claude/CLAUDE.md': `${theirWords.memory}\n`,
    '.claude/skills/mine/SKILL.md': ownSkill,
  }),
  config: (stubUrl, home) => realClaude.config(stubUrl).replace('env = {', `config = "own"\nenv = { HOME = "${home}",`),
  trust: { asks: /a project you created or one you trust/u, yes: /^Yes, I trust this folder$/u },
  // What it counts and remembers, and the talks.
  itsRecord: /^\.claude\.json|^\.claude\/(?!settings\.json|CLAUDE\.md|skills)/u,
};
