/** Programs whose dialogs appear only when their hook was answered: decisions are typed, and only where a dialog is seen. Payloads and screens are Codex's. */
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { codexStandIn } from './support/codex-stand-in.ts';

type StandIn = Awaited<ReturnType<typeof codexStandIn>>;
const ask = async ({ w, hear }: StandIn): Promise<string> => {
  await hear('user-prompt-submit');
  await hear('pre-tool-use-command');
  // Held, it would never show its dialog.
  expect(await hear('permission-request-command')).toEqual({ ok: true, value: {} });
  return String((await until('the question', () => w.actors.of('ASKED').at(-1)))['approval']);
};
const deliver = ({ w, agent }: StandIn, approval: string, decision: 'allow' | 'deny', text: string | null = null) =>
  w.run('approval.deliver', { approval, agent, decision, text }, approval);
const delivered = { outcomes: [{ event: { type: 'DELIVERED' } }] };

test('its hook is answered at once, and the decision typed when the dialog is there', async () => {
  const s = await codexStandIn();
  const approval = await ask(s);
  expect(s.w.actors.state(s.agent)?.status).toBe('needsApproval');
  const decision = deliver(s, approval, 'allow');
  // Decided before it is drawn.
  await s.draw('permission-command');
  expect(await decision).toMatchObject(delivered);
  expect(await s.keys()).toEqual(['\n']);
});

test('no dialog, no key: nothing is typed into the conversation', async () => {
  const s = await codexStandIn();
  const approval = await ask(s);
  expect(await deliver(s, approval, 'allow')).toMatchObject({
    outcomes: [{ event: { type: 'DELIVERY_FAILED', problem: { code: 'CCM_NOT_TAKEN' } } }],
  });
  expect(await s.keys()).toEqual([]);
});

test('the dialog of another question takes no answer: a person was quicker, and the next one stands there', async () => {
  const s = await codexStandIn();
  const approval = await ask(s);
  await s.show('permission-patch', /Press enter to confirm/u);
  expect(await deliver(s, approval, 'allow')).toMatchObject({
    outcomes: [{ event: { type: 'DELIVERY_FAILED', problem: { code: 'CCM_NOT_TAKEN' } } }],
  });
  expect(await s.keys()).toEqual([]);
});

test('the next dialog is not answered along with this one, however alike they look: the program told of its call before', async () => {
  const s = await codexStandIn();
  const approval = await ask(s);
  await s.show('permission-command', /Press enter to confirm/u);
  await s.w.actors.send(approval, { type: 'ALLOW', id: 'allowed', at: Date.now(), by: 'cli' });
  await s.w.actors.send(s.agent, { type: 'DECIDED', id: 'decided', at: Date.now(), by: 'cli', approval, decision: 'allow' });
  const decision = deliver(s, approval, 'allow');
  await until('the key', async () => ((await s.keys()).length > 0 ? true : undefined));
  await s.hear('pre-tool-use-command', { tool_use_id: 'call_next' });
  await s.draw('permission-command');
  expect(await decision).toMatchObject(delivered);
  expect(await s.keys()).toEqual(['\n']);
});

test('a denial ends the turn, and its reason is the next thing the program hears', async () => {
  const s = await codexStandIn();
  const approval = await ask(s);
  await s.show('permission-command', /Press enter to confirm/u);
  expect(await deliver(s, approval, 'deny', 'keep the folder clean')).toMatchObject(delivered);
  const typed = (await s.keys()).join('');
  expect(typed.startsWith('\u001b')).toBe(true);
  expect(typed).toMatch(/Message:[\s\S]*keep the folder clean[\s\S]*\n$/u);
});

test('a reason is never pasted over a dialog that did not close: its Enter would say yes', async () => {
  const s = await codexStandIn();
  await s.deafen();
  const approval = await ask(s);
  await s.show('permission-command', /Press enter to confirm/u);
  expect(await deliver(s, approval, 'deny', 'keep the folder clean')).toMatchObject({
    outcomes: [{ event: { type: 'DELIVERY_FAILED', problem: { code: 'CCM_NOT_TAKEN' } } }],
  });
  expect(new Set(await s.keys())).toEqual(new Set(['\u001b']));
});

