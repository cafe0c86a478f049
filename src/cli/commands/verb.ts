/** The charts' commands on one task or agent, or on several. */
import type { Task } from '../../api/contract/index.ts';
import { act, actOnMany, type Deed } from '../act.ts';
import { pathOf } from '../api.ts';
import type { Cli } from '../cli.ts';
import { exits, usageError } from '../exit.ts';
import type { Run } from '../spec.ts';
import { taskLine, waitsLines } from '../task-lines.ts';

export const verb =
  (name: string): Run =>
  async (cli, input) => {
    const everything = input.flag('all');
    if (everything && input.args.length > 0) throw usageError('Give ids or --all, not both.');
    if (!everything && input.args.length === 0)
      throw usageError(`Which task shall be given \`${name}\`?`, `Give an id, or --all. \`ccm ls\` lists ids.`);
    const ids = everything ? (await tasksThatCan(cli, name)).map((task) => task.short) : [...new Set(input.args)];
    const deeds = ids.map(
      (id): Deed => ({ label: id, method: 'POST', paths: [pathOf('tasks', id, name), pathOf('agents', id, name)], body: {} }),
    );
    const [only] = deeds;
    if (!everything && only && deeds.length === 1)
      return act<Task>(cli, input, only, (task) => [taskLine(cli, task), ...waitsLines(cli, task)]);
    if (deeds.length === 0) {
      cli.show({ data: [], meta: { total: 0 } }, () => [`There is no task that takes \`${name}\` now.`]);
      return exits.ok;
    }
    return actOnMany(cli, input, deeds, name);
  };

/** Every task whose chart accepts the command now, over all pages. */
export const tasksThatCan = async (cli: Cli, name: string): Promise<Task[]> => {
  const found: Task[] = [];
  let cursor: string | undefined;
  do {
    const page = await cli.api.get<Task[]>('/tasks', { all: true, limit: 500, cursor });
    found.push(...page.data.filter((task) => task.commands.some((command) => command.verb === name)));
    cursor = page.meta.next ?? undefined;
  } while (cursor !== undefined);
  return found;
};
