import type { Spec } from '../spec.ts';

const group = 'Inspect';

export const inspect: readonly Spec[] = [
  {
    name: 'inspect',
    args: '<id>',
    group,
    summary: 'Print the stored snapshot of any state machine',
    completes: 'ended',
    options: [{ raw: '--at <seq>', text: 'As it was right after this step' }],
    examples: [
      ['inspect 7k3qd', 'state, context, timers, legal moves'],
      ['inspect 7k3qd --at 4 --json', 'an older snapshot, for a script'],
    ],
    load: () => import('../commands/inspect.ts'),
  },
  {
    name: 'replay',
    args: '<id>',
    group,
    summary: 'Go through the history of a task or agent, step by step',
    completes: 'ended',
    options: [
      { raw: '--at <seq>', text: 'Show this step: the event, the state before and after' },
      { raw: '-s, --step', text: 'Step with the keys: → or n next, ← or p back, q quit' },
      { raw: '-n, --limit <n>', text: 'The last steps only (1 to 1000, default 200)' },
    ],
    examples: [
      ['replay 7k3qd', 'every step with its event and transition'],
      ['replay 7k3qd --at 12', 'what step 12 changed'],
      ['replay 7k3qd --step', 'walk through it'],
    ],
    load: () => import('../commands/replay.ts'),
  },
  {
    name: 'verify',
    args: '[id]',
    group,
    summary: 'Check the stored history against the machines',
    completes: 'ended',
    options: [],
    examples: [
      ['verify', 'everything'],
      ['verify 7k3qd', 'one task or agent; exit 1 when something was found'],
    ],
    load: () => import('../commands/verify.ts'),
  },
  {
    name: 'outbox',
    args: '',
    group,
    summary: 'List effects that are due or failed, and what was put aside',
    options: [],
    examples: [['outbox', 'empty when all is done']],
    load: () => import('../commands/outbox.ts'),
  },
];