test('what a rule decides is answered by the hook itself: no dialog, no key', async () => {
  for (const decision of ['allow', 'deny'] as const) {
    const s = await codexStandIn({ deps: { ruling: () => ({ decision, rule: 'a rule', reason: 'because' }) } });
    await s.hear('user-prompt-submit');
    await s.hear('pre-tool-use-command');
    const reply = s.hear('permission-request-command');
    const { approval } = await until('the question', () => s.w.actors.of('ASKED')[0]);
    await deliver(s, String(approval), decision, 'because');
    expect(await reply).toMatchObject({ value: { hookSpecificOutput: { decision: { behavior: decision } } } });
    expect(await s.keys()).toEqual([]);
  }
});

test('that a call is over withdraws what was asked about it, however late its line is read, and says nothing else', async () => {
  const s = await codexStandIn();
  await s.hear('session-start');
  const since = Date.now();
  const approval = await ask(s);
  await s.hear('stop');
  const stale = { timestamp: new Date(since).toISOString(), ordinal: 7, type: 'response_item' };
  const other = await ask(s);
  const line = (call_id: string) => `${JSON.stringify({ ...stale, payload: { type: 'function_call_output', call_id, output: 'x' } })}\n`;
  expect(s.w.actors.state(approval)?.status, 'the turn is over').toBe('withdrawn');
  await appendFile(s.transcript, line('another call'));
  await appendFile(s.transcript, line('call_79'));
  await until('the question to be withdrawn', () => (s.w.actors.state(other)?.status === 'withdrawn' ? true : undefined), 10_000);
  expect(s.w.actors.of('OBSERVED').filter(({ source }) => source === 'transcript')).toEqual([]);
});

test('the id that the program gave the conversation is kept from the first prompt on, and asked for when it goes on', async () => {
  const s = await codexStandIn();
  const { conversation } = s.w.actors.state(s.agent)?.context ?? {};
  const below = join(s.w.home, 'conversations', String(conversation), 'codex/sessions/2026/11/23');
  const launchedWith = async (): Promise<string[]> => {
    const argv: string[] = [];
    const launch = s.w.terminal.launch.bind(s.w.terminal);
    s.w.terminal.launch = (spec) => {
      argv.push(...spec.argv);
      return launch(spec);
    };
    await s.w.launch(s.agent, { launch: 2, resume: String(conversation) });
    s.w.terminal.launch = launch;
    return argv;
  };
  const named = '01a20618-9054-72f1-b325-37f57aeec073';
  await s.hear('session-start', { session_id: named });
  expect(s.w.deps.memory.get(`named/${String(conversation)}`)).toBe(named);
  await mkdir(below, { recursive: true });
  // An older one beside it is of a conversation that was left with `/new`.
  await writeFile(join(below, 'rollout-2026-11-23T01-00-00-01a20600-0000-7000-8000-000000000000.jsonl'), '');
  await writeFile(join(below, `rollout-2026-11-23T01-21-33-${named}.jsonl`), '');
  const argv = await launchedWith();
  expect(argv.slice(argv.indexOf('resume'))).toContain('--no-alt-screen');
  expect(argv.at(-1)).toBe(named);
});

test('a turn that ended is not done while a subagent works beside it, in whatever order its hooks come', async () => {
  const done = ({ w }: StandIn) => w.actors.of('OBSERVED').filter(({ fact }) => fact === 'done');
  const s = await codexStandIn();
  await s.hear('user-prompt-submit');
  await s.hear('post-tool-use-spawn');
  await s.hear('user-prompt-submit-subagent');
  await s.hear('stop-parent');
  expect(s.w.deps.memory.get(`listen/${s.agent}`)).toMatchObject({ background: true, ending: null });
  expect(s.w.actors.state(s.agent)?.status).toBe('busy');
  await s.hear('subagent-stop');
  await until('the end', () => done(s)[0], 10_000);
  expect(done(s)).toMatchObject([{ detail: 'parent is done', source: 'hook' }]);

  const late = await codexStandIn();
  await late.hear('user-prompt-submit');
  await late.hear('subagent-stop');
  await late.hear('post-tool-use-spawn');
  await late.hear('stop-parent');
  await until('the end', () => done(late)[0], 10_000);
});
