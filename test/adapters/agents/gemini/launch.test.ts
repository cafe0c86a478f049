import { parse } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { geminiDriver } from '../../../../adapters/agents/gemini/driver.ts';
import { allSettings } from '../../../../src/config/profiles.ts';
import { mergeJson } from '../../../../src/lib/merge-json.ts';
import type { LaunchRequest } from '../../../../src/ports/agents.ts';
import { agentDriverContract, requestOf } from '../../../contracts/agent-driver.ts';

const profile = allSettings({}, []).find(({ profile: { kind } }) => kind === 'gemini')?.profile ?? expect.unreachable();
const none = { mode: null, allow: [], deny: [], addDirs: [] };
const env = { GEMINI_API_KEY: 'sk-a-secret-of-the-profile-0123456789' };
const request = (changes: Partial<LaunchRequest> = {}) => requestOf(profile, { env, ...changes });

agentDriverContract('gemini', {
  driver: { ...geminiDriver, plan: (asked) => geminiDriver.plan({ ...asked, env }) },
  profiles: [profile],
  asTyped: (text) => text.replaceAll(String.raw`\@`, '@').replace(/(@\S*|\\) $/u, '$1'),
});

const planned = (changes: Partial<LaunchRequest> = {}) => {
  const made = geminiDriver.plan(request(changes));
  if (!made.ok) throw new Error(made.problem.detail);
  return made.value;
};
const refused = (changes: Partial<LaunchRequest>) => {
  const made = geminiDriver.plan(request(changes));
  return made.ok ? null : made.problem;
};
const file = (name: string, changes: Partial<LaunchRequest> = {}) => planned(changes).files.find(({ path }) => path.endsWith(name));
const content = (name: string, changes: Partial<LaunchRequest> = {}): string => {
  const found = file(name, changes);
  return found && 'content' in found ? found.content : expect.unreachable(`no ${name}`);
};

test('the approval mode is always said; the conversation has our id', () => {
  const { conversation } = request();
  expect(planned().argv).toEqual(['gemini', '--approval-mode', 'default', '--session-id', conversation]);
  const { argv } = planned({
    trusted: true,
    resume: conversation,
    permissions: { ...none, mode: 'auto_edit', allow: ['write_file'], addDirs: ['/a'] },
  });
  expect(argv.slice(1).join(' ')).toBe(
    `--approval-mode auto_edit --resume ${conversation} --policy ${request().folder}/policy.toml --include-directories /a`,
  );
});

test('in a project that is not trusted nothing is approved by a mode, whatever the profile says', () => {
  const modeOf = (mode: string, trusted: boolean) => planned({ trusted, permissions: { ...none, mode } }).argv[2];
  expect(['auto_edit', 'yolo', 'plan'].map((mode) => modeOf(mode, false))).toEqual(['default', 'default', 'plan']);
  expect(['auto_edit', 'yolo', 'plan'].map((mode) => modeOf(mode, true))).toEqual(['auto_edit', 'yolo', 'plan']);
});

test('one process, in a home of the conversation, and the key in no file and no argument', () => {
  const plan = planned();
  expect(plan.env).toMatchObject({ GEMINI_CLI_HOME: `${request().memory}/gemini`, GEMINI_CLI_NO_RELAUNCH: 'true' });
  expect(JSON.stringify(plan)).not.toMatch(/sk-a-secret/u);
});

test('trust in the folder is ours to say, so that no dialog asks for it and its own settings count only where a person said so', () => {
  const trustIn = (trusted: boolean) => {
    const found = file('trustedFolders.json', { trusted, realDir: '/real/project' });
    return found && 'merge' in found ? found.merge : null;
  };
  expect(trustIn(false)).toEqual({ '/home/somebody/project': 'DO_NOT_TRUST', '/real/project': 'DO_NOT_TRUST' });
  expect(trustIn(true)).toEqual({ '/home/somebody/project': 'TRUST_FOLDER', '/real/project': 'TRUST_FOLDER' });
});

