import type { TaskDiff } from '../../api/contract/index.ts';
import { pathOf } from '../api.ts';
import { exits } from '../exit.ts';
import type { Run } from '../spec.ts';
import { diffText } from '../task-lines.ts';
import { safeText } from '../width.ts';

export const run: Run = async (cli, input) => {
  const [id = ''] = input.args;
  const max = input.number('max', 1, 64 * 1024 * 1024);
  const reply = await cli.api.get<TaskDiff>(`${pathOf('tasks', id)}/diff`, { max });
  const { text, truncated, stat, note } = reply.data;
  if (cli.json) cli.emit(reply.data, reply.meta);
  else if (input.flag('stat')) cli.say(stat ? diffText(stat) : (note ?? 'Not known.'));
  else if (text === '') cli.note(stat ? 'No changes.' : (note ?? 'Not known.'));
  // To another program exactly what git said; to a terminal nothing that could steer it.
  else if (!cli.stdout.isTTY) cli.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  else for (const line of safeText(text).replace(/\n$/, '').split('\n')) cli.say(painted(line));
  if (note && stat && !cli.json) cli.note(note);
  if (truncated) cli.note('The diff is longer; --max shows more.');
  return exits.ok;

  function painted(line: string): string {
    const { paint } = cli;
    if (/^(diff|index|\+\+\+|---) /.test(line)) return paint.bold(line);
    if (line.startsWith('@@')) return paint.cyan(line);
    if (line.startsWith('+')) return paint.green(line);
    return line.startsWith('-') ? paint.red(line) : line;
  }
};
