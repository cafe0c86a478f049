import { dryRun, type Spec, yes } from '../spec.ts';

const group = 'Tasks';
const all = (which: string) => ({ raw: '--all', text: `All tasks that ${which}` });

/** The charts' own commands: the same words in the API and in the web interface. */
const verb = (name: string, summary: string, which: string, examples: Spec['examples'], details: readonly string[] = []): Spec => ({
  name,
  args: '[...ids]',
  group,
  summary,
  details,
  completes: name === 'retry' ? 'ended' : 'task',
  options: [all(which), yes, dryRun],
  examples,
  load: async () => ({ run: (await import('../commands/verb.ts')).verb(name) }),
});

export const steer: readonly Spec[] = [
  verb(
    'interrupt',
    "Interrupt the agent's turn, as Esc does",
    'are being worked on',
    [['interrupt 7k3qd', 'it stops and waits for your word']],
    ['The task stays open: `ccm send` goes on, `ccm stop` ends it.'],
  ),
  verb('pause', 'Hold a task back or stop its agent for a while', 'can be paused', [['pause 7k3qd', 'until `ccm resume`']]),
  verb(
    'resume',
    'Go on with a paused or interrupted task',
    'are paused or broke off',
    [
      ['resume 7k3qd', 'go on'],
      ['resume --all --yes', 'everything that is paused or broke off'],
    ],
    ['A task whose program was lost or killed goes on in the same conversation, where its agent can (Claude Code can).'],
  ),
  verb('stop', 'End tasks in good order', 'can be stopped', [
    ['stop 7k3qd', 'the agent is asked to end, then ended'],
    ['stop --all', 'say what would be stopped (add --yes to do it)'],
  ]),
  verb('kill', 'End tasks at once, with everything they started', 'can be killed', [['kill 7k3qd', 'no time to tidy up']]),
  verb('retry', 'Try an ended task again', 'can be retried', [['retry 7k3qd', 'a new attempt at the same task']]),
  verb('run-here', 'Do a task here that waits for another machine', 'wait for another machine', [
    ['run-here 7k3qd', 'where this machine has a project of the same name'],
  ]),
  verb('start', 'Start a waiting task now', 'can be started', [['start 7k3qd', 'without waiting for its time or its turn']]),
  {
    name: 'budget',
    args: '<id> <dollars>',
    group,
    summary: 'Set what a task may use before it is halted and asks',
    details: [
      'A task that was halted by its own budget goes on when this is more than it has used. `ccm resume` lets it go on without more words.',
    ],
    completes: 'task',
    options: [dryRun],
    examples: [['budget 7k3qd 10', 'ten dollars']],
    load: () => import('../commands/budget.ts'),
  },
  {
    name: 'priority',
    args: '<id> <n>',
    group,
    summary: 'Change the priority of a waiting task',
    completes: 'task',
    options: [dryRun],
    examples: [['priority 7k3qd 5', 'from -10 to 10, higher goes first']],
    load: () => import('../commands/priority.ts'),
  },
];
