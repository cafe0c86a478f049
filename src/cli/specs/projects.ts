import { dryRun, type Spec } from '../spec.ts';

const group = 'Projects and agents';

export const projects: readonly Spec[] = [
  {
    name: 'project add',
    args: '[path]',
    group,
    summary: 'Make a folder known as a project',
    completes: 'file',
    options: [
      { raw: '--name <name>', text: "Default: the folder's name" },
      { raw: '--agent <name>', text: 'Profile for tasks that name none', completes: 'agentProfile' },
      dryRun,
    ],
    examples: [
      ['project add', 'the folder you stand in'],
      ['project add ~/code/shop --name shop --agent claude', 'another one'],
    ],
    load: () => import('../commands/project-add.ts'),
  },
  {
    name: 'project ls',
    args: '',
    group,
    summary: 'List projects',
    options: [],
    examples: [['project ls', 'name, kind, branch, whether it is trusted, folder']],
    load: () => import('../commands/project-ls.ts'),
  },
  {
    name: 'project rm',
    args: '<project>',
    group,
    summary: 'Forget a project; its folder is not touched',
    completes: 'project',
    options: [dryRun],
    examples: [['project rm shop', 'refused while tasks of it run']],
    load: () => import('../commands/project-rm.ts'),
  },
  {
    name: 'project trust',
    args: '<project>',
    group,
    summary: 'Let agents take the hooks, servers and settings in its folder',
    completes: 'project',
    options: [{ raw: '--revoke', text: 'Take it back' }, dryRun],
    examples: [
      ['project trust shop', 'you looked at its settings and they are fine'],
      ['project trust shop --revoke', 'no longer'],
    ],
    load: () => import('../commands/project-trust.ts'),
  },
  {
    name: 'project untrust',
    args: '<project>',
    group,
    summary: 'Ignore the hooks, servers and settings in its folder, as at first',
    completes: 'project',
    options: [dryRun],
    examples: [['project untrust shop', 'agents that run keep what they started with']],
    load: () => import('../commands/project-untrust.ts'),
  },
  {
    name: 'agents',
    args: '',
    group,
    summary: 'List what a task can be given to, and what is missing for it',
    details: ['Claude Code, Codex, Gemini CLI and the demo are there already; [agents.NAME] in config.toml changes them and adds others.'],
    options: [],
    examples: [['agents', 'the names that --agent takes, and which of them a task gets that names none']],
    load: () => import('../commands/agents.ts'),
  },
];
