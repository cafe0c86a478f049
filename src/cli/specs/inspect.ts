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
    name: 'record',
    args: '[id]',
    group,
    summary: 'Write a flight recording: one file that opens without a daemon',
    details: [
      'The file holds every step, with secrets taken out, inside the same viewer as the web interface. It checks its own chain when it opens.',
      'Look through it before you give it to somebody: it holds what the agents were asked and what they printed.',
    ],
    completes: 'ended',
    options: [
      { raw: '--all', text: 'The whole home instead of one task' },
      { raw: '-o, --output <path>', text: 'Where to write it; default: a name made from the title, here', completes: 'file' },
      { raw: '--fixture', text: 'The data alone, to be executed again as a test of the machines' },
    ],
    examples: [
      ['record 7k3qd -o broken.html', 'to show somebody what happened'],
      ['record --all', 'everything'],
      ['record 7k3qd --fixture -o test/fixtures/recordings/broken.json', 'as a regression test'],
    ],
    load: () => import('../commands/record.ts'),
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
    name: 'cost',
    args: '[task]',
    group,
    summary: 'Tell what agents used: tokens, turns, time, and money where it is known',
    details: [
      'Money is what the program itself tells, else what [prices] in config.toml makes of the tokens. Nothing is estimated.',
      'TURNS counts what agents did from taking a prompt until they were done with it or broken off; BUSY is the time in which they were busy with it, without waiting for a person or for the end of a limit. A model has no turns of its own.',
    ],
    completes: 'ended',
    options: [
      { raw: '-b, --by <what>', text: 'task (default), agent, project, day, profile or model' },
      { raw: '--since <time>', text: 'Not older: 7d, 12h or 2026-03-04' },
      { raw: '-p, --project <name>', text: 'Only this project', completes: 'project' },
      { raw: '-n, --limit <n>', text: 'At most this many lines (1 to 500, default 100)' },
    ],
    examples: [
      ['cost', 'the dearest tasks first'],
      ['cost --by day --since 7d', 'the last week'],
    ],
    load: () => import('../commands/cost.ts'),
  },
  {
    name: 'outbox',
    args: '',
    group,
    summary: 'List effects that are due or failed, and what was put aside',
    options: [{ raw: '--limit <n>', text: 'At most so many of what waits for the hub (default 100)' }],
    examples: [
      ['outbox', 'empty when all is done'],
      ['outbox --limit 2000', 'a long queue'],
      ['outbox cancel 4mq7x', 'take back what was not sent to the hub yet'],
    ],
    load: () => import('../commands/outbox.ts'),
  },
];