test('hooks come as an extension: those of settings are silent in a folder that is not trusted', () => {
  const { hooks } = JSON.parse(content('hooks.json')) as { hooks: Record<string, Array<{ hooks: Array<{ command: string }> }>> };
  expect(Object.keys(hooks)).toEqual(['SessionStart', 'BeforeAgent', 'BeforeTool', 'AfterTool', 'Notification', 'AfterAgent']);
  expect(hooks['AfterAgent']?.[0]?.hooks[0]?.command).toBe("'/home/somebody/.ccm/bin/ccm' hook gemini");
  expect(JSON.parse(content('gemini-extension.json'))).toMatchObject({ name: 'ccm' });
});

test('what the program wrote into its settings stays, and ours are laid over it', () => {
  const found = file('settings.json');
  const after = mergeJson({ ui: { theme: 'Dracula', errorVerbosity: 'low' } }, found && 'merge' in found ? found.merge : {});
  expect(after).toMatchObject({
    ui: { theme: 'Dracula', errorVerbosity: 'full' },
    security: { auth: { selectedType: 'gemini-api-key' } },
    general: { sessionRetention: { enabled: false } },
    privacy: { usageStatisticsEnabled: false },
  });
  const vertex = planned({ env: { GOOGLE_GENAI_USE_VERTEXAI: 'true', GOOGLE_API_KEY: 'x' } }).files[0];
  expect(vertex).toMatchObject({ merge: { security: { auth: { selectedType: 'vertex-ai' } } } });
});

test('permissions become a policy that it enforces by itself; what is forbidden goes first', () => {
  const permissions = {
    ...none,
    allow: ['write_file', 'run_shell_command(npm test*)'],
    deny: ['run_shell_command(rm:*)', 'web_fetch', 'mcp_*'],
  };
  const denyMessage = (rule: string) => `The rule ${rule} of this agent's configuration forbids it.`;
  expect(parse(content('policy.toml', { permissions }))).toEqual({
    rule: [
      {
        toolName: 'run_shell_command',
        commandPrefix: 'rm',
        decision: 'deny',
        priority: 990,
        denyMessage: denyMessage('run_shell_command(rm:*)'),
      },
      { toolName: 'web_fetch', decision: 'deny', priority: 990, denyMessage: denyMessage('web_fetch') },
      { toolName: 'mcp_*', decision: 'deny', priority: 990, denyMessage: denyMessage('mcp_*') },
      { toolName: 'write_file', decision: 'allow', priority: 500 },
      { toolName: 'run_shell_command', commandPrefix: 'npm test', decision: 'allow', priority: 500 },
    ],
  });
  expect(file('policy.toml')).toBeUndefined();
});

test('no rule can become another one by its quotes', () => {
  const permissions = { ...none, deny: ['run_shell_command(a"\ndecision = "allow)'] };
  expect(parse(content('policy.toml', { permissions }))).toMatchObject({
    rule: [{ decision: 'deny', commandPrefix: 'a"\ndecision = "allow' }],
  });
});

