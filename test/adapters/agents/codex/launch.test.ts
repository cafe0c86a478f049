import { parse } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { codexDriver } from '../../../../adapters/agents/codex/driver.ts';
import { hookTrust } from '../../../../adapters/agents/codex/hooks.ts';
import { allSettings } from '../../../../src/config/profiles.ts';
import type { LaunchRequest } from '../../../../src/ports/agents.ts';
import { agentDriverContract, requestOf } from '../../../contracts/agent-driver.ts';

const profile = allSettings({}, []).find(({ profile: one }) => one.kind === 'codex')?.profile ?? expect.unreachable();
agentDriverContract('codex', { driver: codexDriver, profiles: [profile] });

const planned = (changes: Partial<LaunchRequest> = {}) => {
  const made = codexDriver.plan(requestOf(profile, changes));
  if (!made.ok) throw new Error(made.problem.detail);
  return made.value;
};
const refused = (changes: Partial<LaunchRequest>) => {
  const made = codexDriver.plan(requestOf(profile, changes));
  return made.ok ? null : made.problem;
};
const none = { mode: null, allow: [], deny: [], addDirs: [] };
const contentOf = (name: string, changes: Partial<LaunchRequest> = {}): string => {
  const file = planned(changes).files.find(({ path }) => path.endsWith(name));
  return file && 'content' in file ? file.content : expect.unreachable();
};
const named = '01a20618-9054-72f1-b325-37f57aeec073';

test('sandbox and approvals are always said', () => {
  expect(planned().argv).toEqual('codex --no-alt-screen --no-daemon --sandbox workspace-write --ask-for-approval on-request'.split(' '));
  const permissions = { ...none, mode: 'read-only never', addDirs: ['/a', '/b'] };
  expect(planned({ permissions }).argv.slice(3).join(' ')).toBe('--sandbox read-only --ask-for-approval never --add-dir /a --add-dir /b');
  expect(
    planned({ permissions: { ...none, mode: 'danger-full-access' } })
      .argv.slice(3, 7)
      .join(' '),
  ).toBe('--sandbox danger-full-access --ask-for-approval on-request');
});

test('a conversation is continued under the id that the program gave it', () => {
  const command = ['codex', '-m', 'a-model'];
  const { argv } = planned({ resume: named, profile: { ...profile, command } });
  expect(argv.slice(0, 4)).toEqual([...command, 'resume']);
  expect(argv.at(-1)).toBe(named);
  const { listening } = codexDriver;
  const path = `/m/codex/sessions/2026/11/23/rollout-2026-11-23T01-21-33-${named}.jsonl`;
  expect(listening?.nameIn?.(path)).toBe(named);
  expect(listening?.nameIn?.('/m/codex/sessions/notes.jsonl')).toBeNull();
  expect(listening?.keptAt('/m', 'ours', named)).toEqual({ below: '/m/codex/sessions', endsWith: `${named}.jsonl` });
});

describe('what cannot work is refused in words before anything starts', () => {
  test.each<[string, Partial<LaunchRequest>, RegExp]>([
    ['an unknown mode', { permissions: { ...none, mode: 'yolo' } }, /permissions\.mode is "yolo"; Codex knows read-only/u],
    ['two sandboxes', { permissions: { ...none, mode: 'read-only workspace-write' } }, /permissions\.mode/u],
    ['a folder that is an option', { permissions: { ...none, addDirs: ['--full-auto'] } }, /read as an option/u],
    ['a home of its own', { env: { OPENAI_API_KEY: 'x', CODEX_HOME: '/home/somebody/.codex' } }, /CODEX_HOME/u],
    ['one prompt and an end', { profile: { ...profile, mode: 'oneshot', prompt: 'argument' } }, /interactive/u],
  ])('%s', (_, changes, words) => {
    expect(refused(changes)).toMatchObject({ code: 'CCM_CONFIG_INVALID', detail: expect.stringMatching(words) });
  });
});

test('what it lacks is said in words, with the next step', () => {
  expect(refused({ env: {} })).toMatchObject({
    code: 'CCM_AGENT_LACKS',
    detail: expect.stringMatching(/ccm secret set openai-api-key.*set OPENAI_API_KEY/u),
  });
  // With their own configuration only its files tell.
  expect(refused({ own: '/home/somebody', env: {} })).toMatchObject({
    code: 'CCM_AGENT_LACKS',
    detail: expect.stringMatching(/no login in \/home\/somebody\/\.codex\/auth\.json\. Run `codex login`/u),
  });
  expect(refused({ own: '/home/somebody', env: {}, theirs: { '/home/somebody/.codex/auth.json': '{}' } })).toBeNull();
  expect(codexDriver.lacks?.(profile, { OPENAI_API_KEY: 'x' }, false)).toBeNull();
});

