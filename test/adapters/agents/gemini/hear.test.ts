/** Payloads, lines and screens as the real program made them, version 0.61.0. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { geminiDriver } from '../../../../adapters/agents/gemini/driver.ts';
import { allSettings } from '../../../../src/config/profiles.ts';

const { listening } = geminiDriver;
if (!listening) throw new Error('it listens');
const profile = allSettings({}, []).find(({ profile: { kind } }) => kind === 'gemini')?.profile ?? expect.unreachable();
const fixture = (path: string): string => readFileSync(new URL(`../../../fixtures/${path}`, import.meta.url), 'utf8');
const payload = (name: string) => JSON.parse(fixture(`hooks/gemini/${name}.json`)) as Record<string, unknown>;
const none = { mode: null, allow: [], deny: [], addDirs: [] };
const hear = (name: string, changes: Record<string, unknown> = {}) => listening.hear({ ...payload(name), ...changes }, none, 0);

describe('what a hook means', () => {
  test('a start says where the conversation is kept, and that it is ready', () => {
    expect(hear('session-start').signs).toEqual([
      { type: 'keptIn', path: expect.stringMatching(/chats\/session-.*-01890a5d\.jsonl$/u) },
      { type: 'ready', detail: 'session startup' },
    ]);
    // In the middle of a window's life.
    expect(hear('session-start', { source: 'clear' }).signs.map(({ type }) => type)).toEqual(['keptIn']);
  });
  test('a prompt that was taken', () => {
    expect(hear('before-agent').signs).toEqual([{ type: 'prompted', text: 'do:write a.txt hello\ndo:say job done' }]);
  });
  test.each([
    ['before-tool-write', 'notification-edit', 'after-tool-write', { tool: 'write_file', text: 'a.txt\n\nhello\n' }],
    ['before-tool-shell', 'notification-exec', 'after-tool-cancelled', { tool: 'run_shell_command', text: 'touch b.txt' }],
  ])('%s, %s and %s are about the same call', (before, asks, after, about) => {
    const [working] = hear(before).signs;
    const [asked] = hear(asks).signs;
    const [wentOn] = hear(after).signs;
    expect(asked).toMatchObject({ type: 'asked', kind: 'approval', choices: [], ...about });
    const call = asked && 'call' in asked ? asked.call : 'none';
    expect(working).toMatchObject({ type: 'working', call });
    expect(wentOn).toMatchObject({ type: 'wentOn', call });
  });
  test('a changed file is asked about by what changes', () => {
    const fileDiff = 'Index: a.txt\n====\n--- a.txt\tCurrent\n+++ a.txt\tProposed\n@@ -1,1 +1,1 @@\n-old\n+new\n';
    const details = { type: 'edit', filePath: '/home/somebody/project/src/a.txt', fileDiff, newContent: 'new\n' };
    expect(hear('notification-edit', { details }).signs).toMatchObject([
      { tool: 'replace', text: 'src/a.txt\n\n@@ -1,1 +1,1 @@\n-old\n+new\n' },
    ]);
  });
  test('a question is asked once, with its choices, before its dialog is there', () => {
    expect(hear('before-tool-ask').signs).toMatchObject([
      {
        type: 'asked',
        kind: 'question',
        choices: ['Alpha', 'Beta'],
        text: 'Which colour?\n  - Alpha: the choice Alpha\n  - Beta: the choice Beta',
      },
    ]);
    expect(hear('notification-ask').signs).toEqual([]);
  });
  test('a dialog nobody knows is a question, so that nothing is pressed in it', () => {
    const details = { type: 'exit_plan_mode', title: 'Plan Approval' };
    expect(hear('notification-ask', { details }).signs).toMatchObject([{ type: 'asked', kind: 'question', choices: [] }]);
  });
  test('the end of a turn is told with its words, or without any', () => {
    expect(hear('after-agent').signs).toEqual([{ type: 'turnEnded', summary: 'job done', more: false }]);
    expect(hear('after-agent-error').signs).toEqual([{ type: 'turnEnded', summary: null, more: false }]);
  });
  test.each(['session-end', 'pre-compress'])('%s says nothing', (name) => expect(hear(name)).toMatchObject({ id: null, signs: [] }));
  test('the same call twice is one, others are others', () => {
    const ids = ['before-agent', 'before-tool-write', 'before-tool-shell', 'after-agent', 'after-agent-error'].map((name) => hear(name).id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(hear('after-agent').id).toBe(ids[3]);
  });
  test('no hook decides anything', () => {
    expect(listening.answersTyped).toBe(true);
    expect(hear('notification-exec').reply).toEqual({});
    expect(listening.answer(payload('notification-exec'), 'allow', null)).toEqual({});
  });
});

test('the session file tells how turns ended, what was said and what was used; what it writes down once more is not told again', () => {
  const told = fixture('transcripts/gemini/session.jsonl')
    .split('\n')
    .flatMap((line) => listening.readLine(line)?.signs ?? [])
    .map((sign) =>
      'detail' in sign ? `${sign.type} ${sign.detail.slice(0, 40)}` : 'text' in sign ? `${sign.type} ${sign.text}` : sign.type,
    );
  expect(told).toEqual([
    'used',
    'used',
    'said job done',
    'used',
    'failed API error: 400 INVALID_ARGUMENT: stub er',
    'interrupted its session file says that its request w',
    'limited API error: You have exhausted your daily',
  ]);
});
test('tokens from the cache are told apart, thinking is output', () => {
  const lines = fixture('transcripts/gemini/session.jsonl').split('\n');
  const [used] = listening.readLine(lines.find((line) => line.includes('"job done","thoughts"')) ?? '')?.signs.slice(1) ?? [];
  expect(used).toMatchObject({
    usage: { id: '2f42', model: 'gemini-2.5-flash', input: 60, output: 25, cacheRead: 40, costMicroUsd: null },
  });
});

const said = (type: string, content: string) =>
  listening.readLine(JSON.stringify({ id: 'x', timestamp: '2026-11-23T01:00:00.000Z', type, content }));
test.each<[string, string, string | undefined]>([
  ['error', '[API Error: {"error":{"code":429,"message":"slow down","status":"RESOURCE_EXHAUSTED"}}]', 'limited'],
  ['error', '[API Error: stub error 429]\nPlease wait and try again later.', 'limited'],
  ['error', '[API Error: exception TypeError: fetch failed sending request]', 'failed'],
  ['error', 'a word of a later version', 'failed'],
  ['info', 'A potential loop was detected. This can happen due to repetitive tool calls. The request has been halted.', 'failed'],
  ['info', '⚠️  Response truncated due to token limits.', 'failed'],
  ['info', '⚠️  Response stopped due to safety reasons.', 'failed'],
  ['info', 'The session has reached the maximum number of turns: 3. Please update this limit in your setting.json file.', 'failed'],
  ['warning', 'Agent execution blocked: a hook', 'failed'],
  ['info', 'Request cancelled.', 'interrupted'],
  ['info', 'Update available', undefined],
  ['gemini', 'Request cancelled.', 'said'],
])('%s “%s” is %s', (type, content, sign) => expect(said(type, content)?.signs[0]?.type).toBe(sign));

test('a limit tells when it ends, where it does', () => {
  const until = (words: string) => said('error', `[API Error: quota: ${words}]`)?.signs[0];
  const at = Date.parse('2026-11-23T01:00:00.000Z');
  expect(until('Please retry in 37.5s')).toMatchObject({ type: 'limited', until: at + 37_500 });
  expect(until('retry after 2h')).toMatchObject({ until: at + 7_200_000 });
  expect(until('later')).toMatchObject({ until: null });
});

test('half a line says nothing', () =>
  expect(listening.readLine('{"id":"x","timestamp":"2026-11-23T01:00:00.000Z","type":"err')).toBeNull());

const screen = (name: string): string => fixture(`screens/gemini/${name}/screen.txt`);
test.each([
  ['ready', 'ready'],
  ['busy', 'busy'],
  ['approval-write', 'approval'],
  ['approval-bash', 'approval'],
  ['question', 'asking'],
  ['new-agents', 'asking'],
  ['answered', 'ready'],
  ['interrupted', 'interrupted'],
])('the screen %s reads as %s', (name, fact) => {
  expect(geminiDriver.read(profile, { text: screen(name), title: '' })).toMatchObject({ fact });
});
test('a dialog of its own is answered by its choices alone: other words are no answer, and no yes', () => {
  const shown = screen('new-agents');
  const choices = ['Acknowledge and Enable', 'Do not enable (Ask again next time)'];
  expect(geminiDriver.read(profile, { text: shown, title: '' })).toMatchObject({ choices });
  const reply = (text: string, on: string, offered = choices) =>
    geminiDriver.reply(profile, { kind: 'question', choices: offered, tool: null, screen: on }, 'answer', text);
  expect(reply('Do not enable (Ask again next time)', shown)).toMatchObject([{ press: ['2'] }]);
  expect(reply('yes, all of them', shown)).toBeNull();
  // A question of the model has a line for them.
  expect(geminiDriver.read(profile, { text: screen('question'), title: '' })).toMatchObject({ choices: ['Alpha', 'Beta'] });
  expect(reply('Gamma', screen('question'), ['Alpha', 'Beta'])).toMatchObject([{ press: ['3'] }, { enter: 'Gamma' }]);
});

test.each(['unsent', 'unsent-lines'])('%s: what somebody left in its box is seen, and nothing may be typed behind it', (name) => {
  const text = screen(name);
  expect(geminiDriver.read(profile, { text, title: '' })).toMatchObject({ fact: 'interrupted', unsent: true });
  // A turn that goes on shows above it.
  const busy = text.replace(/\n(?=─{20})/u, '\n ⠏ Thinking... (esc to cancel, 3s)\n');
  expect(geminiDriver.read(profile, { text: busy, title: '' })).toMatchObject({ fact: 'busy' });
});
test('an answer that draws a box with words in it is not one', () => {
  const rule = '─'.repeat(120);
  const drawn = `✦ ${rule}\n${rule}\n > not typed by anybody\n\n workspace (/directory)\n`;
  expect(geminiDriver.read(profile, { text: drawn + screen('ready'), title: '' })).toMatchObject({ fact: 'ready' });
});
test.each(['usage-limit', 'high-demand'])('asked whether to go on trying (%s), it is told to stop: then it says what is wrong', (name) => {
  expect(geminiDriver.opening?.({ text: screen(name), title: '' }, false)).toEqual(['2']);
  expect(geminiDriver.read(profile, { text: screen(name), title: '' })).toBeNull();
});
test('the title counts where the screen says little', () => {
  expect(geminiDriver.read(profile, { text: screen('ready'), title: '✦  Working… (project)' })).toMatchObject({ fact: 'busy' });
  expect(geminiDriver.read(profile, { text: '', title: '✋  Action Required (project)' })).toMatchObject({ fact: 'approval' });
});
test.each(['approval-bash', 'usage-limit', 'question'])(
  'the words of %s inside an answer are no dialog, and nothing is pressed',
  (name) => {
    const text = `✦ I saw this:\n${screen(name).trimEnd()}\n${screen('ready').split('\n').slice(-12).join('\n')}`;
    const reading = geminiDriver.read(profile, { text, title: '' });
    expect(reading).toMatchObject({ fact: 'ready' });
    expect(reading).not.toHaveProperty('press');
  },
);