describe('what cannot work is refused in words before anything starts', () => {
  test.each<[string, Partial<LaunchRequest>, RegExp]>([
    [
      'an unknown mode',
      { permissions: { ...none, mode: 'acceptEdits' } },
      /permissions\.mode is "acceptEdits"; Gemini CLI knows default, auto_edit/u,
    ],
    ['a pattern it would not keep', { permissions: { ...none, deny: ['write_file(/etc/*)'] } }, /patterns for run_shell_command only/u],
    ['a star in the middle', { permissions: { ...none, deny: ['run_shell_command(git * push)'] } }, /\* at its end only/u],
    [
      'a rule for every command that looks like a pattern',
      { permissions: { ...none, allow: ['run_shell_command(*)'] } },
      /at its end only/u,
    ],
    ['a rule of another program', { permissions: { ...none, allow: ['Bash(npm test'] } }, /none of Gemini CLI's/u],
    ['a folder that is an option', { permissions: { ...none, addDirs: ['-x'] } }, /read as an option/u],
    ['a folder that is two', { permissions: { ...none, addDirs: ['/a,/etc'] } }, /two folders/u],
    ['no way to reach a model', { env: { GOOGLE_GEMINI_BASE_URL: 'http://127.0.0.1' } }, /GEMINI_API_KEY/u],
    ['one prompt and an end', { profile: { ...profile, mode: 'oneshot', prompt: 'argument' } }, /interactive/u],
  ])('%s', (_, changes, words) => {
    expect(refused(changes)).toMatchObject({ code: 'CCM_CONFIG_INVALID', detail: expect.stringMatching(words) });
  });
});

describe('text', () => {
  const fed = (text: string): string => {
    const made = geminiDriver.feed(profile, text);
    return made.ok ? made.value.text : expect.unreachable();
  };
  test.each([' /quit', '!rm x', '?', '--version', '/'])('%s is no command', (text) => expect(fed(text)).toBe(`Message:\n${text}`));
  test('a name behind @ is no file to put in, wherever it stands', () => {
    expect(fed('see @a.txt, me@x.org and @/etc/passwd too')).toBe(String.raw`see \@a.txt, me\@x.org and \@/etc/passwd too`);
    expect(fed(String.raw`\@a`)).toBe(String.raw`\@a `);
  });
  test('what Enter would complete or continue gets a blank', () => {
    expect(fed('ask @code')).toBe(String.raw`ask \@code `);
    expect(fed('a path\\')).toBe('a path\\ ');
    expect(fed('plain')).toBe('plain');
  });
});

describe('a decision is typed', () => {
  const approval = { kind: 'approval', choices: [] } as const;
  const question = { kind: 'question', choices: ['Alpha', 'Beta'] } as const;
  const typed = (...args: [Parameters<typeof geminiDriver.reply>[1], Parameters<typeof geminiDriver.reply>[2], string | null]) =>
    geminiDriver
      .reply(profile, ...args)
      ?.map((step) => ('press' in step ? step.press.join() : `${step.closed ? 'prompt ' : ''}${step.enter}`));
  test('allowed is 1, once; denied and expired is Escape, and the reason is the next prompt', () => {
    expect(typed(approval, 'allow', null)).toEqual(['1']);
    expect(typed(approval, 'deny', null)).toEqual(['Escape']);
    expect(typed(approval, 'deny', '/not here')).toEqual(['Escape', 'prompt Message:\n/not here']);
    expect(typed(approval, 'expire', null)).toEqual(['Escape']);
    expect(typed(question, 'expire', null)).toBeUndefined();
  });
  test('a choice is its number, other words go where the dialog takes them', () => {
    expect(typed(question, 'answer', 'Beta')).toEqual(['2']);
    expect(typed(question, 'answer', 'Violet')).toEqual(['3', 'Violet']);
    expect(typed({ kind: 'question', choices: [] }, 'answer', 'Violet')).toEqual(['Escape', 'prompt Violet']);
  });
});

test.each([
  [{ code: 145, signal: null }, /model service had answered 401/u],
  [{ code: 173, signal: null }, /answered 429/u],
  [{ code: 42, signal: null }, /did not accept how it was started/u],
  [{ code: 55, signal: null }, /does not trust/u],
  [{ code: null, signal: 9 }, /SIGKILL/u],
  [{ code: null, signal: null }, /nobody saw how/u],
])('%j is explained', (exit, words) => expect(geminiDriver.explainExit(profile, exit)).toMatch(words));

test('what it lacks is said in words, with the next step', () => {
  expect(geminiDriver.lacks?.(profile, {}, false)).toMatchObject({ next: expect.stringMatching(/ccm secret set gemini-api-key/u) });
  expect(geminiDriver.lacks?.(profile, env, false)).toBeNull();
});