test('its configuration names the provider without the key, and trusts a project only when a person does', () => {
  const env = { OPENAI_API_KEY: 'sk-secret', OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' };
  const text = contentOf('config.toml', { env, realDir: '/real/project' });
  expect(text).not.toMatch(/sk-secret/u);
  expect(parse(text)).toMatchObject({
    model_provider: 'ccm',
    model_providers: { ccm: { base_url: 'http://127.0.0.1:1/v1', env_key: 'OPENAI_API_KEY', wire_api: 'responses' } },
    check_for_update_on_startup: false,
    features: { plugins: false },
    projects: { '/home/somebody/project': { trust_level: 'untrusted' }, '/real/project': { trust_level: 'untrusted' } },
  });
  expect(contentOf('config.toml', { trusted: true })).toMatch(/trust_level = "trusted"/u);
  // Who names a provider on the command line brings everything for it.
  const own = planned({ env: {}, profile: { ...profile, command: ['codex', '-c', 'model_provider="azure"'] } });
  expect(own.files.map((file) => ('content' in file ? file.content : ''))[1]).not.toMatch(/model_provider/u);
});

test('what it tells its maker, and looks for, is left to it only when a person says so', () => {
  const text = contentOf('config.toml', { telemetry: true });
  expect(text).not.toMatch(/analytics|feedback|check_for_update|plugins/u);
});

test('its hooks are trusted by the hashes that the program itself makes of them', () => {
  const hooks = { url: 'http://127.0.0.1:1', command: 'ccm-hook' };
  const file = '/m/codex/hooks.json';
  // Of a definition that the program's own dialog was seen to trust: `{async,command,timeout,type}`, sorted, without blanks.
  expect(hookTrust({ hooks }, file)[`${file}:stop:0:0`]).toEqual({
    trusted_hash: 'sha256:49f97aa6446d4ef735e3eee7291f8f3ec160b39e2d26795003f977e3fd17d8bc',
  });
  const json = JSON.parse(contentOf('hooks.json')) as { hooks: Record<string, [{ hooks: [{ command: string; timeout: number }] }]> };
  expect(Object.keys(json.hooks)).toHaveLength(8);
  expect(json.hooks['Stop']?.[0].hooks[0].command).toBe("'/home/somebody/.ccm/bin/ccm' hook codex");
  // Longer ones it cuts short, and then the definition is another one.
  expect(json.hooks['Interrupt']?.[0].hooks[0].timeout).toBe(3);
  expect(Object.keys((parse(contentOf('config.toml')) as { hooks: { state: object } }).hooks.state)).toHaveLength(8);
});

test.each(['/quit', '  /new', '\n!rm -rf .', '@secret', '$skill', '-p', '#note', '?'])('%j cannot become a command', (text) => {
  const fed = codexDriver.feed(profile, text);
  expect(fed.ok && fed.value.text.trimEnd()).toBe(`Message:\n${text}`);
});

test('a file or a skill as the last word does not open a list that Enter would choose from', () => {
  expect(codexDriver.feed(profile, 'look at @read')).toMatchObject({ value: { text: 'look at @read\n', confirmed: true } });
  expect(codexDriver.feed(profile, 'use $skill')).toMatchObject({ value: { text: 'use $skill\n' } });
  expect(codexDriver.feed(profile, 'write to me@example.org now')).toMatchObject({ value: { text: 'write to me@example.org now' } });
});

test('a dialog is answered by keys: yes once, or its own no and then the reason', () => {
  const approval = { kind: 'approval', choices: [] } as const;
  const question = { kind: 'question', choices: ['Alpha', 'Beta'] } as const;
  expect(codexDriver.reply(profile, approval, 'allow', null)).toEqual([{ waitMs: 0, press: ['y'] }]);
  // Pressed too late, it must not stay in the prompt.
  const screen = '› 1. Yes, proceed (y)';
  expect(codexDriver.reply(profile, { ...approval, screen }, 'allow', null)).toEqual([{ waitMs: 0, press: ['Enter'] }]);
  expect(codexDriver.reply(profile, approval, 'deny', null)).toEqual([{ waitMs: 0, press: ['Escape'] }]);
  expect(codexDriver.reply(profile, approval, 'expire', null)).toEqual([{ waitMs: 0, press: ['Escape'] }]);
  expect(codexDriver.reply(profile, approval, 'deny', '/quit')?.at(-1)).toEqual({ waitMs: 600, enter: 'Message:\n/quit', closed: true });
  expect(codexDriver.reply(profile, question, 'answer', 'Beta')).toEqual([{ waitMs: 0, press: ['2', 'Enter'] }]);
  expect(codexDriver.reply(profile, question, 'answer', 'Violet')).toEqual([
    { waitMs: 0, press: ['Up', 'Tab'] },
    { waitMs: 300, enter: 'Violet' },
  ]);
});
