import type { Moved, System, Task } from '../../api/contract/index.ts';
import { CcmError } from '../../errors.ts';
import { pathOf } from '../api.ts';
import type { Cli } from '../cli.ts';
import { exits, usageError } from '../exit.ts';
import type { Run } from '../spec.ts';
import { statusText } from '../status.ts';
import { wrap } from '../width.ts';

export const move =
  (verb: 'handoff' | 'reassign'): Run =>
  async (cli, input) => {
    const [task, system] = input.args;
    if (task === undefined || system === undefined) throw usageError('Which task, and to which system?', '`ccm systems` lists them.');
    const { data: named } = await cli.api.get<Task>(pathOf('tasks', task));
    if (input.flag('dry-run')) {
      const name = await systemNamed(cli, system);
      const from = named.system ?? 'this machine';
      const text = named.ended
        ? `${named.short} has ended (${statusText(named.status)}); it would not move.`
        : `${named.short} would be given to ${name}, by ${from}, where it is ${statusText(named.status)}. Nothing was done.`;
      cli.show({ data: { task: named.id, short: named.short, system: name, verb, legal: !named.ended } }, () => wrap(text, cli.columns()));
      return named.ended ? exits.notLegal : exits.ok;
    }
    const reply = await cli.api.post<Moved>(`/sync/tasks${pathOf(named.id)}/${verb}`, { body: { system } });
    cli.show(reply, () => [`${named.short} goes to ${reply.data.system}. \`ccm show ${named.short}\` tells where it stands.`]);
    return exits.ok;
  };

/** The name of the machine that is meant by name, id or short id. */
const systemNamed = async (cli: Cli, text: string): Promise<string> => {
  const { data } = await cli.api.get<System[]>('/sync/systems');
  const wanted = text.toLowerCase();
  const found = data.find(({ id, short, name }) => id === text || short === wanted || name.toLowerCase() === wanted);
  if (!found) throw new CcmError('CCM_NOT_FOUND', `There is no system "${text}".`, { next: '`ccm systems` lists them.' });
  return found.name;
};
