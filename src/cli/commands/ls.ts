import type { Task } from '../../api/contract/index.ts';
import type { Query } from '../api.ts';
import type { Cli } from '../cli.ts';
import { exits } from '../exit.ts';
import type { Run } from '../spec.ts';
import { statusWord } from '../status.ts';
import { taskTable } from '../task-lines.ts';

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

/** The table and what it adds up to; a hint when there is nothing. */
export const listLines = (cli: Cli, tasks: readonly Task[], total = tasks.length): string[] => {
  if (tasks.length === 0) return ['No open tasks. `ccm new "…"` makes one, `ccm ls --all` shows ended ones.'];
  const numbers = new Map<string, number>();
  for (const { status } of tasks) numbers.set(status, (numbers.get(status) ?? 0) + 1);
  const parts = [...numbers].map(([status, n]) => `${n} ${statusWord(status)}`);
  if (total > tasks.length) parts.push(`${total - tasks.length} more: --limit`);
  return [...taskTable(cli, tasks), cli.paint.dim(parts.join(' · '))];
};
