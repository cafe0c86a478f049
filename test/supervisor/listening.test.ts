/** What a program says through its hooks and its conversation file, and what becomes of it. The program is a few lines of sh; its words are Claude Code's. */
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Profile } from '../../machines/effects.ts';
import type { Clock } from '../../src/ports/system.ts';
import { createSupervisor } from '../../src/supervisor/supervisor.ts';
import { realClock } from '../support/real-clock.ts';
import { until } from '../support/until.ts';
import { sealed, type World, world } from './support/world.ts';

const fixture = async (name: string, changes: Record<string, unknown> = {}) => ({
  ...(JSON.parse(await readFile(new URL(`../fixtures/hooks/claude/${name}.json`, import.meta.url), 'utf8')) as Record<string, unknown>),
  ...changes,
});
const never = new AbortController().signal;

/** Prints a screen from a file whenever a key comes, and writes down every key. */
const program = ['sh', '-c', 'cat screen 2>/dev/null; while read -r line; do echo "$line" >> keys; done'];
const profile: Partial<Profile> = { kind: 'claude', command: program, mode: 'interactive', prompt: 'paste', ready: '^never$' };

/** Patience of many seconds is over ten times as soon: where the whole of it has to pass before nothing happens. */
const hurried: Clock = { ...realClock, awake: () => performance.now() * 10, after: (ms, call) => realClock.after(ms / 10, call) };

const start = async (options: { screen?: string; clock?: Clock } = {}) => {
  const { clock = realClock } = options;
  const w = await world({ env: { ANTHROPIC_API_KEY: 'sk-dummy-0000000000000000' }, deps: { clock } });
  if (options.screen !== undefined) {
    const shown = await readFile(new URL(`../fixtures/screens/claude/${options.screen}/screen.txt`, import.meta.url));
    await writeFile(join(w.project, 'screen'), shown);
  }
  const { agent } = await w.begin(profile, null);
  const hear = async (name: string, changes: Record<string, unknown> = {}, left: AbortSignal = never) =>
    w.supervisor.hearHook(agent, { kind: 'claude', payload: await fixture(name, changes) }, left);
  const transcript = join(w.home, 'conversation.jsonl');
  await hear('session-start', { transcript_path: transcript });
  return { w, agent, hear, transcript };
};
const statusOf = (w: World, agent: string) => w.actors.state(agent)?.status;
const settles = (w: World, agent: string, status: string) =>
  until(`the agent to be ${status}`, () => (statusOf(w, agent) === status ? true : undefined), 20_000);
const facts = (w: World) => w.actors.of('OBSERVED').map(({ fact }) => fact);
const asked = (w: World) => until('the question', () => w.actors.of('ASKED')[0]);
const deliver = (w: World, agent: string, approval: string, decision: 'allow' | 'deny') =>
  w.run('approval.deliver', { approval, agent, decision, text: null }, approval);
const line = async (agent: string, match: string, at: number): Promise<string> => {
  const all = await readFile(new URL('../fixtures/transcripts/claude/session.jsonl', import.meta.url), 'utf8');
  const found = all.split('\n').find((one) => one.includes(match)) ?? '{}';
  const fresh = { ...(JSON.parse(found) as object), uuid: `${agent}-${match}`, timestamp: new Date(at).toISOString() };
  return `${JSON.stringify(fresh)}\n`;
};

test('a turn: ready, busy, its tools, and done with the last message once nothing follows', async () => {
  const { w, agent, hear } = await start();
  expect(statusOf(w, agent)).toBe('ready');
  await hear('user-prompt-submit');
  expect(statusOf(w, agent)).toBe('busy');
  await hear('pre-tool-use-bash');
  await hear('stop');
  expect(facts(w), 'not done before it has settled').toEqual(['ready', 'busy', 'progress']);
  await settles(w, agent, 'ready');
  expect(w.actors.of('OBSERVED').at(-1)).toMatchObject({ fact: 'done', source: 'hook', detail: 'A' });
});

test('a turn that is followed by another was not the end', async () => {
  const { w, agent, hear } = await start();
  await hear('user-prompt-submit');
  await hear('stop-background');
  await hear('user-prompt-submit-task-notification');
  await hear('stop', { prompt_id: 'first', last_assistant_message: 'not the end' });
  await hear('user-prompt-submit', { prompt_id: 'second' });
  await hear('stop', { prompt_id: 'second', last_assistant_message: 'the end' });
  await settles(w, agent, 'ready');
  expect(w.actors.of('OBSERVED').filter(({ fact }) => fact === 'done')).toMatchObject([{ detail: 'the end' }]);
});

