import { dryRun, type Spec } from '../spec.ts';

const group = 'Maintain';

export const secrets: readonly Spec[] = [
  {
    name: 'uninstall',
    args: '',
    group,
    summary: 'Remove everything this program wrote; without --yes only list it',
    details: [
      'Agents end, the service goes, then worktrees, shims, logs and sockets. History, settings and secrets are asked for, or go with --data.',
      'A worktree with work that is nowhere else stays, unless --discard is given. Branches in your repositories always stay.',
    ],
    options: [
      { raw: '-y, --yes', text: 'Do it (without it everything is only listed)' },
      { raw: '--data', text: 'Your data too, without asking: history, settings, secrets, backups' },
      { raw: '--discard', text: 'Worktrees too that hold work which is nowhere else' },
      dryRun,
    ],
    examples: [
      ['uninstall', 'list what there is'],
      ['uninstall --yes', 'remove it, ask before your data'],
    ],
    load: () => import('../commands/uninstall.ts'),
  },
  {
    name: 'audit',
    args: '',
    group,
    summary: 'Show who did what over the interface, and who was refused',
    details: ['Every request that would change something, newest first. What agents report is in their own history: `ccm replay`.'],
    options: [
      { raw: '-n, --limit <n>', text: 'So many rows (1 to 1000, default 30)' },
      { raw: '--refused', text: 'Only what did not go well' },
    ],
    examples: [['audit --refused', 'somebody tried a door']],
    load: () => import('../commands/audit.ts'),
  },
  {
    name: 'secret set',
    args: '<name>',
    group,
    summary: 'Store a secret: asked for without echo, or read from standard input',
    details: [
      'It goes to the keychain of the system, else into an encrypted file (`ccm doctor` says which). In config.toml "{secret:NAME}" stands for it in a value of an agent\'s env.',
      'The value is never an argument: arguments are in the history of your shell and in every list of processes.',
    ],
    options: [{ raw: '-f, --file <path>', text: 'Read the value from a file, `-` for standard input', completes: 'file' }, dryRun],
    examples: [
      ['secret set anthropic', 'type or paste it, then Enter'],
      ['secret set anthropic < key.txt', 'without anybody there'],
    ],
    load: () => import('../commands/secret-set.ts'),
  },
  {
    name: 'secret ls',
    args: '',
    group,
    summary: 'List the names of stored secrets and who uses them',
    options: [],
    examples: [['secret ls', 'names and where they rest, never a value']],
    load: () => import('../commands/secret-ls.ts'),
  },
  {
    name: 'secret rm',
    args: '<name>',
    group,
    summary: 'Forget a stored secret',
    options: [dryRun],
    examples: [['secret rm anthropic', 'agents that refer to it do not start any more']],
    load: () => import('../commands/secret-rm.ts'),
  },
  {
    name: 'secret rotate',
    args: '',
    group,
    summary: 'Encrypt the secrets under a new key and renew the token of ccm',
    details: ['After somebody may have read the home. What was stolen before stays stolen: make new keys at whoever issued them.'],
    options: [dryRun],
    examples: [['secret rotate', 'streams of the old token end within seconds']],
    load: () => import('../commands/secret-rotate.ts'),
  },
  {
    name: 'secret use',
    args: '<place>',
    group,
    summary: 'Move every secret to the keychain or to the file',
    options: [{ raw: '--abandon', text: 'Begin anew where the present place cannot be read' }, dryRun],
    examples: [
      ['secret use file', 'for a machine where nobody unlocks a keychain'],
      ['secret use keychain', 'and back'],
    ],
    load: () => import('../commands/secret-use.ts'),
  },
];
