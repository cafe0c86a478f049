import type { Task } from '../../api/contract/index.ts';
import type { Query } from '../api.ts';
import { exits } from '../exit.ts';
import type { Run } from '../spec.ts';
import { listLines } from '../task-lines.ts';

export const run: Run = async (cli, input) => {
  const limit = input.number('limit', 1, 500);
  const query: Query = {
    all: input.flag('all') || input.text('status') !== undefined,
    project: input.text('project'),
    status: input.text('status'),
    limit,
  };
  if (input.flag('watch')) return (await import('../watch.ts')).watchTasks(cli, query);
  const reply = await cli.api.get<Task[]>('/tasks', query);
  const filtered = query.project !== undefined || query.status !== undefined;
  cli.show(reply, () => (reply.data.length === 0 && filtered ? ['No task is like that.'] : listLines(cli, reply.data, reply.meta.total)));
  return exits.ok;
};
