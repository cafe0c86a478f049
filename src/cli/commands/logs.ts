import type { Task, TaskLog } from '../../api/contract/index.ts';
import { pathOf } from '../api.ts';
import { watchChanges } from '../changes.ts';
import type { Cli } from '../cli.ts';
import { exits, usageError } from '../exit.ts';
import type { Input } from '../input.ts';
import { fresh } from '../log-lines.ts';
import type { Run } from '../spec.ts';
import { safeText } from '../width.ts';

export const run: Run = async (cli, input) => {
  const lines = input.number('lines', 1, 100_000) ?? 200;
  if (input.flag('daemon')) return (await import('../daemon-log.ts')).daemonLog(cli, { lines, follow: input.flag('follow') });
  const [id] = input.args;
  if (id === undefined) throw usageError('Whose log?', "Give a task's id, or --daemon for the daemon's own.");
  const look = () => cli.api.get<TaskLog>(`${pathOf('tasks', id)}/log`, { lines, agent: input.text('agent') });
  if (input.flag('follow')) return followLog(cli, input, id, look);
  const reply = await look();
  cli.show(reply, () => {
    const text = lastLines(reply.data.text, lines);
    return text === '' ? [] : [text];
  });
  if (reply.data.text.trim() === '') cli.note('Nothing was printed yet.');
  return exits.ok;
};

const lastLines = (text: string, count: number): string => safeText(text).trimEnd().split('\n').slice(-count).join('\n');

/** How often the terminal is looked at: its output is no step of a chart, so the feed does not tell it. */
const LOOK_MS = 700;

const followLog = async (cli: Cli, _input: Input, id: string, look: () => Promise<{ data: TaskLog }>): Promise<number> => {
  const changes = watchChanges(cli, (row) => row.actor === id || row.task === id);
  let stopped = false;
  const stop = (): void => {
    stopped = true;
    changes.stop();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  let printed: readonly string[] = [];
  let last: string | undefined;
  try {
    for (;;) {
      const { data } = await look();
      const seen = safeText(data.text).trimEnd().split('\n');
      // The last line may still turn (a spinner, a prompt being typed): told once it stands still.
      const now = data.live && seen.at(-1) !== last ? seen.slice(0, -1) : seen;
      last = seen.at(-1);
      for (const line of fresh(printed, now))
        if (cli.json) cli.emit({ line });
        else cli.say(line);
      printed = now;
      if (stopped) return exits.ok;
      const task = data.live ? null : (await cli.api.get<Task>(pathOf('tasks', id))).data;
      if (task?.ended) return exits.ok;
      await changes.next(LOOK_MS);
    }
  } finally {
    changes.stop();
  }
};
