import { dryRun, type Spec, yes } from '../spec.ts';

const group = 'Tasks';

export const tasks: readonly Spec[] = [
  {
    name: 'new',
    args: '[project] [prompt]',
    group,
    summary: 'Give an agent a task',
    details: [
      'Without a project the folder you stand in is used; an unknown git repository is added. The prompt is one argument: put it in quotes. `-` reads it from standard input.',
    ],
    completes: 'project',
    options: [
      { raw: '-a, --agent <name>', text: 'Agent profile of config.toml', completes: 'agentProfile' },
      { raw: '--on <system>', text: 'Another of your systems shall do it (`ccm systems`)' },
      { raw: '-w, --wait', text: 'Wait for the end and show the result: exit 0 when it succeeded, 1 when not' },
      { raw: '--timeout <seconds>', text: 'With --wait: give up waiting after this time (exit 1, the task goes on)' },
      { raw: '-p, --priority <n>', text: 'From -10 to 10, higher goes first' },
      { raw: '--after <id>', text: 'Start when this task has succeeded (several: repeat, or separate by commas)', completes: 'task' },
      { raw: '--at <time>', text: 'Not before: +10m, 18:30 or 2026-03-04T09:00' },
      { raw: '-t, --title <text>', text: 'Default: the first line of the prompt' },
      { raw: '-f, --file <path>', text: 'Read the prompt from a file, `-` for standard input', completes: 'file' },
      dryRun,
    ],
    examples: [
      ['new "Fix the failing test in cart.test.ts"', 'in the project you stand in'],
      ['new shop "Add a dark mode" --agent claude --wait', 'in the project shop; wait for the result'],
      ['new shop --file plan.md --after 7k3qd --at 18:30', 'this evening, when another task has succeeded'],
    ],
    load: () => import('../commands/new.ts'),
  },
  {
    name: 'ls',
    args: '',
    group,
    summary: 'List tasks, those that need you first',
    options: [
      { raw: '-w, --watch', text: 'Stay and redraw with every change; q or Ctrl-C ends' },
      { raw: '-a, --all', text: 'Ended ones too' },
      { raw: '-p, --project <name>', text: 'Only this project', completes: 'project' },
      { raw: '-s, --status <status>', text: 'Only this status (several: separated by commas)' },
      { raw: '-n, --limit <n>', text: 'At most this many (1 to 500, default 100)' },
    ],
    examples: [
      ['ls', 'what is going on'],
      ['ls -w', 'the same, live'],
      ['ls --all --status failed,interrupted --json', 'for a script'],
    ],
    load: () => import('../commands/ls.ts'),
  },
  {
    name: 'show',
    args: '<id>',
    group,
    summary: 'Show one task with its result and what can be done with it',
    completes: 'ended',
    options: [],
    examples: [
      ['show 7k3qd', 'by short id'],
      ['show "Fix the login"', 'by the beginning of its title'],
    ],
    load: () => import('../commands/show.ts'),
  },
  {
    name: 'send',
    args: '<id> [text]',
    group,
    summary: 'Send a message to the agent of a task',
    details: ['A message to an ended task continues the same conversation in a new attempt.'],
    completes: 'ended',
    options: [
      { raw: '-w, --wait', text: 'Wait until the agent has answered: exit 0 answered, 1 not delivered' },
      { raw: '--timeout <seconds>', text: 'With --wait: give up waiting after this time (exit 1)' },
      { raw: '-f, --file <path>', text: 'Read the text from a file, `-` for standard input', completes: 'file' },
      dryRun,
    ],
    examples: [
      ['send 7k3qd "Also add a test for the empty cart"', 'type it into the conversation'],
      ['send 7k3qd --file - < review.md', 'from standard input'],
    ],
    load: () => import('../commands/send.ts'),
  },
  {
    name: 'diff',
    args: '<id>',
    group,
    summary: 'Show what a task has changed',
    completes: 'ended',
    options: [
      { raw: '--stat', text: 'Only the numbers' },
      { raw: '--max <bytes>', text: 'Stop after this many bytes' },
    ],
    examples: [
      ['diff 7k3qd', 'as git shows it'],
      ['diff 7k3qd | git apply --check', 'to another program'],
    ],
    load: () => import('../commands/diff.ts'),
  },
  {
    name: 'merge',
    args: '<id>',
    group,
    summary: "Merge a task's branch into the project's branch",
    completes: 'ended',
    options: [dryRun],
    examples: [
      ['merge 7k3qd', 'nothing is changed when it does not merge cleanly'],
      ['merge 7k3qd --dry-run', 'say what would happen'],
    ],
    load: () => import('../commands/merge.ts'),
  },
  {
    name: 'rm',
    args: '[...ids]',
    group,
    summary: 'Remove ended tasks with their worktrees',
    details: ['Work that is nowhere else is kept (its worktree is parked under a rescue ref) unless --discard is given.'],
    completes: 'ended',
    options: [
      { raw: '--discard', text: 'Lose work that was neither merged nor pushed' },
      { raw: '--all', text: 'All ended tasks' },
      yes,
      dryRun,
    ],
    examples: [
      ['rm 7k3qd', 'one'],
      ['rm --all --yes', 'every ended task'],
    ],
    load: () => import('../commands/rm.ts'),
  },
];
