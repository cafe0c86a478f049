/** `when_away = "run-here"`: what waits too long for a machine that is away is done here, by the same command a person would give. */
import type { Clock, Log } from '../ports/system.ts';
import type { Runtime } from '../runtime/types.ts';
import type { Services } from '../services/index.ts';

const LOOK_MS = 15_000;

type Deps = {
  runtime: Pick<Runtime, 'list'>;
  tasks: Pick<Services['tasks'], 'get' | 'command'>;
  clock: Pick<Clock, 'now' | 'after'>;
  log: Log;
  /** Null: it waits. */
  afterMs: () => number | null;
};

/** Returns what stops it. */
export const awayPolicy = ({ runtime, tasks, clock, log, afterMs }: Deps): (() => void) => {
  let stopped = false;
  const look = async (): Promise<void> => {
    const patience = afterMs();
    if (patience === null) return;
    const waiting = runtime.list({ kind: 'task', ended: false, status: ['held', 'offered'], limit: 200 });
    for (const { id, updatedAt } of waiting.filter((one) => clock.now() - one.updatedAt >= patience)) {
      const task = tasks.get(id);
      if (stopped || !task.ok || !task.value.hereInstead) continue;
      const done = await tasks.command(id, 'run-here', {}, { by: 'policy', requestId: `away:${id}:${updatedAt}` }, false);
      if (!done.ok) log.warn({ task: id, ...done.problem }, 'a task that waits for a machine that is away could not be done here');
    }
  };
  const again = () =>
    clock.after(LOOK_MS, () => {
      void look()
        .catch((error: unknown) => log.error({ err: String(error) }, 'looking for tasks that wait for a machine that is away broke off'))
        .finally(() => {
          if (!stopped) cancel = again();
        });
    });
  let cancel = again();
  return () => {
    stopped = true;
    cancel();
  };
};
