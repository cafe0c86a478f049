import { dryRun, type Spec } from '../spec.ts';

const group = 'Decide';
const note = { raw: '--note <text>', text: 'A word to the agent with the decision' };

export const decide: readonly Spec[] = [
  {
    name: 'inbox',
    args: '',
    group,
    summary: 'List what waits for you: approvals, questions, halted tasks',
    options: [],
    examples: [['inbox', 'the oldest first']],
    load: () => import('../commands/inbox.ts'),
  },
  {
    name: 'approve',
    args: '<id>',
    group,
    summary: 'Allow what an agent asks for',
    completes: 'approval',
    options: [note, dryRun],
    examples: [
      ['approve 9mx2c', 'the id that `ccm inbox` shows'],
      ['approve 7k3qd', 'the task, when it asks one thing only'],
    ],
    load: async () => ({ run: (await import('../commands/decision.ts')).decision('approve') }),
  },
  {
    name: 'deny',
    args: '<id>',
    group,
    summary: 'Refuse what an agent asks for',
    completes: 'approval',
    options: [note, dryRun],
    examples: [['deny 9mx2c --note "Use the staging database"', 'with a reason']],
    load: async () => ({ run: (await import('../commands/decision.ts')).decision('deny') }),
  },
  {
    name: 'answer',
    args: '<id> [text]',
    group,
    summary: 'Answer a question of an agent',
    completes: 'approval',
    options: [{ raw: '-f, --file <path>', text: 'Read the answer from a file, `-` for standard input', completes: 'file' }, dryRun],
    examples: [['answer 9mx2c "The second option"', 'the question shows its choices in `ccm inbox`']],
    load: async () => ({ run: (await import('../commands/decision.ts')).decision('answer') }),
  },
];
