/** Which budgets are used up. What follows is decided by the task's chart and by admission; here figures are only compared. */
import type { Overrun } from '../../machines/task/schema.ts';
import type { UsageBook } from '../ports/usage.ts';
import { dayOf, endOfDay } from './day.ts';

/** Millionths of a dollar; null = none. `projects` by name; `day` and `projects` hold for one calendar day. */
export type Budgets = { task: number | null; day: number | null; projects: ReadonlyMap<string, number> };

type Deps = { book: Pick<UsageBook, 'sum'>; budgets: () => Budgets; project: (id: string) => string | undefined };

export const budgetBook = ({ book, budgets, project }: Deps) => {
  const spentBy = (query: Parameters<UsageBook['sum']>[0]): number => book.sum(query)?.costMicroUsd ?? 0;
  const over = (scope: Overrun['scope'], limit: number | null | undefined, spent: () => number): Overrun[] => {
    if (limit === null || limit === undefined) return [];
    const sum = spent();
    return sum >= limit ? [{ scope, limit, spent: sum }] : [];
  };
  const ofDay = (projectId: string, now: number): Overrun[] => {
    const { day, projects } = budgets();
    const today = dayOf(now);
    return [
      ...over('project', projects.get(project(projectId) ?? ''), () => spentBy({ project: projectId, day: today })),
      ...over('day', day, () => spentBy({ day: today })),
    ];
  };
  return {
    /** Reached by this task: its own first. `own`: its own budget, null = what config.toml says. */
    reached: (task: { id: string; project: string; own: number | null }, now: number): Overrun[] => [
      ...over('task', task.own ?? budgets().task, () => spentBy({ task: task.id })),
      ...ofDay(task.project, now),
    ],
    /** What keeps tasks of a project from starting now, or null. */
    closed: (projectId: string, now: number): { scope: 'project' | 'day'; limit: number; spent: number; until: number } | null => {
      const [first] = ofDay(projectId, now);
      return first && first.scope !== 'task' ? { ...first, scope: first.scope, until: endOfDay(now) } : null;
    },
  };
};
export type BudgetBook = ReturnType<typeof budgetBook>;
