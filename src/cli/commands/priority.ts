import type { Task } from '../../api/contract/index.ts';
import { act } from '../act.ts';
import { pathOf } from '../api.ts';
import { usageError } from '../exit.ts';
import type { Run } from '../spec.ts';
import { taskLine } from '../task-lines.ts';

export const run: Run = async (cli, input) => {
  const [id = '', text = ''] = input.args;
  if (!/^-?\d{1,2}$/.test(text) || Math.abs(Number(text)) > 10)
    throw usageError(`A priority is a whole number from -10 to 10, not "${text}".`);
  const deed = { label: id, method: 'POST', paths: [pathOf('tasks', id, 'priority')], body: { priority: Number(text) } } as const;
  return act<Task>(cli, input, deed, (task) => [taskLine(cli, task), cli.paint.dim(`priority ${task.priority}`)]);
};
