import type { ActorAt, ForkTask, Task } from '../../api/contract/index.ts';
import { act, type Deed } from '../act.ts';
import { localTime } from '../age.ts';
import { pathOf } from '../api.ts';
import { microDollars } from '../dollars.ts';
import type { Run } from '../spec.ts';
import { taskLine } from '../task-lines.ts';
import { textFrom } from '../text-source.ts';
import { oneLine, wrap } from '../width.ts';

export const run: Run = async (cli, input) => {
  const [id = '', text] = input.args;
  const step = input.number('at', 0, Number.MAX_SAFE_INTEGER);
  // Steps are counted per task; the moment is what the step and everything around it have in common.
  const at = step === undefined ? undefined : (await cli.api.get<ActorAt>(pathOf('actors', id, 'at', String(step)))).data.at;
  const file = input.text('file');
  const prompt = text === undefined && file === undefined ? undefined : await textFrom(cli, text, file, 'prompt');
  const [title, agent] = [input.text('title'), input.text('agent')];
  const priority = input.number('priority', -10, 10);
  const budget = microDollars(input.text('budget'), '--budget');
  const body: ForkTask = {
    ...(prompt === undefined ? {} : { prompt }),
    ...(title === undefined ? {} : { title }),
    ...(agent === undefined ? {} : { agent }),
    ...(priority === undefined ? {} : { priority }),
    ...(budget === undefined ? {} : { budget }),
    ...(at === undefined ? {} : { before: at }),
  };
  const deed: Deed = { label: id, method: 'POST', paths: [pathOf('tasks', id, 'fork')], body };
  return act<Task>(cli, input, deed, (task) => [
    taskLine(cli, task),
    ...(task.from
      ? [cli.paint.dim(`forked from ${task.from.short}, as it ${at === undefined ? 'stood' : `was at ${localTime(at)}`}`)]
      : []),
    ...task.notes.flatMap((note) => wrap(oneLine(note), cli.columns()).map(cli.paint.dim)),
  ]);
};
