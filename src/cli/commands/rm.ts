import type { RemovalView, Task } from '../../api/contract/index.ts';
import { act, actOnMany, type Deed } from '../act.ts';
import { pathOf } from '../api.ts';
import type { Cli } from '../cli.ts';
import { exits, usageError } from '../exit.ts';
import type { Run } from '../spec.ts';

export const run: Run = async (cli, input) => {
  const everything = input.flag('all');
  if (everything && input.args.length > 0) throw usageError('Give ids or --all, not both.');
  if (!everything && input.args.length === 0) throw usageError('Which task?', 'Give an id, or --all for every ended one.');
  const ids = everything ? await endedTasks(cli) : [...new Set(input.args)];
  const discard = input.flag('discard');
  const deeds = ids.map(
    (id): Deed => ({
      label: id,
      method: 'DELETE',
      paths: [pathOf('tasks', id)],
      query: { discard },
    }),
  );
  const [only] = deeds;
  if (deeds.length === 0) {
    cli.show({ data: [], meta: { total: 0 } }, () => ['There is no ended task.']);
    return exits.ok;
  }
  if (everything || deeds.length > 1 || !only) return actOnMany(cli, input, deeds, 'remove');
  return act<RemovalView>(
    cli,
    input,
    only,
    ({ removed, kept, rescueRef, notes }) => {
      const rescue = [...(rescueRef ? [`Its commits stay under ${rescueRef}.`] : []), ...notes];
      return removed
        ? ['Removed.', ...rescue]
        : [`Kept: ${kept ?? 'it holds work that is nowhere else.'}`, ...rescue, '→ `--discard` loses that work.'];
    },
    ({ removed }) => (removed ? exits.ok : exits.notLegal),
  );
};

const endedTasks = async (cli: Cli): Promise<string[]> => {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await cli.api.get<Task[]>('/tasks', { all: true, here: true, limit: 500, cursor });
    found.push(...page.data.filter((task) => task.ended).map((task) => task.short));
    cursor = page.meta.next ?? undefined;
  } while (cursor !== undefined);
  return found;
};
