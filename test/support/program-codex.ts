/** The real Codex of test/clis, pointed at a stub of its model API. */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { type OwnConfiguration, ownServer, ownSkill, theirWords } from './own-configuration.ts';
import type { Program } from './program-world.ts';
import { stubOpenai } from './stub-openai.ts';

const packages = new URL('../clis/node_modules/@openai', import.meta.url).pathname;

/** The program itself (no Node runs it). */
export const codexProgram = (): string => {
  const own = globSync(join(packages, `codex-${process.platform}-${process.arch}/vendor/*/bin/codex`));
  const found = process.env['CCM_TEST_CODEX'] ?? own[0];
  if (found === undefined) throw new Error(`Codex is not installed below ${packages}: \`./run campaign\` installs it.`);
  return found;
};

/** Few retries, so that errors come soon. */
const quick = ['request_max_retries', 'stream_max_retries'].flatMap((key) => ['-c', `model_providers.ccm.${key}=1`]);

export const realCodex: Program = {
  agent: 'codex',
  stub: stubOpenai,
  config: (stubUrl) =>
    [
      '[agents.codex]',
      `command = ${JSON.stringify([codexProgram(), '-m', 'gpt-5.1', ...quick])}`,
      `env = { OPENAI_API_KEY = "sk-dummy-${'0'.repeat(32)}", OPENAI_BASE_URL = "${stubUrl}/v1" }`,
      // Every change is asked for.
      'permissions = { mode = "read-only" }',
    ].join('\n'),
  dialog: { shows: /Would you like to/u, allow: ['y'] },
  answers: /^\s*• word word/mu,
  interruptedBy: 'hook',
  asks: false,
  // Its own no ends the turn.
  hearsWhy: false,
  errorWords: (status) => new RegExp(`${status}|high demand|overloaded`, 'iu'),
};

/** As a person has it who asks a provider of their own and calls one server. */
export const ownCodex: OwnConfiguration = {
  files: (stubUrl) => ({
    '.codex/config.toml': [
      '# Theirs, with a comment.',
      'model_provider = "theirs"',
      '[model_providers.theirs]',
      'name = "theirs"',
      `base_url = "${stubUrl}/v1"`,
      'wire_api = "responses"',
      'env_key = "THEIR_KEY"',
      '[mcp_servers.mine]',
      `command = ${JSON.stringify(ownServer.command)}`,
      `args = ${JSON.stringify(ownServer.args)}`,
    ].join('\n'),
    '.codex/AGENTS.md': `${theirWords.memory}\n`,
    '.codex/skills/mine/SKILL.md': ownSkill,
  }),
  config: (_, home) =>
    [
      '[agents.codex]',
      'config = "own"',
      `command = ${JSON.stringify([codexProgram(), '-m', 'gpt-5.1'])}`,
      `env = { HOME = "${home}", THEIR_KEY = "sk-theirs" }`,
      'permissions = { mode = "read-only" }',
    ].join('\n'),
  trust: { asks: /Trust this folder\?/u, yes: /^Trust and continue$/u },
};
