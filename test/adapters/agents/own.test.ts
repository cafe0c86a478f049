/** The person's own configuration, laid out for a program without touching it: what of theirs counts, what of ours goes over it, what is linked. */
import { parse } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { codexDriver } from '../../../adapters/agents/codex/driver.ts';
import { hookTrust } from '../../../adapters/agents/codex/hooks.ts';
import { geminiDriver } from '../../../adapters/agents/gemini/driver.ts';
import { allSettings } from '../../../src/config/profiles.ts';
import type { AgentDriver, LaunchRequest, PlanFile } from '../../../src/ports/agents.ts';
import { requestOf } from '../../contracts/agent-driver.ts';

const own = '/home/somebody';
const settings = '/home/somebody/.gemini/settings.json';
const config = '/home/somebody/.codex/config.toml';
const hooks = { url: 'http://127.0.0.1:8765/api/v1/hooks', command: "'/home/somebody/.ccm/bin/ccm' hook" };
const login = { '/home/somebody/.codex/auth.json': '{}' };

const made = (driver: AgentDriver, kind: string, changes: Partial<LaunchRequest>) => {
  const profile = allSettings({}, []).find(({ profile: one }) => one.kind === kind)?.profile ?? expect.unreachable();
  return driver.plan(requestOf(profile, { own, env: {}, ...changes }));
};
const planned = (...of: Parameters<typeof made>) => {
  const plan = made(...of);
  return plan.ok ? plan.value : expect.unreachable(plan.problem.detail);
};
const text = (files: readonly PlanFile[], name: string): string => {
  const file = files.find(({ path }) => path.endsWith(name));
  return file && 'content' in file ? file.content : expect.unreachable(name);
};
const linkedIn = (files: readonly PlanFile[], mirrors: string, name: string): boolean =>
  files.some((file) => 'mirrors' in file && file.mirrors === mirrors && file.names.test(name));

describe('Gemini CLI', () => {
  const gemini = (changes: Partial<LaunchRequest> = {}) => planned(geminiDriver, 'gemini', changes);

  test('their settings are kept, comments and all, with what must hold laid over them', () => {
    const theirs = {
      [settings]: '{\n// a comment\n"ui": { "theme": "GitHub" /* , */ }, "mcpServers": { "a": { "url": "https://x//y" } } }',
    };
    const { files } = gemini({ theirs, trusted: true });
    expect(JSON.parse(text(files, '.gemini/settings.json'))).toMatchObject({
      ui: { theme: 'GitHub', errorVerbosity: 'full' },
      mcpServers: { a: { url: 'https://x//y' } },
      general: { enableAutoUpdate: false },
      telemetry: { enabled: false },
    });
    expect(files.every((file) => !file.path.startsWith('/home/somebody/.gemini'))).toBe(true);
    expect(text(files, 'extensions/ccm/hooks/hooks.json')).toMatch(/hook gemini/u);
  });

  test('memory, skills, commands, logins and other extensions are theirs; state and talks are the conversation’s', () => {
    const { files, env } = gemini();
    const theirs = '/home/somebody/.gemini';
    for (const name of ['GEMINI.md', 'skills', 'commands', 'agents', 'policies', 'oauth_creds.json', '.env'])
      expect(linkedIn(files, theirs, name), name).toBe(true);
    for (const name of ['settings.json', 'trustedFolders.json', 'extensions', 'tmp', 'state.json', 'projects.json', 'history'])
      expect(linkedIn(files, theirs, name), name).toBe(false);
    expect(linkedIn(files, `${theirs}/extensions`, 'theirs')).toBe(true);
    expect(linkedIn(files, `${theirs}/extensions`, 'ccm')).toBe(false);
    expect(linkedIn(files, '/home/somebody', '.agents')).toBe(true);
    expect(linkedIn(files, '/home/somebody', '.ssh')).toBe(false);
    expect(env['GEMINI_CLI_HOME']).toBe('/home/somebody/.ccm/conversations/01890a5d/own/gemini');
  });

  test('whether the folder is trusted is what was said of the project, whatever they said of folders', () => {
    const theirs = { [settings]: '{ "security": { "folderTrust": { "enabled": false } } }' };
    const untrusted = gemini({ theirs });
    expect(JSON.parse(text(untrusted.files, '.gemini/settings.json'))).toMatchObject({ security: { folderTrust: { enabled: true } } });
    expect(JSON.parse(text(untrusted.files, 'trustedFolders.json'))).toEqual({ '/home/somebody/project': 'DO_NOT_TRUST' });
    expect(JSON.parse(text(gemini({ theirs, trusted: true }).files, 'trustedFolders.json'))).toEqual({
      '/home/somebody/project': 'TRUST_FOLDER',
    });
  });

  test.each([
    ['{ "ui": ', /settings\.json cannot be read/u],
    ['[]', /cannot be read/u],
    ['{ "hooksConfig": { "enabled": false } }', /switches hooks off/u],
  ])('settings with which it could not be followed are refused in words: %s', (content, words) => {
    expect(made(geminiDriver, 'gemini', { theirs: { [settings]: content } })).toMatchObject({
      problem: { detail: expect.stringMatching(words) },
    });
  });
});