test('one call that comes twice, over HTTP and from a spool, is one', async () => {
  const { w, agent, hear } = await start();
  await hear('user-prompt-submit');
  await hear('stop');
  await settles(w, agent, 'ready');
  await hear('stop');
  await mkdir(join(w.home, 'spool', agent), { recursive: true });
  const item = { hook: 'claude', payload: await fixture('stop'), at: Date.now(), id: 'spooled' };
  await writeFile(join(w.home, 'spool', agent, '1-spooled.json'), sealed(agent, item));
  await w.supervisor.reconcile();
  await until(
    'the end to be told again',
    () => (w.deps.memory.get(`listen/${agent}`) as { ending: unknown }).ending === null || undefined,
    10_000,
  );
  expect(facts(w).filter((fact) => fact === 'done')).toHaveLength(1);
});

test('a permission is held until somebody decides, and other tools beside it change nothing', async () => {
  const { w, agent, hear } = await start();
  await hear('user-prompt-submit');
  await hear('pre-tool-use-bash');
  const held = hear('permission-request-bash');
  const { approval } = await asked(w);
  await hear('pre-tool-use-agent');
  expect(statusOf(w, agent)).toBe('needsApproval');
  expect(await deliver(w, agent, String(approval), 'allow')).toMatchObject({ outcomes: [{ event: { type: 'DELIVERED' } }] });
  expect(await held).toMatchObject({ value: { hookSpecificOutput: { decision: { behavior: 'allow' } } } });
});

test('decided in its own window: the approval is withdrawn, the hook answered with nothing', async () => {
  const { w, hear } = await start();
  await hear('user-prompt-submit');
  await hear('pre-tool-use-bash');
  const held = hear('permission-request-bash');
  const { approval } = await asked(w);
  const { tool_name, tool_input, tool_use_id } = await fixture('pre-tool-use-bash');
  await hear('post-tool-use-agent');
  expect(w.actors.state(String(approval))?.status, 'another tool ended').toBe('pending');
  await hear('post-tool-use-agent', { tool_name, tool_input, tool_use_id });
  expect(await held).toEqual({ ok: true, value: {} });
  expect(w.actors.state(String(approval))?.status).toBe('withdrawn');
});

test('two that decide at once: the program hears one of them', async () => {
  const { w, agent, hear } = await start({ clock: hurried });
  await hear('user-prompt-submit');
  const held = hear('permission-request-bash');
  const approval = String((await asked(w)).approval);
  const [first, second] = await Promise.all([deliver(w, agent, approval, 'deny'), deliver(w, agent, approval, 'allow')]);
  expect(await held).toMatchObject({ value: { hookSpecificOutput: { decision: { behavior: 'deny' } } } });
  expect([first, second]).toMatchObject([
    { outcomes: [{ event: { type: 'DELIVERED' } }] },
    // Nobody held any more and no dialog to be seen: it says so instead of typing into the conversation.
    { outcomes: [{ event: { type: 'DELIVERY_FAILED', problem: { code: 'CCM_NOT_TAKEN' } } }] },
  ]);
});

test('the program hung up: the decision goes to the dialog on its screen, by key', async () => {
  const { w, agent, hear } = await start({ screen: 'approval-bash' });
  await hear('user-prompt-submit');
  const left = new AbortController();
  const held = hear('permission-request-bash', {}, left.signal);
  const { approval } = await asked(w);
  left.abort();
  expect(await held).toEqual({ ok: true, value: {} });
  await until('the dialog', async () => {
    const screen = await w.terminal.capture(w.onPane(agent).pane);
    return screen.ok && screen.value.includes('Esc to cancel') ? true : undefined;
  });
  // This dialog never closes: the key is pressed three times, and that it did not help is told.
  expect(await deliver(w, agent, String(approval), 'allow')).toMatchObject({
    outcomes: [{ event: { type: 'DELIVERY_FAILED', problem: { code: 'CCM_NOT_TAKEN' } } }],
  });
});

