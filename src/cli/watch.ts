/** `ccm ls -w`: the list, redrawn with every change. */
import type { Task } from '../api/contract/index.ts';
import { CcmError } from '../errors.ts';
import { localTime } from './age.ts';
import type { Query } from './api.ts';
import { watchChanges } from './changes.ts';
import type { Cli } from './cli.ts';
import { exitOf, exits } from './exit.ts';
import { onKeys, screen } from './screen.ts';
import { listLines } from './task-lines.ts';

/** Changes that come in a burst are drawn together. */
const SETTLE_MS = 80;

export const watchTasks = async (cli: Cli, query: Query): Promise<number> => {
  // The first look is a plain one: a wrong project or a daemon that is down ends it with the usual words.
  let reply = await cli.api.get<Task[]>('/tasks', query);
  let away = false;
  let ended = false;
  const changes = watchChanges(cli, (row) => row.kind === 'task' || row.task !== undefined);
  const end = (): void => {
    ended = true;
    changes.stop();
  };
  const view = cli.live ? screen(cli) : null;
  const keys = cli.live ? onKeys(cli, (key) => (key === 'q' || key === '\u0003' ? end() : changes.poke())) : null;
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  cli.stdout.on('resize', changes.poke);
  const known = new Map<string, number>();
  let printed = '';
  const lines = (): string[] => listLines(cli, reply.data, reply.meta.total);
  const draw = (): void => {
    if (cli.json) return emitChanged(cli, reply.data, known);
    if (view) {
      const state = away ? cli.paint.yellow('The daemon is away; waiting for it.') : cli.paint.dim(`${localTime(cli.now())} · q quits`);
      return view.draw([...lines(), '', state]);
    }
    // No terminal: the whole list again, when its text is another one.
    const text = lines().join('\n');
    if (text !== printed) cli.say(printed === '' ? text : `\n${text}`);
    printed = text;
  };
  try {
    for (;;) {
      draw();
      await changes.next(cli.live ? 1000 : 15_000);
      if (ended) break;
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      try {
        reply = await cli.api.get<Task[]>('/tasks', query);
        away = false;
      } catch (thrown) {
        if (!(thrown instanceof CcmError) || exitOf(thrown.code) !== exits.unreachable) throw thrown;
        if (!away && !view) cli.note('The daemon is away; waiting for it to come back (`ccm up`).');
        away = true;
      }
    }
  } finally {
    keys?.stop();
    view?.close();
    changes.stop();
    cli.stdout.off('resize', changes.poke);
  }
  if (view) for (const line of lines()) cli.say(line);
  return exits.ok;
};

/** A line per task that is new or has made a step since it was printed last. */
const emitChanged = (cli: Cli, tasks: readonly Task[], known: Map<string, number>): void => {
  for (const task of tasks) if (known.get(task.id) !== task.seq) cli.emit(task);
  known.clear();
  for (const task of tasks) known.set(task.id, task.seq);
};
