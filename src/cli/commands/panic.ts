import type { Panicked, Task } from '../../api/contract/index.ts';
import { CcmError } from '../../errors.ts';
import { agentProcesses, sweepAgents } from '../../lib/agent-processes.ts';
import { act, type Foreseen } from '../act.ts';
import type { Cli } from '../cli.ts';
import { readRunFile } from '../daemon-address.ts';
import { exits } from '../exit.ts';
import type { Run } from '../spec.ts';
import { oneLine } from '../width.ts';

/** A daemon that hangs must not keep anything from being ended. */
const ANSWER_MS = 15_000;

export const run: Run = async (cli, input) => {
  if (input.flag('dry-run'))
    return act(cli, input, { label: 'panic', method: 'POST', paths: ['/panic'], foresee: () => foresee(cli) }, () => []);
  const told = await tellDaemon(cli);
  const daemon = readRunFile(cli.home)?.pid;
  const spared = daemon === undefined ? [] : [daemon];
  // Once more from here, by another process than the one that says it is done. Another machine's daemon is out of sight.
  const far = cli.env.CCM_URL !== undefined;
  const here = far ? null : await sweepAgents(cli.home.root, spared);
  const left = here?.left ?? told?.left ?? [];
  const sure = here?.sure ?? told?.sure ?? false;
  const data = {
    stopped: told?.stopped ?? 0,
    tasks: told?.tasks ?? [],
    killed: (here?.killed.length ?? 0) + (told?.killed ?? 0),
    left,
    sure,
    daemon: told !== null,
  };
  cli.show({ data }, () => linesOf(cli, data));
  return left.length === 0 ? exits.ok : exits.failed;
};

/** Null when it does not answer: then the processes are ended without it. */
const tellDaemon = async (cli: Cli): Promise<Panicked | null> => {
  try {
    return (await cli.api.post<Panicked>('/panic', { body: {}, timeoutMs: ANSWER_MS })).data;
  } catch (thrown) {
    if (!(thrown instanceof CcmError) || thrown.code !== 'CCM_DAEMON_UNREACHABLE' || cli.env.CCM_URL !== undefined) throw thrown;
    cli.note(`${oneLine(thrown.message)} The processes of its agents are ended without it.`);
    return null;
  }
};

type Outcome = Pick<Panicked, 'stopped' | 'tasks' | 'killed' | 'left' | 'sure'> & { daemon: boolean };

const linesOf = ({ paint }: Cli, { stopped, tasks, killed, left, sure, daemon }: Outcome): string[] =>
  [
    stopped === 0 ? (daemon ? 'No task was open.' : '') : `Ended ${stopped} ${stopped === 1 ? 'task' : 'tasks'}.`,
    killed === 0 ? '' : `Killed ${killed} ${killed === 1 ? 'process' : 'processes'} of agents.`,
    ...left.map(({ pid, command }) => paint.red(`✗ still there: process ${pid}, ${oneLine(command)}`)),
    left.length > 0
      ? ''
      : sure
        ? paint.green('✓ No process of an agent is left.')
        : 'Whether a process left its window cannot be seen on this system.',
    tasks.length > 0 ? '`ccm ls --all` shows them; `ccm retry` begins again.' : '',
    daemon ? '' : '`ccm up` writes down what became of the tasks.',
  ].filter((line) => line !== '');

const foresee = async (cli: Cli): Promise<Foreseen> => {
  const { data, meta } = await cli.api.get<Task[]>('/tasks', { limit: 500, here: true });
  const count = meta.total ?? data.length;
  const daemon = readRunFile(cli.home)?.pid;
  const far = cli.env.CCM_URL !== undefined;
  // Agents outlive their tasks: they wait for another message.
  const processes = far ? 0 : (await agentProcesses(cli.home.root, daemon === undefined ? [] : [daemon])).length;
  const some = `${processes} ${processes === 1 ? 'process' : 'processes'} of agents`;
  const ends =
    count === 0
      ? processes === 0
        ? 'Nothing is open: nothing would be stopped.'
        : `No task is open; ${some} would be killed.`
      : `${count} open ${count === 1 ? 'task' : 'tasks'} and all agents${processes === 0 ? '' : ` (${some})`} would be ended at once.`;
  return { legal: true, consequence: ends };
};
