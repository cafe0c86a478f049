/** Tasks in the order of the lists, kept as they change. */
import { computed } from '@preact/signals';
import type { Task } from '../api/types.ts';
import { type Tasks, tasks } from './task-list.ts';

const waiting = new Set(['queued', 'blocked', 'scheduled', 'paused']);
/** Attention first; then what works, what waits, what has ended; each the newest first. */
export const taskOrder = (a: Task, b: Task): number => {
  const rank = (t: Task): number => (t.ended ? 2 : waiting.has(t.status) ? 1 : 0);
  return (a.ended || b.ended ? 0 : b.attention - a.attention) || rank(a) - rank(b) || b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : -1);
};

/** Sorts again and again what changes little: it begins where the last time ended, so that thousands cost hardly more than a look at each. */
export const keptOrder = (): ((known: Tasks) => Task[]) => {
  let before: string[] = [];
  return (known) => {
    const there = new Set(before);
    const next = before.flatMap((id) => known.get(id) ?? []);
    for (const task of known.values()) if (!there.has(task.id)) next.push(task);
    next.sort(taskOrder);
    before = next.map(({ id }) => id);
    return next;
  };
};

const inOrder = keptOrder();
export const orderedTasks = computed<readonly Task[]>(() => inOrder(tasks.value ?? new Map()));
