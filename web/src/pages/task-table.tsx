/** The same tasks as a table: one line each, for many. */
import type { AriaRole } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { Task } from '../api/types.ts';
import { Age, Left } from '../parts/age.tsx';
import { costText } from '../parts/cost.ts';
import { LimitWords } from '../parts/limit.tsx';
import { Pill } from '../parts/pill.tsx';
import { placeText } from '../parts/place.ts';
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

/** Rows of very many are no table to the browser's layout, which would weigh all cells at each new row: to readers they stay one. */
const as = (role: AriaRole, many: boolean) => (many ? { role } : {});

type RowProps = { task: Task; costs: boolean; many: boolean; place: number };
const Row = ({ task, costs, many, place }: RowProps) => {
  const cell = as('cell', many);
  return (
    <tr data-row class={task.attention === 2 ? 'calls' : ''} aria-rowindex={place} {...as('row', many)}>
      <td {...cell}>
        <Pill status={task.status} />
      </td>
      <th scope="row" title={task.title} {...as('rowheader', many)}>
        <a href={`/tasks/${task.short}`} data-row-link>
          {task.title}
        </a>
      </th>
      <td class="dim" {...cell}>
        <Why task={task} />
      </td>
      <td {...cell}>{placeText(task)}</td>
      <td {...cell}>
        {task.profile}
        {task.attempt > 1 && <span class="dim"> attempt {task.attempt}</span>}
      </td>
      {costs && <td {...cell}>{costText(task.usage)}</td>}
      <td {...cell}>
        <Age at={task.endedAt ?? task.agentState?.since ?? task.updatedAt} />
      </td>
      <td {...cell}>
        <code>{task.short}</code>
      </td>
    </tr>
  );
};
/** As many are drawn as they are, with titles as long as they are. */
const atOnce = 150;

/** Drawn anew only when it is another task. */
const TaskRow = (row: RowProps) => useMemo(() => <Row {...row} />, [row.task, row.costs, row.many, row.place]);

/** As high as the rows that are not drawn. */
const Room = ({ rows, height }: { rows: number; height: number }) =>
  rows === 0 ? null : (
    <tr class="room" aria-hidden="true">
      <td colSpan={8} style={{ height: `${rows * height}px` }} />
    </tr>
  );

/** Room for the longest word in a column, in characters. */
const longest = (texts: readonly string[], least: number, most: number): number =>
  texts.reduce((sum, { length }) => Math.min(most, Math.max(sum, length)), least);

/** What the columns must hold; `costs`: whether anything has cost. */
const measuresOf = (tasks: readonly Task[]) => {
  const costs = longest(
    tasks.map(({ usage }) => costText(usage)),
    0,
    12,
  );
  const project = longest(tasks.map(placeText), 8, 20);
  const agent = longest(
    tasks.map(({ profile, attempt }) => (attempt > 1 ? `${profile} attempt ${attempt}` : profile)),
    8,
    20,
  );
  const columns = [project, agent, ...(costs > 0 ? [Math.max(6, costs)] : [])].map((n) => `calc(${n}ch + 20px)`).join(' ');
  const wide = project + agent + costs;
  return { costs: costs > 0, style: { '--columns': columns, '--wide': `${wide}ch` } };
};

/** @param onEnd the last rows are near the screen. @param more what is said below them while there are others to read. */
export const TaskTable = ({ tasks, more, onEnd }: { tasks: readonly Task[]; more: string | null; onEnd: () => void }) => {
  const many = tasks.length > atOnce;
  const { body, height, from, to } = useWindowed(tasks.length, !many);
  const { costs, style } = useMemo(() => measuresOf(tasks), [tasks]);
  const atEnd = more !== null && to === tasks.length;
  useEffect(() => {
    if (atEnd) onEnd();
  }, [atEnd, tasks.length]);
  const head = ['State', 'Task', 'Why, or what it does', 'Project', 'Agent', ...(costs ? ['Cost'] : []), 'Changed', 'Id'];
  return (
    <div class="table-scroll panel" tabIndex={0} role="region" aria-label="Tasks as a table">
      <table
        class={many ? 'task-table many' : 'task-table few'}
        style={style}
        aria-rowcount={more === null ? tasks.length + 1 : -1}
        {...as('table', many)}
      >
        <thead {...as('rowgroup', many)}>
          <tr aria-rowindex={1} {...as('row', many)}>
            {head.map((words) => (
              <th key={words} scope="col" {...as('columnheader', many)}>
                {words}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body} {...as('rowgroup', many)}>
          <Room rows={from} height={height} />
          {tasks.slice(from, to).map((task, i) => (
            <TaskRow key={task.id} task={task} costs={costs} many={many} place={from + i + 2} />
          ))}
          <Room rows={tasks.length - to} height={height} />
        </tbody>
      </table>
      {more && <p class="dim quiet">{more}</p>}
    </div>
  );
};
