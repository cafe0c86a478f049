/** After something was used: tells every running task that has reached a budget. Its own chart halts it and asks. */
import { waiver } from '../../machines/task/rules.ts';
import type { TaskContext } from '../../machines/task/schema.ts';
import type { BudgetBook } from '../money/budgets.ts';
import type { Clock, Log } from '../ports/system.ts';
import { everyRow } from '../runtime/every-row.ts';
import type { Runtime } from '../runtime/types.ts';

/** Where a chart can be halted. */
const RUNNING = ['working', 'needsApproval', 'needsAnswer', 'limited'];

export const budgetWatch =
  (deps: { budgets: BudgetBook; runtime: Pick<Runtime, 'list' | 'state' | 'send'>; clock: Pick<Clock, 'now'>; log: Pick<Log, 'error'> }) =>
  ({ task }: { task: string }): void => {
    const { budgets, runtime, clock, log } = deps;
    const reachedBy = (id: string) => {
      const state = runtime.state(id);
      if (!state || !RUNNING.includes(state.status)) return undefined;
      const { project, budget, waived } = state.context as TaskContext;
      return budgets.reached({ id, project, own: budget }, clock.now()).find((one) => !waived.includes(waiver(one)));
    };
    const halt = (id: string): void => {
      const overrun = reachedBy(id);
      if (!overrun) return;
      runtime
        .send(id, { type: 'BUDGET_REACHED', overrun, by: 'budget' })
        .catch((error: unknown) => log.error({ task: id, err: String(error) }, 'a task could not be told that its budget is used up'));
    };
    const shared = reachedBy(task)?.scope !== 'task' && runtime.state(task) !== null;
    // A budget that others share is reached for them, too.
    const others = shared ? everyRow(runtime, { kind: 'task', ended: false, status: RUNNING }).map(({ id }) => id) : [];
    for (const id of new Set([task, ...others])) halt(id);
  };