describe('Codex', () => {
  const codex = (changes: Partial<LaunchRequest> = {}) => planned(codexDriver, 'codex', { theirs: login, ...changes });

  test('their configuration is kept with what must hold laid over it; our hooks are options beside theirs', () => {
    const hash = { trusted_hash: 'sha256:0' };
    const state = `[hooks.state."/home/somebody/.codex/hooks.json:stop:0:0"]\ntrusted_hash = "sha256:0"\n`;
    const theirs = { ...login, [config]: `model = "m"\n[mcp_servers.a]\ncommand = "x"\n${state}` };
    const { argv, files, env } = codex({ theirs });
    expect(parse(text(files, 'config.toml'))).toMatchObject({
      model: 'm',
      mcp_servers: { a: { command: 'x' } },
      analytics: { enabled: false },
      // What they said of their hooks goes with the file, which stands in another folder here.
      hooks: { state: { [`${env['CODEX_HOME']}/hooks.json:stop:0:0`]: hash } },
    });
    expect(parse(text(files, 'config.toml'))).not.toHaveProperty('model_provider');
    const options = argv.flatMap((word, index) => (argv[index - 1] === '-c' ? [parse(word)] : []));
    expect(options[0]).toMatchObject({
      hooks: { SessionStart: [{ hooks: [{ type: 'command', command: "'/home/somebody/.ccm/bin/ccm' hook codex" }] }] },
    });
    expect(options.at(-1)).toMatchObject({
      hooks: { state: hookTrust({ hooks }, '/<session-flags>/config.toml') },
    });
  });

  test('memory, skills, prompts and the login are theirs; state and talks are the conversation’s', () => {
    const { files } = codex();
    const theirs = '/home/somebody/.codex';
    for (const name of ['AGENTS.md', 'auth.json', 'prompts', 'rules', 'hooks.json', 'work.config.toml'])
      expect(linkedIn(files, theirs, name), name).toBe(true);
    for (const name of [
      'config.toml',
      'sessions',
      'history.jsonl',
      'state_5.sqlite-wal',
      'log',
      'logs_2.sqlite',
      'memories',
      'installation_id',
    ])
      expect(linkedIn(files, theirs, name), name).toBe(false);
    expect(linkedIn(files, `${theirs}/skills`, 'mine')).toBe(true);
    expect(linkedIn(files, `${theirs}/skills`, '.system')).toBe(false);
  });

  test('a project that is not trusted stays so whatever they said of folders; in a trusted one the question is theirs', () => {
    const theirs = { ...login, [config]: '[projects."/home/somebody"]\ntrust_level = "trusted"\n' };
    expect(parse(text(codex({ theirs }).files, 'config.toml'))['projects']).toEqual({
      '/home/somebody/project': { trust_level: 'untrusted' },
    });
    expect(parse(text(codex({ theirs, trusted: true }).files, 'config.toml'))['projects']).toEqual({
      '/home/somebody': { trust_level: 'trusted' },
    });
    const review = { text: '  Hooks need review\n› 2. Trust all and continue\n', title: '' };
    expect(codexDriver.opening?.(review, false)).toEqual(['Enter']);
    expect(codexDriver.opening?.(review, true)).toBeNull();
  });

  test('its question of trust has choices, and other words are no answer: their Enter would say yes', () => {
    const screen =
      '  Folder access\n\n  Trust this folder?\n\n› 1. Trust and continue\n  2. Back to Agent Command Center\n\n  enter continue · esc back\n';
    const profile = requestOf(allSettings({}, [])[0]?.profile ?? expect.unreachable()).profile;
    const choices = ['Trust and continue', 'Back to Agent Command Center'];
    expect(codexDriver.read(profile, { text: screen, title: '' })).toMatchObject({ fact: 'asking', choices });
    const reply = (text: string) => codexDriver.reply(profile, { kind: 'question', choices, screen }, 'answer', text);
    expect(reply('Trust and continue')).toEqual([{ waitMs: 0, press: ['1', 'Enter'] }]);
    expect(reply('what is this?')).toBeNull();
    expect(reply('1')).toBeNull();
  });

  test('a configuration that cannot be read is refused in words', () => {
    expect(made(codexDriver, 'codex', { theirs: { ...login, [config]: 'model = ' } })).toMatchObject({
      problem: { code: 'CCM_CONFIG_INVALID', detail: expect.stringMatching(/config\.toml cannot be read/u) },
    });
  });
});
