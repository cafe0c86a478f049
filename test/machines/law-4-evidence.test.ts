import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventObject } from 'xstate';
import { agentMachine } from '../../machines/agent/index.ts';
import { beliefOf, type Evidence, facts, lagMs, settle, sources, weigh, worth } from '../../machines/evidence.ts';
import { agentInputs, pane, stamp } from '../support/chart-events.ts';
import { follow } from '../support/explore.ts';

const at = (n: number, fact: Evidence['fact'], source: Evidence['source']): Evidence => ({ at: n, fact, source, detail: '' });

describe('law 4: an observation is weighed by source, trust and age', () => {
  test.each([
    ['the program itself overrules the screen', [at(0, 'ready', 'pane')], at(10_000, 'busy', 'report'), 'accept'],
    ['a lagging screen is ignored', [at(0, 'busy', 'hook')], at(lagMs - 1, 'ready', 'pane'), 'ignore'],
    ['a screen that goes on to disagree is a conflict', [at(0, 'busy', 'hook')], at(lagMs + 1, 'ready', 'pane'), 'conflict'],
    ['what agrees adds to it', [at(0, 'busy', 'hook')], at(50, 'progress', 'pane'), 'same'],
    ['an old screen is no argument against a newer one', [at(0, 'busy', 'pane')], at(50, 'ready', 'pane'), 'accept'],
    ['our own key press stops counting after half a minute', [at(0, 'busy', 'keys')], at(31_000, 'ready', 'pane'), 'accept'],
    [
      'an answered question is no longer a ground',
      [at(0, 'approval', 'hook'), at(9, 'busy', 'keys')],
      at(40_000, 'ready', 'pane'),
      'accept',
    ],
    ['news older than what is believed is ignored', [at(100, 'busy', 'hook')], at(50, 'ready', 'hook'), 'ignore'],
    ['the first word is taken', [], at(0, 'ready', 'silence'), 'accept'],
  ] as const)('%s', (_, held, fresh, verdict) => {
    expect(weigh(held, fresh)).toBe(verdict);
  });

  const observation = fc.record({
    at: fc.integer({ min: 0, max: 100_000 }),
    fact: fc.constantFrom(...facts),
    source: fc.constantFrom(...sources),
    detail: fc.constant(''),
  });
  test('a weaker source never overrules a fresh stronger one by itself', () => {
    fc.assert(
      fc.property(observation, observation, (a, b) => {
        if (
          worth[b.source].trust >= worth[a.source].trust ||
          b.at - a.at > worth[a.source].freshMs ||
          beliefOf[a.fact] === beliefOf[b.fact]
        )
          return;
        expect(weigh([a], b)).not.toBe('accept');
      }),
    );
  });
  test('a doubt settles on the most trusted of the newest', () => {
    expect(settle([at(0, 'busy', 'hook'), at(5_000, 'ready', 'pane')], 5_000)).toBe('ready');
    expect(settle([at(0, 'busy', 'hook'), at(5_000, 'ready', 'pane')], 6_000)).toBe('busy');
    expect(settle([], 0)).toBe(null);
  });
});

test('what raised a doubt counts when it settles, although it was told a moment after it was seen', () => {
  const [, input] = agentInputs(1_000);
  const observed = (at: number, fact: string, source: string, observedAt = at) =>
    stamp('OBSERVED', at, { launch: 1, fact, source, observedAt, detail: '' });
  const now = follow(agentMachine, input ?? {}, [
    stamp('START', 1),
    stamp('LAUNCHED', 2, { launch: 1, pane }),
    observed(3, 'busy', 'hook'),
    observed(5_000, 'interrupted', 'keys', 4_930),
    observed(5_010, 'ready', 'pane'),
    { type: 'xstate.after.settleTime.agent.conversation.detecting' },
  ]);
  expect((now.value as { conversation: string }).conversation).toBe('interrupted');
});

test('that a message was typed is no sign of a turn once it was not taken', () => {
  const [, input] = agentInputs(1_000);
  const way = [
    stamp('START', 1),
    stamp('LAUNCHED', 2, { launch: 1, pane }),
    stamp('OBSERVED', 3, { launch: 1, fact: 'ready', source: 'pane', observedAt: 3, detail: '' }),
    stamp('ENQUEUE', 4, { message: 'm1', text: 'hello' }),
  ];
  const conversation = (events: EventObject[]) =>
    (follow(agentMachine, input ?? {}, events).value as { conversation: string }).conversation;
  const failed = stamp('MESSAGE_FAILED', 12_000, { message: 'm1' });
  const settled = { type: 'xstate.after.settleTime.agent.conversation.detecting' };
  expect(conversation(way)).toBe('busy');
  expect(conversation([...way, failed])).toBe('detecting');
  expect(conversation([...way, failed, settled])).toBe('ready');
  // What was seen of a turn counts on.
  const works = stamp('OBSERVED', 5, { launch: 1, fact: 'busy', source: 'hook', observedAt: 5, detail: '' });
  expect(conversation([...way, works, failed, settled])).toBe('busy');
});

test('a question is withdrawn when the turn it belongs to ends, and the withdrawal does not make the agent busy', () => {
  const [input] = agentInputs(1_000);
  const effects: string[] = [];
  const asked = follow(agentMachine, input ?? {}, [
    stamp('START', 1),
    stamp('LAUNCHED', 2, { launch: 1, pane }),
    stamp('ASKED', 3, {
      approval: 'x1',
      kind: 'approval',
      text: 'may I?',
      tool: null,
      choices: [],
      expiresAt: null,
      source: 'report',
      observedAt: 3,
    }),
  ]);
  const failed = follow(
    agentMachine,
    asked,
    [stamp('OBSERVED', 4, { launch: 1, fact: 'failed', source: 'report', observedAt: 4, detail: 'no' })],
    (type, params) => effects.push(`${type} ${JSON.stringify(params)}`),
  );
  expect(effects.join('\n')).toContain('"to":"x1","event":{"type":"WITHDRAW"}');
  const told = follow(agentMachine, failed, [stamp('DECIDED', 5, { approval: 'x1', decision: 'withdraw' })]);
  expect((told.value as { conversation: string }).conversation).toBe('ready');
});
