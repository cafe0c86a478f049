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
      '--takeover, for a new version: the daemon that runs goes once the new one is loaded; who asks meanwhile waits, nobody is turned away.',
      'In an empty home a demo project with one small task is made, so that there is something to see.',
    ],
    options: [
      { raw: '-d, --detach', text: 'Run in the background; the log goes to daemon.log in the home' },
      { raw: '--takeover', text: 'Take the place of the daemon that runs (in the background), and its open door' },
      { raw: '--no-open', text: 'Do not open the browser' },
      { raw: '--port <port>', text: 'Listen here instead of 8765 (or CCM_PORT)' },
    ],
    examples: [
      ['up', 'start, and watch from the browser'],
      ['up --detach --no-open', 'start in the background, print the link'],
      ['up --takeover', 'after an upgrade: the new version in place of the old one'],
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
    name: 'service install',
    args: '',
    group,
    summary: 'Start the daemon at boot and again after a crash',
    details: [
      'Linux: a unit and a socket of the systemd user manager; the daemon is started again when it crashes or hangs, agents go on meanwhile. macOS: a launchd agent (written from its manual, not yet tried on a Mac).',
      'Captures PATH as it is here and in a login shell. Run it again after moving Node or the package, or after changing the port.',
    ],
    options: [dryRun],
    examples: [
      ['service install', 'write the files, enable and start'],
      ['service install --dry-run', 'print the files and the commands'],
    ],
    load: () => import('../commands/service-install.ts'),
  },
  {
    name: 'service uninstall',
    args: '',
    group,
    summary: 'Stop the service and remove its files; agents go on',
    options: [dryRun],
    examples: [['service uninstall', 'from now on `ccm up` starts the daemon']],
    load: () => import('../commands/service-uninstall.ts'),
  },
  {
    name: 'service status',
    args: '',
    group,
    summary: 'Show the service: installed, running, started at boot',
    details: ['Exit 1 when it is installed but does not run.'],
    options: [],
    examples: [['service status', 'with restarts and linger']],
    load: () => import('../commands/service-status.ts'),
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
