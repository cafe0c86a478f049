/** The same tasks as a table: one line each, for many. */
import { useEffect, useMemo } from 'preact/hooks';
import type { Task } from '../api/types.ts';
import { Age, Left } from '../parts/age.tsx';
import { costText } from '../parts/cost.ts';
import { LimitWords } from '../parts/limit.tsx';
import { Pill } from '../parts/pill.tsx';
import { useWindowed } from '../parts/windowed.ts';

const Why = ({ task }: { task: Task }) => {
  const { status, startAt, reason, agentState, result } = task;
  if (agentState?.limit) return <LimitWords limit={agentState.limit} />;
  if (status === 'scheduled' && startAt !== null)
    return (
      <>
        Starts in <Left due={startAt} />
      </>
    );
  const words = reason ?? agentState?.progress ?? result?.summary ?? '';
  return (
    <span class="cut" title={words}>
      {words}
    </span>
  );
};

const Row = ({ task, costs, place }: { task: Task; costs: boolean; place: number }) => (
  <tr data-row class={task.attention === 2 ? 'calls' : ''} aria-rowindex={place}>
    <td>
      <Pill status={task.status} />
    </td>
    <th scope="row" title={task.title}>
      <a href={`/tasks/${task.short}`} data-row-link>
        {task.title}
      </a>
    </th>
    <td class="dim">
      <Why task={task} />
    </td>
    <td>{task.project.name}</td>
    <td>
      {task.profile}
      {task.attempt > 1 && <span class="dim"> attempt {task.attempt}</span>}
    </td>
    {costs && <td>{costText(task.usage)}</td>}
    <td>
      <Age at={task.endedAt ?? task.agentState?.since ?? task.updatedAt} />
    </td>
    <td>
      <code>{task.short}</code>
    </td>
  </tr>
);
/** As many are drawn as they are, with titles as long as they are. */
const atOnce = 150;

type RowProps = Parameters<typeof Row>[0];
/** Drawn anew only when it is another task. */
const TaskRow = ({ task, costs, place }: RowProps) => useMemo(() => <Row task={task} costs={costs} place={place} />, [task, costs, place]);

/** As high as the rows that are not drawn. */
const Room = ({ rows, height }: { rows: number; height: number }) =>
  rows === 0 ? null : (
    <tr class="room" aria-hidden="true">
      <td colSpan={8} style={{ height: `${rows * height}px` }} />
    </tr>
  );

/** @param onEnd the last rows are near the screen. @param more what is said below them while there are others to read. */
export const TaskTable = ({ tasks, more, onEnd }: { tasks: readonly Task[]; more: string | null; onEnd: () => void }) => {
  const few = tasks.length <= atOnce;
  const { body, height, from, to } = useWindowed(tasks.length, few);
  const costs = tasks.some((task) => costText(task.usage) !== '');
  const atEnd = more !== null && to === tasks.length;
  useEffect(() => {
    if (atEnd) onEnd();
  }, [atEnd, tasks.length]);
  return (
    <div class="table-scroll panel" tabIndex={0} role="region" aria-label="Tasks as a table">
      <table class={few ? 'task-table few' : 'task-table'} aria-rowcount={more === null ? tasks.length + 1 : -1}>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col">State</th>
            <th scope="col">Task</th>
            <th scope="col">Why, or what it does</th>
            <th scope="col">Project</th>
            <th scope="col">Agent</th>
            {costs && <th scope="col">Cost</th>}
            <th scope="col">Changed</th>
            <th scope="col">Id</th>
          </tr>
        </thead>
        <tbody ref={body}>
          <Room rows={from} height={height} />
          {tasks.slice(from, to).map((task, i) => (
            <TaskRow key={task.id} task={task} costs={costs} place={from + i + 2} />
          ))}
          <Room rows={tasks.length - to} height={height} />
        </tbody>
      </table>
      {more && <p class="dim quiet">{more}</p>}
    </div>
  );
};
