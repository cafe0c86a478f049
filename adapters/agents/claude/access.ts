/** How Claude Code reaches a model, and what is said where it cannot. */
import type { AgentDriver } from '../../../src/ports/agents.ts';

/** Any of these lets it reach a model; without one it would stop at a login nobody sees. */
const credentials = [
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  'CLAUDE_CODE_OAUTH_TOKEN',
  'CLAUDE_CODE_USE_BEDROCK',
  'CLAUDE_CODE_USE_VERTEX',
  'CLAUDE_CODE_USE_FOUNDRY',
];

/** What a person stored once serves every profile of this kind that names nothing of its own. An account before a key: it is paid for already. */
export const accessSecrets = { CLAUDE_CODE_OAUTH_TOKEN: 'claude-login', ANTHROPIC_API_KEY: 'anthropic-api-key' };

export const lacks: NonNullable<AgentDriver['lacks']> = ({ name }, env, own) =>
  own || credentials.some((variable) => env[variable])
    ? null
    : {
        sentence: `Nothing gives agent \`${name}\` a way to reach a model: no account and no key (ANTHROPIC_API_KEY, CLAUDE_CODE_OAUTH_TOKEN) is known here.`,
        next: 'With an account: run `claude setup-token`, then `ccm secret set claude-login` with what it prints. With a key: `ccm secret set anthropic-api-key`.',
      };
