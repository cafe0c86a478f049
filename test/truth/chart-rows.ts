/** What the agent chart makes of verdicts that no played program can bring about at will: an earlier start, a doubt in which nothing is seen. */
import assert from 'node:assert/strict';
import type { EventObject } from 'xstate';
import { agentMachine } from '../../machines/agent/index.ts';
import { limitMs } from '../../machines/agent/rules.ts';
import type { AgentContext } from '../../machines/agent/schema.ts';
import { exitVerdict } from '../../machines/task/rules.ts';
import type { TaskContext, TaskEvent } from '../../machines/task/schema.ts';
import { agentInputs, chatty, pane, profile, stamp } from '../support/chart-events.ts';
import { follow } from '../support/explore.ts';

export type Row = { name: string; judge: () => void | Promise<void> };

const observed = (at: number, fact: string, source: string, more: object = {}) =>
  stamp('OBSERVED', at, { launch: 1, fact, source, observedAt: at, detail: '', ...more });
const asked = (at: number, approval: string, source = 'report') =>
  stamp('ASKED', at, { approval, kind: 'approval', text: 'may I?', tool: null, choices: [], expiresAt: null, source, observedAt: at });
const begun = [stamp('START', 1), stamp('LAUNCHED', 2, { launch: 1, pane })];
const after = (what: string): EventObject => ({ type: `xstate.after.${what}` });
const settled = after('settleTime.agent.conversation.detecting');
const exited = (at: number, launch = 1) =>
  stamp('PROCESS_EXITED', at, { launch, exit: { code: null, signal: 9 }, output: null, detail: 'killed' });

/** 1: it talks and has patterns, 2: it talks and has none. */
const play = (events: readonly EventObject[], which = 1, more: object = {}) => {
  const effects: string[] = [];
  const input = { ...agentInputs(0)[which], ...more };
  const { value, context } = follow(agentMachine, input, [...begun, ...events], (type, params) =>
    effects.push(`${type} ${JSON.stringify(params)}`),
  );
  const { process, conversation } = value as { process: unknown; conversation: string };
  return { process, conversation, context: context as AgentContext, effects: effects.join('\n') };
};
const leadsTo = (name: string, events: readonly EventObject[], conversation: string, which = 1): Row => ({
  name,
  judge: () => assert.equal(play(events, which).conversation, conversation),
});

const doubt = [after('bootTimeout.agent.conversation.booting')];
const enqueued = stamp('ENQUEUE', 4, { message: 'm1', text: 'hello' });
const untaken = [observed(3, 'ready', 'pane'), enqueued, stamp('MESSAGE_FAILED', 12_000, { message: 'm1' })];
const taskOf = (p: typeof profile, more: Partial<TaskContext>): TaskContext =>
  ({ profile: p, verdict: null, said: null, reason: null, result: null, now: 0, ...more }) as TaskContext;
const ended = (code: number | null): TaskEvent => ({
  type: 'AGENT_EXITED',
  id: 'exited',
  at: 9,
  agent: 'a',
  exit: { code, signal: null },
  output: null,
  reason: null,
  lost: false,
});

export const chartRows: readonly Row[] = [
  leadsTo('a word of an earlier start says nothing of this one', [observed(3, 'ready', 'report', { launch: 0 })], 'booting'),
  {
    name: 'the end of an earlier start ends nothing',
    judge: () => assert.deepEqual(play([exited(3, 0)]).process, { alive: 'running' }),
  },
  leadsTo('a screen that says nothing in its time is a doubt, where there are patterns', doubt, 'detecting'),
  leadsTo('where there are none it counts as ready', doubt, 'ready', 2),
  leadsTo('a doubt in which nothing is ever seen is for a person', [...doubt, settled], 'needsAnswer'),
  ...(['busy', 'ready', 'limited', 'interrupted'] as const).map((fact) =>
    leadsTo(`a doubt in which only ${fact} is seen settles on it`, [...doubt, observed(9_000, fact, 'pane'), settled], fact),
  ),
  leadsTo('a doubt in which a dialog is seen settles on it', [...doubt, observed(9_000, 'approval', 'pane'), settled], 'needsApproval'),
  leadsTo(
    'what raised a doubt counts in it, although it was told later',
    [observed(3, 'busy', 'hook'), observed(5_000, 'interrupted', 'keys', { observedAt: 4_930 }), observed(5_010, 'ready', 'pane'), settled],
    'interrupted',
  ),
  {
    name: 'a doubt begins with a look',
    judge: () => assert.match(play(doubt).effects, /agent\.probe/u),
  },
  leadsTo('a message that was not taken is a doubt', untaken, 'detecting'),
  leadsTo('that it was typed is then no sign of a turn', [...untaken, settled], 'ready'),
  leadsTo(
    'what is seen after a limit counts, not the limit',
    [observed(10, 'limited', 'hook', { until: 1_000 }), stamp('RESUME_NOW', 20), observed(2_000, 'ready', 'pane'), settled],
    'ready',
  ),
  {
    name: 'a limit lasts until it is over',
    judge: () => assert.equal(limitMs({ limitedUntil: 100_000, limits: 1, now: 0 } as AgentContext), 100_000),
  },
  {
    name: 'a word that is older than what it said last is no end, also after its exit',
    judge: () => {
      const { effects } = play([observed(10, 'busy', 'report'), exited(20), observed(21, 'done', 'report', { observedAt: 5 })]);
      assert.doesNotMatch(effects, /AGENT_DONE/u);
    },
  },
  leadsTo(
    'a word after its end does not revive the conversation',
    [observed(10, 'busy', 'hook'), exited(20), observed(21, 'busy', 'hook')],
    'closed',
  ),
  {
    name: 'a question after its end asks nobody',
    judge: () => assert.deepEqual(play([exited(20), asked(21, 'x1')]).context.asks, []),
  },
  leadsTo(
    'a question that was withdrawn with its turn does not make it busy',
    [asked(3, 'x1'), observed(4, 'failed', 'report'), stamp('DECIDED', 5, { approval: 'x1', decision: 'withdraw' })],
    'ready',
  ),
  {
    name: 'a prompt that is shown before the turn has begun is no answer to what its start carried',
    judge: () => assert.doesNotMatch(play([observed(3, 'ready', 'pane')], 1, { message: 'm0' }).effects, /ANSWERED/u),
  },
  {
    name: 'an unknown status of a program of one turn decides nothing',
    judge: () => assert.equal(exitVerdict(taskOf(profile, {}), ended(null)).verdict, 'interrupted'),
  },
  {
    name: 'what it said outranks its status',
    judge: () => assert.equal(exitVerdict(taskOf(chatty, { said: 'done' }), ended(3)).verdict, 'succeeded'),
  },
  {
    name: 'a status that comes after the verdict does not change it',
    judge: () => assert.equal(exitVerdict(taskOf(chatty, { verdict: 'cancelled' }), ended(3)).verdict, 'cancelled'),
  },
];
