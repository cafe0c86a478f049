/** What needs a person, then every task in attention order. */
import { Empty, Loading } from '../parts/notice.tsx';
import { plural } from '../parts/words.ts';
import { query, setQuery } from '../router.ts';
import { inbox, moreTasks, projects, readTasks, taskOrder, tasks } from '../store/home.ts';
import { Filters, filterOf, matches } from './filters.tsx';
import { FirstSteps } from './first-steps.tsx';
import { NeedsYou } from './needs-you.tsx';
import { NextSteps } from './next-steps.tsx';
import { EndedRow, TaskCard } from './task-card.tsx';
import { TaskTable } from './task-table.tsx';

const endedShown = 12;

const Tasks = () => {
  const all = tasks.value;
  if (all === null) return <Loading what="tasks" lines={6} />;
  if (all.size === 0) return <FirstSteps />;
  const filter = filterOf(query.value);
  const found = [...all.values()].filter((task) => matches(task, filter)).sort(taskOrder);
  const active = found.filter((task) => !task.ended);
  const ended = found.filter((task) => task.ended);
  const short = filter.show !== 'ended' && ended.length > endedShown;
  if (found.length === 0)
    return (
      <Empty title="No task matches">
        <p>
          <button type="button" onClick={() => setQuery({ q: null, project: null, show: null })}>
            Clear search and filters
          </button>
        </p>
      </Empty>
    );
  if (query.value.get('view') === 'table') return <TaskTable tasks={found} />;
  return (
    <>
      {active.length > 0 && (
        <ul class="cards">
          {active.map((task) => (
            <TaskCard key={task.id} task={task} />
          ))}
        </ul>
      )}
      <NextSteps />
      {active.length === 0 && filter.show !== 'ended' && <p class="dim quiet">Nothing is running or waiting.</p>}
      {ended.length > 0 && filter.show !== 'active' && (
        <section class="ended">
          <h2>Ended</h2>
          <ul class="rows">
            {(short ? ended.slice(0, endedShown) : ended).map((task) => (
              <EndedRow key={task.id} task={task} />
            ))}
          </ul>
          {short && (
            <button type="button" class="plain" onClick={() => setQuery({ show: 'ended' })}>
              Show all {ended.length}
            </button>
          )}
          {!short && moreTasks.value !== null && (
            <button type="button" class="plain" onClick={() => void readTasks(moreTasks.value)}>
              Load older tasks
            </button>
          )}
        </section>
      )}
    </>
  );
};

export const Overview = () => {
  const list = [...(tasks.value?.values() ?? [])];
  const running = list.filter((t) => t.agent !== null && !t.ended && t.status !== 'queued').length;
  const waiting = list.filter((t) => !t.ended).length - running;
  const needs = inbox.value?.length ?? 0;
  const summary = [needs > 0 && `${needs} need${needs === 1 ? 's' : ''} you`, `${running} running`, waiting > 0 && `${waiting} waiting`];
  return (
    <div class="overview">
      <NeedsYou />
      <section class="tasks" aria-label="Tasks">
        <header class="tasks-head">
          <h1>Tasks</h1>
          {tasks.value !== null && list.length > 0 && (
            <p class="dim">
              {summary.filter(Boolean).join(' · ')}
              {projects.value && projects.value.length > 1 && ` · ${plural(projects.value.length, 'project')}`}
            </p>
          )}
          <Filters />
        </header>
        <Tasks />
      </section>
    </div>
  );
};
