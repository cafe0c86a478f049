import { dryRun, type Spec } from '../spec.ts';

const group = 'Start and stop';

export const startAndStop: readonly Spec[] = [
  {
    name: 'up',
    args: '',
    group,
    summary: 'Start the daemon and open the browser',
    details: [
      'Runs in the foreground until Ctrl-C; agents go on in tmux without it. When a daemon runs already, its link is printed and nothing is started.',
      'In an empty home a demo project with one small task is made, so that there is something to see.',
    ],
    options: [
      { raw: '-d, --detach', text: 'Run in the background; the log goes to daemon.log in the home' },
      { raw: '--no-open', text: 'Do not open the browser' },
      { raw: '--port <port>', text: 'Listen here instead of 8765 (or CCM_PORT)' },
    ],
    examples: [
      ['up', 'start, and watch from the browser'],
      ['up --detach --no-open', 'start in the background, print the link'],
    ],
    load: () => import('../commands/up.ts'),
  },
  {
    name: 'down',
    args: '',
    group,
    summary: 'Stop the daemon; agents keep running unless --all is given',
    options: [{ raw: '--all', text: 'Stop the agents too' }, dryRun],
    examples: [
      ['down', 'stop the daemon; `ccm up` finds the agents again'],
      ['down --all', 'stop the daemon and everything it started'],
    ],
    load: () => import('../commands/down.ts'),
  },
  {
    name: 'status',
    args: '',
    group,
    summary: 'Show the daemon and what runs under it',
    options: [],
    examples: [['status', 'version, address, tmux, numbers of tasks and agents']],
    load: () => import('../commands/status.ts'),
  },
  {
    name: 'open',
    args: '',
    group,
    summary: 'Print a one-time link to the web interface and open it',
    options: [{ raw: '--no-open', text: 'Only print the link' }],
    examples: [
      ['open', 'open the browser, logged in'],
      ['open --no-open', 'print the link to open it elsewhere'],
    ],
    load: () => import('../commands/open.ts'),
  },
  {
    name: 'panic',
    args: '',
    group,
    summary: 'Kill every running agent now, without asking',
    details: ['Acts at once. Worktrees and conversations stay; `ccm retry` begins again.'],
    options: [dryRun],
    examples: [
      ['panic', 'stop everything that runs'],
      ['panic --dry-run', 'say what that would be'],
    ],
    load: () => import('../commands/panic.ts'),
  },
];
