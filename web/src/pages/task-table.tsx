/** The same tasks as a table: one line each, for many. */
import { useMemo } from 'preact/hooks';
import type { Task } from '../api/types.ts';
import { Age } from '../parts/age.tsx';
import { costText } from '../parts/cost.ts';
import { useGrowing } from '../parts/grows.tsx';
import { Pill } from '../parts/pill.tsx';

/** Rows drawn before anybody scrolls: more than a screen holds. */
const atFirst = 80;

const Row = ({ task, costs }: { task: Task; costs: boolean }) => (
  <tr data-row class={task.attention === 2 ? 'calls' : ''}>
    <td>
      <Pill status={task.status} />
    </td>
    <th scope="row" title={task.title}>
      <a href={`/tasks/${task.short}`} data-row-link>
        {task.title}
      </a>
    </th>
    <td class="dim">{task.reason ?? task.agentState?.progress ?? task.result?.summary}</td>
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
/** Drawn anew only when it is another task. */
const TaskRow = ({ task, costs }: { task: Task; costs: boolean }) => useMemo(() => <Row task={task} costs={costs} />, [task, costs]);

export const TaskTable = ({ tasks }: { tasks: readonly Task[] }) => {
  const { drawn, more, end } = useGrowing(tasks.length, atFirst);
  const costs = tasks.some((task) => costText(task.usage) !== '');
  return (
    <div class="table-scroll panel" tabIndex={0} role="region" aria-label="Tasks as a table">
      <table class="task-table">
        <thead>
          <tr>
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
        <tbody>
          {tasks.slice(0, drawn).map((task) => (
            <TaskRow key={task.id} task={task} costs={costs} />
          ))}
        </tbody>
      </table>
      {more && (
        <p class="dim quiet" ref={end}>
          {drawn} of {tasks.length}; scroll for more, or search.
        </p>
      )}
    </div>
  );
};
