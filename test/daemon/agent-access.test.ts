import { expect, test } from 'vitest';
import { agentDrivers } from '../../adapters/agents/index.ts';
import { allSettings } from '../../src/config/profiles.ts';
import type { AgentTable } from '../../src/config/schema.ts';
import { agentAccess } from '../../src/daemon/agent-access.ts';
import { fail, ok } from '../../src/errors.ts';

const accessOf = (table: AgentTable, stored: Record<string, string>) => {
  const settings = allSettings({ claude: table }, [])[0] ?? expect.unreachable();
  const access = agentAccess({
    config: { profile: () => settings.profile, profileEnv: () => settings.env, ownConfig: () => settings.ownConfig },
    drivers: agentDrivers(),
    secrets: { get: async (name) => ok(stored[name] ?? null) },
  });
  return { env: () => access.env('claude'), lacks: () => access.lacks(settings.profile) };
};

test('a stored account serves an agent that names nothing, before a stored key', async () => {
  const stored = { 'claude-login': 'oat-1', 'anthropic-api-key': 'sk-1' };
  expect(await accessOf({}, stored).env()).toEqual(ok({ CLAUDE_CODE_OAUTH_TOKEN: 'oat-1' }));
  expect(await accessOf({}, { 'anthropic-api-key': 'sk-1' }).env()).toEqual(ok({ ANTHROPIC_API_KEY: 'sk-1' }));
  expect(await accessOf({}, stored).lacks()).toBeNull();
});

test('what config.toml names goes before it, and the person’s own configuration needs none', async () => {
  const stored = { 'claude-login': 'oat-1' };
  expect(await accessOf({ env: { ANTHROPIC_API_KEY: 'sk-2' } }, stored).env()).toEqual(ok({ ANTHROPIC_API_KEY: 'sk-2' }));
  expect(await accessOf({ config: 'own' }, stored).env()).toEqual(ok({}));
  expect(await accessOf({ config: 'own' }, {}).lacks()).toBeNull();
});

test('without any it says what to do, word for word', async () => {
  const lack = await accessOf({}, {}).lacks();
  expect(lack?.next).toMatch(/`claude setup-token`.*`ccm secret set claude-login`.*`ccm secret set anthropic-api-key`/u);
});

test('a store that does not answer is said, not passed over', async () => {
  const settings = allSettings({}, [])[0] ?? expect.unreachable();
  const access = agentAccess({
    config: { profile: () => settings.profile, profileEnv: () => ({}), ownConfig: () => false },
    drivers: agentDrivers(),
    secrets: { get: async () => fail('CCM_KEYCHAIN_AWAY', 'The keychain does not answer.') },
  });
  expect(await access.env('claude')).toMatchObject({ ok: false, problem: { code: 'CCM_KEYCHAIN_AWAY' } });
  expect(await access.lacks(settings.profile)).toMatchObject({ sentence: 'The keychain does not answer.' });
});
