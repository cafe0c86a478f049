import { spawn } from 'node:child_process';
import type { Agent, Task } from '../../api/contract/index.ts';
import { CcmError } from '../../errors.ts';
import { pathOf } from '../api.ts';
import type { Cli } from '../cli.ts';
import { exits, usageError } from '../exit.ts';
import { quoted } from '../quoted.ts';
import type { Run } from '../spec.ts';

export const run: Run = async (cli, input) => {
  const [id = ''] = input.args;
  const print = input.flag('print') || cli.json;
  if (!print && !(cli.stdout.isTTY && cli.stdin().isTTY))
    throw usageError('attach needs a terminal on both sides.', 'Run it in a terminal, or use --print for the tmux command.');
  const agent = await agentOf(cli, id);
  const [program, ...args] = agent.attach;
  if (program === undefined)
    throw new CcmError('CCM_PANE_GONE', `${agent.short} has no window: it is ${agent.status}.`, {
      next: `See \`ccm logs ${agent.task.short}\` for what it showed.`,
    });
  if (print) {
    cli.show({ data: { argv: agent.attach, agent: agent.id } }, () => [agent.attach.map(quoted).join(' ')]);
    return exits.ok;
  }
  // tmux refuses to nest by $TMUX; ours is another server, so nothing nests.
  const { TMUX: _, ...env } = cli.env;
  return new Promise<number>((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', env });
    child.on('error', () => reject(new CcmError('CCM_TMUX_MISSING', `${program} could not be started.`)));
    child.on('exit', (code) => resolve(code === 0 ? exits.ok : exits.failed));
  });
};

/** Agent of the task's present attempt, or the agent itself. */
const agentOf = async (cli: Cli, id: string): Promise<Agent> => {
  const task = await cli.api.get<Task>(pathOf('tasks', id)).catch((thrown: unknown) => {
    if (thrown instanceof CcmError && thrown.code === 'CCM_NOT_FOUND') return thrown;
    throw thrown;
  });
  if (task instanceof CcmError)
    return (
      await cli.api.get<Agent>(pathOf('agents', id)).catch(() => {
        throw task; // Neither: the first answer names what was looked for.
      })
    ).data;
  const { agent, short, status } = task.data;
  if (agent === null)
    throw new CcmError('CCM_ILLEGAL_MOVE', `${short} has no agent yet: it is ${status}.`, {
      next: `\`ccm why ${short}\` tells what it waits for.`,
    });
  return (await cli.api.get<Agent>(pathOf('agents', agent))).data;
};