test('text goes into an empty prompt only: over a dialog, or before its box is drawn, nothing is typed', async () => {
  const { w, agent } = await start({ screen: 'approval-bash', clock: hurried });
  const typed = await w.run('agent.type', { ...w.onPane(agent), message: 'm', attempt: 1, text: 'two\nlines' }, 'm');
  expect(typed).toMatchObject({ outcomes: [{ to: 'm', event: { type: 'TYPE_FAILED', problem: { code: 'CCM_NOT_TAKEN' } } }] });
  expect(await readFile(join(w.project, 'keys'), 'utf8').catch(() => 'nothing')).toBe('nothing');
});

test('an interruption is read from the conversation file, and takes what was asked with it', async () => {
  const { w, agent, hear, transcript } = await start();
  await hear('user-prompt-submit');
  const held = hear('permission-request-bash');
  await asked(w);
  await appendFile(transcript, await line(agent, 'Request interrupted by user for tool use', Date.now() + 5));
  await settles(w, agent, 'interrupted');
  expect(await held).toEqual({ ok: true, value: {} });
  expect(w.actors.of('OBSERVED').at(-1)).toMatchObject({ fact: 'interrupted', source: 'transcript' });
});

test('what was written while we were away is read before anything else is decided', async () => {
  const { w, agent, hear, transcript } = await start();
  await hear('user-prompt-submit');
  await w.supervisor.stop();
  await appendFile(transcript, await line(agent, '"text":"A"', Date.now() + 5));
  await appendFile(transcript, await line(agent, '"turn_duration"', Date.now() + 6));
  const next = createSupervisor(w.deps);
  await next.reconcile();
  await settles(w, agent, 'ready');
  expect(w.actors.of('OBSERVED').at(-1)).toMatchObject({ fact: 'done', source: 'transcript', detail: 'A' });
  await next.stop();
});

test('lines of an earlier start of the same conversation tell nothing', async () => {
  const { w, agent, hear, transcript } = await start();
  await appendFile(transcript, await line(agent, 'Request interrupted by user for tool use', Date.now() - 60_000));
  await hear('user-prompt-submit');
  await appendFile(transcript, await line(agent, '"text":"A"', Date.now() + 5));
  await until('the file to be read', () => (w.deps.memory.get(`listen/${agent}`) ? true : undefined));
  await hear('stop');
  await settles(w, agent, 'ready');
  expect(facts(w)).not.toContain('interrupted');
});

test('a line that is read after the hook that came later does not undo it', async () => {
  const { w, agent, hear, transcript } = await start();
  await hear('user-prompt-submit');
  await hear('pre-tool-use-bash');
  const before = Date.now() - 1;
  await hear('stop');
  await appendFile(transcript, await line(agent, 'tool_result', before));
  await settles(w, agent, 'ready');
  expect(w.actors.of('OBSERVED').at(-1)).toMatchObject({ fact: 'done', source: 'hook' });
});

test('a limit with its end, and a failure, are told as such and not as done', async () => {
  const { w, agent, hear } = await start();
  await hear('user-prompt-submit');
  const failure = { hook_event_name: 'StopFailure', error: 'rate_limit', last_assistant_message: 'limit reached|1999999999' };
  await hear('stop', failure);
  expect(statusOf(w, agent)).toBe('limited');
  expect(w.actors.of('OBSERVED').at(-1)).toMatchObject({ fact: 'limited', until: 1_999_999_999_000 });
});

test('a hook of another kind, or for nobody, is refused in words', async () => {
  const { w, agent } = await start();
  expect(await w.supervisor.hearHook(agent, { kind: 'gemini', payload: {} }, never)).toMatchObject({ problem: { code: 'CCM_BAD_INPUT' } });
  expect(await w.supervisor.hearHook('nobody', { kind: 'claude', payload: {} }, never)).toMatchObject({
    problem: { code: 'CCM_NOT_FOUND' },
  });
});

test('tokens are read from the transcript, also of lines that hooks have overtaken', async () => {
  const { w, agent, hear, transcript } = await start();
  const before = Date.now();
  await hear('user-prompt-submit');
  await hear('stop');
  await appendFile(transcript, await line(agent, 'msg_stub00000004', before));
  await until('the figures', () => w.used[0]);
  expect(w.used).toMatchObject([{ agent, id: 'msg_stub00000004', input: 100, output: 20, source: 'transcript' }]);
});
