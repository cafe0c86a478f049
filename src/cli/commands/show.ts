import type { Agent, Approval, Message, Task } from '../../api/contract/index.ts';
import { CcmError } from '../../errors.ts';
import { agentSheet } from '../agent-lines.ts';
import { pathOf } from '../api.ts';
import { decidedLines } from '../decided-lines.ts';
import { exits } from '../exit.ts';
import { waitingLines } from '../message-lines.ts';
import type { Run } from '../spec.ts';
import { taskSheet } from '../task-lines.ts';

export const run: Run = async (cli, { args: [id = ''] }) => {
  try {
    const reply = await cli.api.get<Task>(pathOf('tasks', id));
    const [asked, sent] = await Promise.all([
      cli.api.get<Approval[]>(pathOf('tasks', reply.data.id, 'approvals')),
      cli.api.get<Message[]>(pathOf('tasks', reply.data.id, 'messages')),
    ]);
    cli.show(reply, () => [...taskSheet(cli, reply.data), ...waitingLines(cli, sent.data), ...decidedLines(cli, asked.data)]);
  } catch (thrown) {
    if (!(thrown instanceof CcmError) || thrown.code !== 'CCM_NOT_FOUND') throw thrown;
    const reply = await cli.api.get<Agent>(pathOf('agents', id)).catch(() => {
      throw thrown; // Neither: the first answer names what was looked for.
    });
    cli.show(reply, () => agentSheet(cli, reply.data));
  }
  return exits.ok;
};
