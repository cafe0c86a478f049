/** The tasks this page knows, and how a step or an answer changes them: every change between two pictures is one change of the list. */
import { signal } from '@preact/signals';
import type { FeedRow, Task } from '../api/types.ts';
import { perFrame } from './per-frame.ts';

export type Tasks = ReadonlyMap<string, Task>;
export const tasks = signal<Tasks | null>(null);

/** The list with another task in it, without one (null), or as it was. Pure. */
type Change = (known: Map<string, Task>) => void;

const same = (a: Tasks, b: Tasks): boolean => a.size === b.size && [...a].every(([id, task]) => b.get(id) === task);

export const changeTasks = perFrame<Change>((changes) => {
  const next = new Map(tasks.value);
  for (const change of changes) change(next);
  if (!same(tasks.value ?? new Map(), next)) tasks.value = next;
});

/** An answer that was under way while newer steps were heard is not taken: the next one is asked for already. */
export const putTask =
  (task: Task): Change =>
  (known) => {
    if ((known.get(task.id)?.seq ?? 0) <= task.seq) known.set(task.id, task);
  };

const attentionOf = (n: number): Task['attention'] => (n === 2 ? 2 : n === 1 ? 1 : 0);

/** What a step of the task says itself. */
const ownStep = (task: Task, row: FeedRow): Task =>
  row.seq <= task.seq
    ? task
    : { ...task, status: row.status, attention: attentionOf(row.attention), seq: row.seq, updatedAt: row.at, title: row.title };

/** What a step of its agent says. */
const agentStep = (task: Task, { actor, status, at, progress }: FeedRow): Task => {
  const was = task.agentState;
  if (was?.id !== actor) return task;
  const since = was.status === status ? was.since : at;
  return { ...task, agentState: { ...was, status, since, progress: progress ?? was.progress } };
};

/** Shown at once; what the steps do not say is asked for afterwards. */
export const takeSteps =
  (rows: readonly FeedRow[]): Change =>
  (known) => {
    for (const row of rows) {
      const task = known.get(row.kind === 'task' ? row.actor : (row.task ?? ''));
      if (task) known.set(task.id, row.kind === 'task' ? ownStep(task, row) : agentStep(task, row));
    }
  };
