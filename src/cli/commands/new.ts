import type { CreateTask, Task } from '../../api/contract/index.ts';
import { CcmError } from '../../errors.ts';
import { consequenceLines } from '../act.ts';
import { parseWhen } from '../age.ts';
import type { Cli } from '../cli.ts';
import { microDollars } from '../dollars.ts';
import { exits, usageError } from '../exit.ts';
import type { Input } from '../input.ts';
import type { Run } from '../spec.ts';
import { pairs } from '../table.ts';
import { taskLine } from '../task-lines.ts';
import { textFrom } from '../text-source.ts';

export const run: Run = async (cli, input) => {
  const body = await request(cli, input);
  const timeout = input.number('timeout', 1, 30 * 24 * 3600);
  if (input.flag('dry-run')) {
    const reply = await cli.api.foresee('POST', '/tasks', { body });
    cli.show(reply, () => consequenceLines(cli, reply.data));
    return reply.data.legal ? exits.ok : exits.notLegal;
  }
  const reply = await cli.api.post<Task>('/tasks', { body }).catch((thrown: unknown) => {
    throw unknownProject(thrown, body.project);
  });
  const task = reply.data;
  if (input.flag('wait')) {
    const { waitForTask } = await import('../wait.ts');
    cli.say(createdLines(cli, task).join('\n'));
    return waitForTask(cli, task, { timeoutMs: timeout === undefined ? null : timeout * 1000 });
  }
  cli.show(reply, () => [
    ...createdLines(cli, task),
    // A window can be attached to only where it is.
    cli.paint.dim(`Follow it with \`ccm ls -w\`, \`ccm show ${task.short}\` or \`ccm ${task.system ? 'logs' : 'attach'} ${task.short}\`.`),
  ]);
  return exits.ok;
};

/** Two words without quotes read as a project and a prompt: the likeliest reason for a project that is not there. */
const unknownProject = (thrown: unknown, project: string | undefined): unknown =>
  thrown instanceof CcmError && thrown.code === 'CCM_NOT_FOUND' && project !== undefined
    ? new CcmError(thrown.code, thrown.message, {
        ...thrown.extra,
        next: '`ccm project ls` lists projects. Put a prompt of several words in quotes.',
      })
    : thrown;

const createdLines = (cli: Cli, task: Task): string[] => [
  taskLine(cli, task),
  ...pairs(
    [
      ['  project', task.project.name],
      ['  agent', task.profile],
      ['  notes', task.notes.join(' ')],
    ],
    cli.columns(),
    cli.paint.dim,
  ),
];

/** With `--file` the one argument is the project; else the last one is the prompt. */
const request = async (cli: Cli, input: Input): Promise<CreateTask> => {
  const file = input.text('file');
  const [first, second] = input.args;
  const project = file !== undefined || second !== undefined ? first : undefined;
  const prompt = await textFrom(cli, file !== undefined ? second : (second ?? first), file, 'prompt');
  const after = input.list('after');
  const priority = input.number('priority', -10, 10);
  const when = input.text('at');
  const at = when === undefined ? undefined : parseWhen(when, cli.now());
  if (at === null) throw usageError(`--at does not understand "${when}".`, 'Write +10m, 18:30 or 2026-03-04T09:00.');
  const [title, agent, system] = [input.text('title'), input.text('agent'), input.text('on')];
  const budget = microDollars(input.text('budget'), '--budget');
  return {
    prompt,
    ...(project === undefined ? { path: cli.cwd } : { project }),
    ...(title === undefined ? {} : { title }),
    ...(agent === undefined ? {} : { agent }),
    ...(priority === undefined ? {} : { priority }),
    ...(after.length === 0 ? {} : { after }),
    ...(at === undefined ? {} : { at }),
    ...(system === undefined ? {} : { system }),
    ...(budget === undefined ? {} : { budget }),
  };
};
