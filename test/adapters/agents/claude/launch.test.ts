import { describe, expect, test } from 'vitest';
import { claudeDriver } from '../../../../adapters/agents/claude/driver.ts';
import { allSettings } from '../../../../src/config/profiles.ts';
import { mergeJson } from '../../../../src/lib/merge-json.ts';
import type { LaunchRequest } from '../../../../src/ports/agents.ts';
import { agentDriverContract, requestOf } from '../../../contracts/agent-driver.ts';

const profile = allSettings({}, [])[0]?.profile ?? expect.unreachable();
agentDriverContract('claude', { driver: claudeDriver, profiles: [profile] });

const planned = (changes: Partial<LaunchRequest> = {}) => {
  const made = claudeDriver.plan(requestOf(profile, changes));
  if (!made.ok) throw new Error(made.problem.detail);
  return made.value;
};
const refused = (changes: Partial<LaunchRequest>) => {
  const made = claudeDriver.plan(requestOf(profile, changes));
  return made.ok ? null : made.problem;
};
const none = { mode: null, allow: [], deny: [], addDirs: [] };
const contentOf = (name: string, changes: Partial<LaunchRequest> = {}): unknown => {
  const file = planned(changes).files.find(({ path }) => path.endsWith(name));
  return file && 'content' in file ? JSON.parse(file.content) : file && 'merge' in file ? file.merge : undefined;
};

test('permissions are always said, and become flags', () => {
  expect(planned().argv).toEqual([
    'claude',
    '--permission-mode',
    'manual',
    '--session-id',
    requestOf(profile).conversation,
    '--setting-sources',
    'user',
    '--strict-mcp-config',
    '--settings',
    '/home/somebody/.ccm/launches/agent-1/settings.json',
  ]);
  const { argv } = planned({
    trusted: true,
    resume: 'an-id',
    permissions: { mode: 'acceptEdits', allow: ['Read', 'Bash(npm test*)'], deny: ['WebFetch'], addDirs: ['/a', '/b'] },
  });
  expect(argv.slice(1, -2).join(' ')).toBe(
    '--permission-mode acceptEdits --resume an-id --allowedTools Read Bash(npm test*) --disallowedTools WebFetch --add-dir /a --add-dir /b',
  );
});

test('no way to reach a model is refused before anything starts, with what to do', () => {
  const problem = refused({ env: { ANTHROPIC_BASE_URL: 'http://127.0.0.1' } });
  expect(problem).toMatchObject({ code: 'CCM_AGENT_LACKS', detail: expect.stringMatching(/claude setup-token/u) });
});

test('the person’s own configuration is used as it is: nothing is seeded, nobody’s trust is assumed, their servers stay', () => {
  const { argv, env, files } = planned({ own: '/home/somebody', env: {} });
  expect(env).not.toHaveProperty('CLAUDE_CONFIG_DIR');
  expect(files.map(({ path }) => path)).toEqual(['/home/somebody/.ccm/launches/agent-1/settings.json']);
  expect(argv).toContain('--setting-sources');
  expect(argv).not.toContain('--strict-mcp-config');
});

test('only a trusted project brings its own settings, hooks and servers', () => {
  expect(planned({ trusted: true }).argv).not.toContain('--setting-sources');
  expect(planned({ trusted: false }).argv).toContain('--setting-sources');
});

describe('what cannot work is refused in words before anything starts', () => {
  test.each<[string, Partial<LaunchRequest>, RegExp]>([
    ['an unknown mode', { permissions: { ...none, mode: 'yolo' } }, /permissions\.mode is "yolo"; Claude Code knows acceptEdits/u],
    ['a rule that is an option', { permissions: { ...none, allow: ['--dangerously-skip-permissions'] } }, /read as an option/u],
    ['a folder that is an option', { permissions: { ...none, addDirs: ['-x'] } }, /read as an option/u],
    ['one prompt and an end', { profile: { ...profile, mode: 'oneshot', prompt: 'argument' } }, /interactive/u],
  ])('%s', (_, changes, words) => {
    expect(refused(changes)).toMatchObject({ code: 'CCM_CONFIG_INVALID', detail: expect.stringMatching(words) });
  });
});

