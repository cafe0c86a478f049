import type { Agent, Approval, Task } from '../../api/contract/index.ts';
import { CcmError } from '../../errors.ts';
import { agentSheet } from '../agent-lines.ts';
import { pathOf } from '../api.ts';
import { decidedLines } from '../decided-lines.ts';
import { exits } from '../exit.ts';
import type { Run } from '../spec.ts';
import { taskSheet } from '../task-lines.ts';

export const run: Run = async (cli, { args: [id = ''] }) => {
  try {
    const reply = await cli.api.get<Task>(pathOf('tasks', id));
    const asked = await cli.api.get<Approval[]>(pathOf('tasks', reply.data.id, 'approvals'));
    cli.show(reply, () => [...taskSheet(cli, reply.data), ...decidedLines(cli, asked.data)]);
  } catch (thrown) {
    if (!(thrown instanceof CcmError) || thrown.code !== 'CCM_NOT_FOUND') throw thrown;
    const reply = await cli.api.get<Agent>(pathOf('agents', id)).catch(() => {
      throw thrown; // Neither: the first answer names what was looked for.
    });
    cli.show(reply, () => agentSheet(cli, reply.data));
  }
  return exits.ok;
};
