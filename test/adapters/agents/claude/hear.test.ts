/** Payloads and lines as the real program sent them. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { targetOf } from '../../../../adapters/agents/claude/call.ts';
import { claudeDriver } from '../../../../adapters/agents/claude/driver.ts';
import { resetTime } from '../../../../adapters/agents/claude/failure.ts';
import { denied } from '../../../../adapters/agents/rules.ts';
import { allSettings } from '../../../../src/config/profiles.ts';

const { listening } = claudeDriver;
if (!listening) throw new Error('it listens');
const profile = allSettings({}, [])[0]?.profile ?? expect.unreachable();
const fixture = (path: string): string => readFileSync(new URL(`../../../fixtures/${path}`, import.meta.url), 'utf8');
const payload = (name: string) => JSON.parse(fixture(`hooks/claude/${name}.json`)) as Record<string, unknown>;
const none = { mode: null, allow: [], deny: [], addDirs: [] };
const hear = (name: string, changes: Record<string, unknown> = {}, now = 0) => listening.hear({ ...payload(name), ...changes }, none, now);

describe('what a hook means', () => {
  test('a start says where the conversation is kept, and that it is ready', () => {
    const { signs, id } = hear('session-start');
    expect(signs).toEqual([
      { type: 'keptIn', path: expect.stringMatching(/projects\/-home-somebody-project\/3{8}.*\.jsonl$/u) },
      { type: 'ready', detail: 'session startup' },
    ]);
    expect(id).toBeNull();
    // In the middle of a turn.
    expect(hear('session-start', { source: 'compact' }).signs.map(({ type }) => type)).toEqual(['keptIn']);
  });
  test('a prompt that was taken, whoever typed it', () => {
    expect(hear('user-prompt-submit').signs).toEqual([{ type: 'prompted', text: '@ask Which colour?\n@say A' }]);
    expect(hear('user-prompt-submit-task-notification').signs).toMatchObject([{ type: 'prompted' }]);
  });
  test('a tool is told with its target, and a permission with all that is needed to decide', () => {
    const [before] = hear('pre-tool-use-bash').signs;
    const [asked] = hear('permission-request-bash').signs;
    expect(before).toMatchObject({ type: 'working', detail: 'Bash: touch esc.txt', use: 'toolu_stub00000006' });
    expect(asked).toMatchObject({ type: 'asked', kind: 'approval', tool: 'Bash', text: 'touch esc.txt\n(stub command)', choices: [] });
    expect(asked).toHaveProperty('call', before && 'call' in before ? before.call : 'no key');
  });
  test('a file is named from the working folder, and what goes into it is shown', () => {
    const tool_input = { file_path: '/home/somebody/project/src/a.ts', content: 'export {};\n' };
    const [asked] = hear('permission-request-bash', { tool_name: 'Write', tool_input }).signs;
    expect(asked).toMatchObject({ text: 'src/a.ts\n\nexport {};\n' });
  });
  test('a question is asked with its choices, and recognised when it comes back answered', () => {
    const [asked] = hear('permission-request-askuserquestion').signs;
    const [after] = hear('post-tool-use-askuserquestion').signs;
    expect(asked).toMatchObject({ type: 'asked', kind: 'question', choices: ['Alpha', 'Beta'] });
    expect(asked).toHaveProperty('text', 'Which colour?\n  - Alpha: first option\n  - Beta: second option');
    expect(after).toMatchObject({ type: 'wentOn', call: asked && 'call' in asked ? asked.call : 'no key' });
  });
  test('a turn is over unless something goes on in the background', () => {
    expect(hear('stop').signs).toEqual([{ type: 'turnEnded', summary: 'A', more: false }]);
    expect(hear('stop-background').signs).toEqual([{ type: 'turnEnded', summary: 'parent done', more: true }]);
  });
  test('the same call over two ways is one', () => {
    expect(hear('stop').id).toMatch(/^Stop:/u);
    expect(hear('stop').id).not.toBe(hear('stop-background').id);
  });
  test.each([
    ['rate_limit', 'limited'],
    ['authentication_failed', 'failed'],
    ['server_error', 'failed'],
    ['a word of a later version', 'failed'],
  ])('%s is %s', (error, type) => {
    const failure = { hook_event_name: 'StopFailure', error, last_assistant_message: 'API Error: stub' };
    expect(hear('stop', failure).signs).toMatchObject([{ type, detail: 'API Error: stub' }]);
  });
  test('the end of a subagent tells where it kept what it used', () =>
    expect(hear('subagent-stop').signs).toEqual([{ type: 'helperFile', path: expect.stringMatching(/agent-abbcc7b3139f7bccb\.jsonl$/u) }]));
  test.each(['session-end'])('%s says nothing of the turn', (name) => expect(hear(name).signs).toEqual([]));
});

describe('what a hook is answered', () => {
  const answer = (name: string, ...decision: [Parameters<typeof listening.answer>[1], string | null]) =>
    listening.answer(payload(name), ...decision) as { hookSpecificOutput?: { decision?: unknown } };
  test('a permission', () => {
    expect(answer('permission-request-bash', 'allow', null).hookSpecificOutput?.decision).toEqual({ behavior: 'allow' });
    expect(answer('permission-request-bash', 'deny', 'not here').hookSpecificOutput?.decision).toEqual({
      behavior: 'deny',
      message: 'not here',
    });
    expect(answer('permission-request-bash', 'expire', null).hookSpecificOutput?.decision).toMatchObject({ behavior: 'deny' });
    // Decided in its own window: whatever we said now would come second.
    expect(answer('permission-request-bash', null, null)).toEqual({});
  });
  test('a question', () => {
    expect(answer('permission-request-askuserquestion', 'answer', 'Violet').hookSpecificOutput?.decision).toMatchObject({
      behavior: 'allow',
      updatedInput: { questions: [{ question: 'Which colour?' }], answers: { 'Which colour?': 'Violet' } },
    });
  });
  test('a rule that forbids is held by us, too', () => {
    const reply = (deny: string[]) => listening.hear(payload('pre-tool-use-bash'), { ...none, deny }, 0).reply;
    expect(reply([])).toEqual({});
    expect(reply(['Bash(touch *)'])).toMatchObject({ hookSpecificOutput: { permissionDecision: 'deny' } });
  });
});

test.each<[string, string, Record<string, string>, boolean]>([
  ['Bash', 'Bash', { command: 'ls' }, true],
  ['Write', 'Bash', { command: 'ls' }, false],
  ['mcp__*', 'mcp__shop__buy', {}, true],
  ['Bash(rm *)', 'Bash', { command: 'rm -rf x' }, true],
  ['Bash(rm:*)', 'Bash', { command: 'rm -rf x' }, true],
  ['Bash(rm *)', 'Bash', { command: 'ls && rm -rf x' }, true],
  ['Bash(rm *)', 'Bash', { command: 'grep rm file' }, false],
  ['Write(/etc/*)', 'Write', { file_path: '/etc/passwd' }, true],
  ['Write(/etc/*)', 'Write', { file_path: '/home/etc/x' }, false],
  ['Bash(a.c)', 'Bash', { command: 'abc' }, false],
])('%s, %s %j: %s', (rule, tool, input, is) => expect(denied([rule], tool, targetOf(input)) !== null).toBe(is));

test('a limit tells when it ends, where it does', () => {
  const now = new Date(2026, 0, 5, 14, 0).getTime();
  expect(resetTime('Claude AI usage limit reached|1767225600', now)).toBe(1_767_225_600_000);
  expect(resetTime("You've hit your limit · resets 3:30pm (Europe/Berlin)", now)).toBe(new Date(2026, 0, 5, 15, 30).getTime());
  expect(resetTime('resets at 9am', now)).toBe(new Date(2026, 0, 6, 9, 0).getTime());
  expect(resetTime('API Error: Request rejected (429)', now)).toBeNull();
});

test('a whole conversation, as its file tells it', () => {
  const told = fixture('transcripts/claude/session.jsonl')
    .split('\n')
    .flatMap((line) => listening.readLine(line)?.signs ?? [])
    .filter(({ type }) => type !== 'used')
    .map((sign) => ('text' in sign ? `${sign.type} ${sign.text.slice(0, 12)}` : sign.type));
  expect(told).toEqual([
    'prompted @ask Which c',
    'wentOn',
    'said A',
    'turnEnded',
    'prompted @bash touch ',
    'wentOn',
    'interrupted',
    'prompted @error 429 r',
    'interrupted',
    'prompted @slow 300 a ',
    'said a b c d e f ',
    'turnEnded',
    'prompted @task @slow ',
    'wentOn',
    'said parent done',
    'turnEnded',
    'prompted <task-notifi',
    'said all steps do',
    'turnEnded',
  ]);
});

test('half a line, and a line of another program, say nothing', () => {
  const [first = ''] = fixture('transcripts/claude/session.jsonl')
    .split('\n')
    .filter((line) => line.includes('"origin"'));
  expect(listening.readLine(first)).not.toBeNull();
  expect(listening.readLine(first.slice(0, -20))).toBeNull();
  expect(listening.readLine(first.replace('"isSidechain":false', '"isSidechain":true'))).toBeNull();
});

test.each([
  ['ready', 'ready'],
  ['busy', 'busy'],
  ['approval-write', 'approval'],
  ['approval-bash', 'approval'],
  ['question', 'asking'],
  ['answered', 'ready'],
  ['interrupted', 'interrupted'],
  ['unsent', 'interrupted'],
  ['trust', 'asking'],
  ['own-key', 'asking'],
])('the screen %s reads as %s', (name, fact) => {
  expect(claudeDriver.read(profile, { text: fixture(`screens/claude/${name}/screen.txt`), title: '' })).toMatchObject({ fact });
});

test('words of a dialog inside an answer are no dialog', () => {
  const text = `● Press this:\n ❯ 1. Yes\n   2. No\n\n Esc to cancel\n\n${fixture('screens/claude/ready/screen.txt').split('\n').slice(-5).join('\n')}`;
  expect(claudeDriver.read(profile, { text, title: '' })).not.toMatchObject({ fact: 'approval' });
});

describe('what a line of the transcript says of tokens', () => {
  const lines = fixture('transcripts/claude/session.jsonl').split('\n');
  const used = lines.flatMap((text) => listening.readLine(text)?.signs ?? []).flatMap((sign) => (sign.type === 'used' ? [sign.usage] : []));
  test('each request with its own id, its model and its tokens, and no cost', () => {
    expect(used.length).toBeGreaterThan(3);
    expect(used[0]).toEqual({
      id: 'msg_stub00000002',
      model: 'claude-opus-5-5',
      input: 100,
      output: 20,
      cacheRead: 0,
      cacheWrite: 0,
      costMicroUsd: null,
    });
  });
  test('nothing for what the program made up itself, or without figures', () => {
    const line = JSON.parse(lines.find((text) => text.includes('msg_stub00000002')) ?? '{}') as { message: object };
    const told = (message: object) => listening.readLine(JSON.stringify({ ...line, message: { ...line.message, ...message } }));
    expect(told({ model: '<synthetic>' })).toBeNull();
    expect(told({ usage: { input_tokens: 0, output_tokens: 0 } })).toBeNull();
    expect(told({ usage: undefined })).toBeNull();
  });
});
