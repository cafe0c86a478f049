import type { Moved } from '../../api/contract/index.ts';
import { pathOf } from '../api.ts';
import { exits, usageError } from '../exit.ts';
import type { Run } from '../spec.ts';

export const move =
  (verb: 'handoff' | 'reassign'): Run =>
  async (cli, input) => {
    const [task, system] = input.args;
    if (task === undefined || system === undefined) throw usageError('Which task, and to which system?', '`ccm systems` lists them.');
    if (input.flag('dry-run')) {
      await cli.api.get('/sync');
      cli.show({ data: { task, system, verb } }, () => [`${task} would be given to ${system}. Nothing was done.`]);
      return exits.ok;
    }
    const reply = await cli.api.post<Moved>(`/sync/tasks${pathOf(task)}/${verb}`, { body: { system } });
    cli.show(reply, () => [`${task} goes to ${reply.data.system}. \`ccm outbox\` shows it until the hub has it.`]);
    return exits.ok;
  };
