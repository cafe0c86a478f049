import { pathOf } from '../api.ts';
import { exits } from '../exit.ts';
import type { Run } from '../spec.ts';

export const run: Run = async (cli, input) => {
  const [id = ''] = input.args;
  if (input.flag('dry-run')) {
    await cli.api.get('/sync/outbox');
    cli.show({ data: { id } }, () => [`${id} would be taken back. Nothing was done.`]);
    return exits.ok;
  }
  const reply = await cli.api.delete<{ id: string }>(`/sync/outbox${pathOf(id)}`);
  cli.show(reply, () => ['Taken back; the hub never hears of it.']);
  return exits.ok;
};
