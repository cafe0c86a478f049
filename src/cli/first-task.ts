/** The demo task of a new home, from its start to its result. */
import type { Task, TaskDiff } from '../api/contract/index.ts';
import { pathOf } from './api.ts';
import { follow } from './changes.ts';
import type { Cli } from './cli.ts';
import { pairs } from './table.ts';
import { resultText, taskLine } from './task-lines.ts';
import { wrap } from './width.ts';

/** The demo agent needs seconds; a machine that is slower than this is told so by `ccm ls`. */
const MOST_MS = 5 * 60_000;

/** Until `signal` aborts: then somebody wants to leave, and nothing more is said. */
export const followFirstTask = async (cli: Cli, signal: AbortSignal): Promise<void> => {
  const { data } = await cli.api.get<Task[]>('/tasks', { all: true, here: true, limit: 1 });
  const [first] = data;
  if (!first) return;
  cli.say('');
  const words = 'A demo agent was given a small task in a demo project, to show that everything works:';
  for (const line of wrap(words, cli.columns())) cli.say(line);
  cli.say(taskLine(cli, first));
  const reply = await follow<Task>(cli, {
    look: () => cli.api.get<Task>(pathOf('tasks', first.id)),
    concerns: (row) => row.actor === first.id,
    over: (task) => task.ended,
    seen: () => undefined,
    timeoutMs: MOST_MS,
    signal,
  });
  if (signal.aborted) return;
  if (!reply) return cli.say(`It is not over yet; \`ccm show ${first.short}\` tells more.`);
  const task = reply.data;
  const files = await changedFiles(cli, task);
  cli.say(taskLine(cli, task));
  for (const line of pairs(
    [
      ['  result', resultText(task)],
      ['  reason', task.status === 'succeeded' ? null : task.reason],
      ['  changed', files.join(', ')],
      ['  branch', task.branch],
      ['  next', `ccm diff ${task.short} · ccm attach ${task.short} · ccm new "…"`],
    ],
    cli.columns(),
    cli.paint.dim,
  ))
    cli.say(line);
};

const changedFiles = async (cli: Cli, task: Task): Promise<string[]> => {
  if (!task.result?.diff?.files) return [];
  const { data } = await cli.api.get<TaskDiff>(`${pathOf('tasks', task.id)}/diff`);
  return [...data.text.matchAll(/^\+\+\+ b\/(.+)$/gm)].map(([, name = '']) => name).slice(0, 5);
};
