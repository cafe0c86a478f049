import { dryRun, type Spec } from '../spec.ts';

const group = 'Several machines';
const credentials = [
  { raw: '--email <email>', text: 'The account (asked for otherwise)' },
  { raw: '--password-stdin', text: 'Read the password from standard input instead of asking' },
  { raw: '--code <digits>', text: 'Code of the second factor (asked for when it is wanted)' },
];

export const sync: readonly Spec[] = [
  {
    name: 'init',
    args: '',
    group,
    summary: 'Set this machine up, and connect it to a hub if you want one',
    details: ['Everything works without a hub. With one, your machines show one view and hand work to each other; see docs/sync.md.'],
    options: [
      { raw: '--url <url>', text: 'URL of the Supabase project' },
      { raw: '--key <key>', text: 'Its publishable (anon) key' },
      ...credentials,
      { raw: '--name <name>', text: 'What this machine is called (default: its host name)' },
      { raw: '--local', text: 'Ask nothing: no hub' },
    ],
    examples: [
      ['init', 'asks for everything it needs'],
      ['init --url https://abcd.supabase.co --key sb_publishable_…', 'asks for email and password only'],
    ],
    load: () => import('../commands/init.ts'),
  },
  {
    name: 'login',
    args: '',
    group,
    summary: 'Sign in to the hub again',
    options: [...credentials, { raw: '--enrol', text: 'Turn two-factor authentication on' }],
    examples: [
      ['login', 'after `ccm logout`, or when the hub ended the session'],
      ['login --enrol', 'shows the secret for an authenticator app'],
    ],
    load: () => import('../commands/login.ts'),
  },
  {
    name: 'logout',
    args: '',
    group,
    summary: 'Sign out of the hub; what waits is kept',
    options: [],
    examples: [['logout', 'local work goes on']],
    load: () => import('../commands/logout.ts'),
  },
  {
    name: 'whoami',
    args: '',
    group,
    summary: 'Say who is signed in',
    options: [],
    examples: [['whoami', 'email, and whether a second factor was proved']],
    load: () => import('../commands/whoami.ts'),
  },
  ...(
    [
      ['status', 'Say how the link to the hub stands, and why'],
      ['now', 'Look at the hub now'],
      ['pause', 'Stop sending and reading until resumed'],
      ['resume', 'Go on'],
      ['disable', 'Disconnect from the hub; everything here stays'],
    ] as const
  ).map(
    ([verb, summary]): Spec => ({
      name: `sync ${verb}`,
      args: '',
      group,
      summary,
      options: [],
      examples: [[`sync ${verb}`, verb === 'status' ? 'state, reason, evidence, what waits' : 'and show how it stands then']],
      load: () => import('../commands/sync.ts').then(({ syncVerb }) => ({ run: syncVerb(verb) })),
    }),
  ),
  {
    name: 'systems',
    args: '',
    group,
    summary: 'List your machines',
    options: [],
    examples: [['systems', 'name, system, projects, when last seen']],
    load: () => import('../commands/systems.ts'),
  },
  {
    name: 'handoff',
    args: '<task> <system>',
    group,
    summary: 'Give a task that has not begun to another machine',
    completes: 'task',
    options: [dryRun],
    examples: [['handoff 7k3qd workshop', 'it waits for that machine, visibly, until it is there']],
    load: () => import('../commands/handoff.ts').then(({ move }) => ({ run: move('handoff') })),
  },
  {
    name: 'reassign',
    args: '<task> <system>',
    group,
    summary: 'Take a task away from the machine that has it, for one that never came back',
    details: ['The old machine learns it on its return: it stops, and keeps its work on its own branch.'],
    completes: 'task',
    options: [dryRun],
    examples: [['reassign 7k3qd laptop', 'begins anew there']],
    load: () => import('../commands/handoff.ts').then(({ move }) => ({ run: move('reassign') })),
  },
  {
    name: 'outbox cancel',
    args: '<id>',
    group,
    summary: 'Take back an operation that was not sent to the hub yet',
    options: [dryRun],
    examples: [['outbox cancel 4mq7x', 'the id is in `ccm outbox`']],
    load: () => import('../commands/outbox-cancel.ts'),
  },
];