test('every first-run question is answered beforehand, for both names of the folder', () => {
  const seeded = contentOf('.claude.json', { realDir: '/real/project', env: { ANTHROPIC_API_KEY: 'sk-ant-0123456789abcdefghijklmnop' } });
  expect(seeded).toEqual({
    hasCompletedOnboarding: true,
    projects: { '/home/somebody/project': { hasTrustDialogAccepted: true }, '/real/project': { hasTrustDialogAccepted: true } },
    customApiKeyResponses: { approved: ['6789abcdefghijklmnop'], rejected: [] },
  });
  expect(contentOf('.claude.json', { env: { CLAUDE_CODE_OAUTH_TOKEN: 'x' } })).not.toHaveProperty('customApiKeyResponses');
});

test('seeding keeps what the program wrote into its file', () => {
  const before = { numStartups: 7, projects: { '/real/project': { lastCost: 1 } }, customApiKeyResponses: { approved: ['other'] } };
  const file = planned({ realDir: '/real/project' }).files.find(({ path }) => path.endsWith('.claude.json'));
  const after = mergeJson(before, file && 'merge' in file ? file.merge : {});
  expect(after).toMatchObject({
    numStartups: 7,
    projects: { '/real/project': { lastCost: 1, hasTrustDialogAccepted: true } },
    customApiKeyResponses: { approved: ['other', expect.any(String)] },
  });
});

test('hooks hold no secret; what must not be lost goes through a command, a question may wait two hours', () => {
  const { hooks } = contentOf('settings.json') as { hooks: Record<string, [{ hooks: Array<Record<string, unknown>> }]> };
  const of = (name: string) => hooks[name]?.[0].hooks ?? [];
  expect(of('SessionStart')).toEqual([{ type: 'command', command: "'/home/somebody/.ccm/bin/ccm' hook claude", timeout: 20 }]);
  expect(of('PermissionRequest')).toEqual([
    {
      type: 'http',
      url: 'http://127.0.0.1:8765/api/v1/hooks/claude',
      timeout: 7200,
      headers: { authorization: 'Bearer $CCM_HOOK_TOKEN' },
      allowedEnvVars: ['CCM_HOOK_TOKEN'],
    },
  ]);
  expect(of('Stop').map(({ type }) => type)).toEqual(['http', 'command']);
});

test.each(['/exit', '  /clear', '\n!rm -rf .', '@secret', '# remember', '-p', '&', '?'])('%j cannot become a command', (text) => {
  const fed = claudeDriver.feed(profile, text);
  expect(fed).toMatchObject({ ok: true, value: { text: `Message:\n${text}`, confirmed: true } });
});

test('a dialog is answered by the only keys that mean the same in all of them', () => {
  const approval = { kind: 'approval', choices: [] } as const;
  const question = { kind: 'question', choices: ['Alpha', 'Beta'] } as const;
  expect(claudeDriver.reply(profile, approval, 'allow', null)).toEqual([{ waitMs: 600, press: ['1'] }]);
  expect(claudeDriver.reply(profile, approval, 'deny', 'no')).toEqual([{ waitMs: 600, press: ['Escape'] }]);
  expect(claudeDriver.reply(profile, question, 'answer', 'Beta')).toEqual([{ waitMs: 600, press: ['2'] }]);
  expect(claudeDriver.reply(profile, question, 'answer', 'Violet')).toEqual([
    { waitMs: 600, press: ['3'] },
    { waitMs: 600, enter: 'Violet' },
  ]);
});

test('a conversation goes on only where one was written down', () => {
  const { begun } = claudeDriver.listening?.keptAt('/m', 'c', null) ?? {};
  expect(begun?.test('{"type":"mode","mode":"normal"}\n')).toBe(false);
  expect(begun?.test('{"parentUuid":null,"type":"user","message":{"role":"user","content":"hello"}}\n')).toBe(true);
});
