import type { Task } from '../../api/contract/index.ts';
import { nearest } from '../../lib/nearest.ts';
import type { Query } from '../api.ts';
import { exits, usageError } from '../exit.ts';
import type { Run } from '../spec.ts';
import { statusNamed, taskStatuses } from '../status.ts';
import { listLines } from '../task-lines.ts';

const unknownStatus = (status: string) => {
  const [meant] = nearest(status, taskStatuses);
  return usageError(`No task can be "${status}".`, meant ? `Did you mean ${meant}?` : `They can be ${taskStatuses.join(', ')}.`);
};

export const run: Run = async (cli, input) => {
  const statuses = input.list('status').map(statusNamed);
  for (const status of statuses) if (!taskStatuses.includes(status)) throw unknownStatus(status);
  const limit = input.number('limit', 1, 500);
  const query: Query = {
    all: input.flag('all') || statuses.length > 0,
    project: input.text('project'),
    status: statuses.length > 0 ? statuses.join(',') : undefined,
    limit,
  };
  if (input.flag('watch')) return (await import('../watch.ts')).watchTasks(cli, query);
  const reply = await cli.api.get<Task[]>('/tasks', query);
  const filtered = query.project !== undefined || query.status !== undefined;
  cli.show(reply, () => (reply.data.length === 0 && filtered ? ['No task is like that.'] : listLines(cli, reply.data, reply.meta.total)));
  return exits.ok;
};
