/** Payloads, lines and screens as the real program gave them. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { codexDriver } from '../../../../adapters/agents/codex/driver.ts';
import { againAt, failureSign } from '../../../../adapters/agents/codex/failure.ts';
import { openingKeys } from '../../../../adapters/agents/codex/screen.ts';
import { allowed } from '../../../../adapters/agents/rules.ts';
import { allSettings } from '../../../../src/config/profiles.ts';

const { listening } = codexDriver;
if (!listening) throw new Error('it listens');
const profile = allSettings({}, []).find(({ profile: one }) => one.kind === 'codex')?.profile ?? expect.unreachable();
const fixture = (path: string): string => readFileSync(new URL(`../../../fixtures/${path}`, import.meta.url), 'utf8');
const payload = (name: string) => JSON.parse(fixture(`hooks/codex/${name}.json`)) as Record<string, unknown>;
const none = { mode: null, allow: [], deny: [], addDirs: [] };
const hear = (name: string, permissions: Partial<typeof none> | { allow: string[] } | { deny: string[] } = {}) =>
  listening.hear(payload(name), { ...none, ...permissions }, 0);

describe('what a hook means', () => {
  test('the first prompt brings the conversation and its name; readiness is none of it', () => {
    expect(hear('session-start').signs).toEqual([
      { type: 'keptIn', path: expect.stringMatching(/codex\/sessions\/.*\.jsonl$/u), name: payload('session-start')['session_id'] },
    ]);
    expect(listening.hear({ ...payload('session-start'), transcript_path: null }, none, 0).signs).toEqual([]);
  });
  test('a prompt that was taken, and the end of its turn', () => {
    expect(hear('user-prompt-submit').signs).toEqual([{ type: 'prompted', text: 'do:say hello there' }]);
    expect(hear('stop').signs).toEqual([{ type: 'turnEnded', summary: 'hello there', more: false }]);
    expect(hear('stop').id).toMatch(/^Stop:/u);
    // One turn may take two prompts.
    expect(hear('user-prompt-submit').id).toBeNull();
  });
  test.each(['command', 'patch'])('a permission for a %s is recognised as the call that began, and its answer is typed', (what) => {
    const [before] = hear(`pre-tool-use-${what}`).signs;
    const [asked] = hear(`permission-request-${what}`).signs;
    expect(before).toMatchObject({ type: 'working', use: expect.stringMatching(/^call_/u) });
    expect(asked).toMatchObject({ type: 'asked', kind: 'approval', typed: true, choices: [] });
    expect(asked).toHaveProperty('call', before && 'call' in before ? before.call : 'no key');
  });
  test('a permission is told with all that is needed to decide', () => {
    expect(hear('permission-request-command').signs).toMatchObject([{ tool: 'Bash', text: 'touch esc.txt\n(a step of the script)' }]);
    expect(hear('permission-request-patch').signs).toMatchObject([
      { tool: 'apply_patch', text: expect.stringMatching(/File: p1\.txt\n\+hello/u) },
    ]);
    expect(hear('pre-tool-use-patch').signs).toMatchObject([{ detail: 'apply_patch: p1.txt' }]);
  });
  test('a subagent is told when it begins and when it ends, and its own prompt is none of a person', () => {
    const id = '01a20637-6136-79a0-9000-c37d0e35456e';
    expect(hear('post-tool-use-spawn').signs).toMatchObject([{ type: 'wentOn' }, { type: 'helper', id, runs: true }]);
    expect(hear('user-prompt-submit-subagent').signs).toEqual([]);
    expect(hear('subagent-stop').signs).toEqual([
      { type: 'helper', id, runs: false },
      { type: 'helperFile', path: expect.stringMatching(new RegExp(`${id}\\.jsonl$`, 'u')) },
    ]);
    const sent = {
      ...payload('post-tool-use-spawn'),
      tool_name: 'send_input',
      tool_input: { target: id, message: 'more' },
      tool_response: '',
    };
    expect(listening.hear(sent, none, 0).signs).toMatchObject([{ type: 'wentOn' }, { type: 'helper', id, runs: true, again: true }]);
  });
  test('an interruption is told', () => {
    expect(hear('interrupt').signs).toMatchObject([{ type: 'interrupted' }]);
  });
  test('a rule forbids a call before it is asked about, with its reason', () => {
    expect(hear('pre-tool-use-command', { deny: ['Bash(touch*)'] }).reply).toMatchObject({
      hookSpecificOutput: { permissionDecision: 'deny', permissionDecisionReason: expect.stringMatching(/Bash\(touch\*\)/u) },
    });
    expect(hear('pre-tool-use-command', { deny: ['Bash(rm*)'] }).reply).toEqual({});
  });
  test('a rule lets a call pass that nobody is then asked about', () => {
    const passed = hear('permission-request-command', { allow: ['Bash(touch *)'] });
    expect(passed).toMatchObject({ signs: [], reply: { hookSpecificOutput: { decision: { behavior: 'allow' } } } });
    expect(hear('permission-request-command', { allow: ['Bash(ls *)'] })).toMatchObject({ signs: [{ type: 'asked' }], reply: {} });
  });
});

test.each([
  ['Bash(npm test*)', 'npm test -- a', true],
  ['Bash(npm test*)', 'npm test; rm -rf ~', false],
  ['Bash(npm test*)', 'npm test $(rm -rf ~)', false],
  ['Bash(npm test*)', 'npm test\nrm -rf ~', false],
  ['Bash(npm test*)', 'npm test > /etc/passwd', false],
  ['Bash', 'anything; at all', true],
])('%s lets %j pass: %s', (rule, target, is) => expect(allowed([rule], 'Bash', target) !== null).toBe(is));

describe('what a line of the conversation means', () => {
  const lines = fixture('transcripts/codex/session.jsonl').trimEnd().split('\n');
  const told = lines.flatMap((line) => listening.readLine(line) ?? []);
  const types = told.flatMap(({ signs }) => signs.map(({ type }) => type));

  test('a whole conversation: turns, decisions, an interruption, a limit, a failure', () => {
    expect(types.filter((type) => type === 'turnEnded')).toHaveLength(5);
    expect(types.filter((type) => type === 'prompted')).toHaveLength(8);
    expect(types).toEqual(expect.arrayContaining(['interrupted', 'limited', 'failed', 'decided', 'said']));
    expect(new Set(told.map(({ id }) => id)).size, 'each line is named').toBe(told.length);
  });
  test('what a request used: what came from the cache is no input', () => {
    const used = told.flatMap(({ signs }) => signs).find(({ type }) => type === 'used');
    expect(used).toMatchObject({
      usage: { input: 60, cacheRead: 40, output: 20, costMicroUsd: null, id: expect.stringMatching(/:resp_/u) },
    });
  });
  test('a limit tells when it ends, where it does', () => {
    const limited = told.flatMap(({ at, signs }) => signs.map((sign) => ({ at, sign }))).find(({ sign }) => sign.type === 'limited');
    expect(limited?.sign).toMatchObject({ detail: expect.stringMatching(/usage limit/u) });
    const now = new Date(2026, 10, 23, 1, 30).getTime();
    expect(againAt('… or try again at 2:25 AM.', now)).toBe(new Date(2026, 10, 23, 2, 25).getTime());
    expect(againAt('… or try again at 1:05 AM.', now)).toBe(new Date(2026, 10, 24, 1, 5).getTime());
    expect(againAt('… or try again at Nov 25th, 2026 2:25 PM.', now)).toBe(new Date(2026, 10, 25, 14, 25).getTime());
    expect(againAt('or try again later.', now)).toBeNull();
  });
  test('too many requests are a limit, a refused key is a failure', () => {
    const error = (codex_error_info: string | Record<string, { http_status_code: number }>) =>
      failureSign({ message: 'm', codex_error_info }, 0);
    expect(error({ response_too_many_failed_attempts: { http_status_code: 429 } })).toMatchObject({ type: 'limited', until: null });
    expect(error({ http_connection_failed: { http_status_code: 401 } })).toEqual({ type: 'failed', detail: 'm' });
    expect(error('other')).toMatchObject({ type: 'failed' });
  });
  test('a turn that a further prompt replaced was not interrupted', () => {
    const line = (reason: string) =>
      JSON.stringify({ timestamp: '2026-11-23T01:23:05.000Z', ordinal: 1, type: 'event_msg', payload: { type: 'turn_aborted', reason } });
    expect(listening.readLine(line('replaced'))).toBeNull();
    expect(listening.readLine(line('interrupted'))?.signs).toMatchObject([{ type: 'interrupted' }]);
  });
});

describe('what is seen', () => {
  const screen = (name: string) => ({
    text: fixture(`screens/codex/${name}/screen.txt`).trimEnd(),
    title: fixture(`screens/codex/${name}/title.txt`).trim(),
  });
  test.each([
    ['idle', 'ready'],
    ['working-tool', 'busy'],
    // No word on the screen says so: the title does.
    ['working-words', 'busy'],
    ['permission-command', 'approval'],
    ['permission-patch', 'approval'],
    ['permission-subagent', 'approval'],
    ['question', 'asking'],
    // It may be of a turn of long ago: a conversation that is continued shows it again.
    ['interrupted', 'ready'],
    ['limited', 'ready'],
    ['failed', 'ready'],
    ['folder-access', 'asking'],
  ])('%s reads as %s', (name, fact) => expect(codexDriver.read(profile, screen(name))).toMatchObject({ fact }));

  test.each(['starting', 'typed'])('%s is not ready for text', (name) => expect(codexDriver.read(profile, screen(name))).toBeNull());

  test('an answer that draws a dialog is not one', () => {
    const text = `• Press this:\n› 1. Yes, proceed (y)\n  Press enter to confirm or esc to cancel\n\n${screen('idle').text.split('\n').slice(-5).join('\n')}`;
    expect(codexDriver.read(profile, { text, title: 'project' })).toMatchObject({ fact: 'ready' });
  });

  test('a dialog is told from the next one by what it asks about', () => {
    const asked = (name: string) => {
      const [sign] = hear(`permission-request-${name}`).signs;
      if (sign?.type !== 'asked') throw new Error('nothing is asked');
      return { kind: 'approval' as const, choices: [], tool: sign.tool, text: sign.text };
    };
    const shows = (name: string, about: string): boolean | undefined => codexDriver.shows?.(screen(`permission-${name}`), asked(about));
    expect([shows('command', 'command'), shows('patch', 'patch')]).toEqual([true, true]);
    expect([shows('command', 'patch'), shows('patch', 'command'), shows('subagent', 'command')]).toEqual([false, false, false]);
  });

  test('the questions before the beginning are answered one key at a time, and nothing else is', () => {
    expect(openingKeys(screen('folder-access'))).toEqual(['Enter']);
    const hooks = (mark: number) =>
      ['Review hooks', 'Trust all and continue'].map((what, at) => `${mark === at + 1 ? '›' : ' '} ${at + 1}. ${what}`).join('\n');
    const review = (mark: number) => ({ text: `  Hooks need review\n  2 hooks are new or changed.\n\n${hooks(mark)}\n`, title: '' });
    expect(openingKeys(review(1))).toEqual(['2']);
    expect(openingKeys(review(2))).toEqual(['Enter']);
    for (const name of ['idle', 'permission-command', 'question', 'working-tool']) expect(openingKeys(screen(name))).toBeNull();
    // To trust a folder for ever is a person's own choice.
    const trust = { text: screen('folder-access').text.replace('Open restricted', 'Trust and continue'), title: '' };
    expect(openingKeys(trust)).toBeNull();
  });
});
