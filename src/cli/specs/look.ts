import type { Spec } from '../spec.ts';

const group = 'Look';

export const look: readonly Spec[] = [
  {
    name: 'why',
    args: '<id>',
    group,
    summary: 'Tell why a task or agent is in its state, with the evidence',
    completes: 'ended',
    options: [],
    examples: [['why 7k3qd', 'what it waits for, what was seen, which timers run']],
    load: () => import('../commands/why.ts'),
  },
  {
    name: 'logs',
    args: '[id]',
    group,
    summary: "Print what an agent's terminal showed, or the daemon's log",
    completes: 'ended',
    options: [
      { raw: '-f, --follow', text: 'Go on with what comes' },
      { raw: '-n, --lines <n>', text: 'The last lines only (default 200)' },
      { raw: '--agent <id>', text: 'An earlier attempt' },
      { raw: '--daemon', text: "The daemon's own log (works when it is down)" },
    ],
    examples: [
      ['logs 7k3qd -f', 'follow it'],
      ['logs --daemon -n 50', 'what the daemon said last'],
    ],
    load: () => import('../commands/logs.ts'),
  },
  {
    name: 'attach',
    args: '<id>',
    group,
    summary: "Enter the agent's terminal (tmux); Ctrl-b d leaves it running",
    completes: 'task',
    options: [{ raw: '--print', text: 'Print the tmux command instead of running it' }],
    examples: [
      ['attach 7k3qd', 'look, type, leave with Ctrl-b d'],
      ['attach 7k3qd --print', 'to run it in another terminal'],
    ],
    load: () => import('../commands/attach.ts'),
  },
];
