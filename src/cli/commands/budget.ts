import type { Task } from '../../api/contract/index.ts';
import { act } from '../act.ts';
import { pathOf } from '../api.ts';
import { microDollars } from '../dollars.ts';
import { usageError } from '../exit.ts';
import type { Run } from '../spec.ts';
import { taskLine } from '../task-lines.ts';

export const run: Run = async (cli, input) => {
  const [id = '', text] = input.args;
  const budget = microDollars(text, 'A budget');
  if (budget === undefined) throw usageError('How much?', 'Use: ccm budget ID 5.00');
  const deed = { label: id, method: 'POST', paths: [pathOf('tasks', id, 'budget')], body: { budget } } as const;
  return act<Task>(cli, input, deed, (task) => [taskLine(cli, task), cli.paint.dim(`budget $${(budget / 1_000_000).toFixed(2)}`)]);
};
