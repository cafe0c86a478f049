/** What needs a person, then every task in attention order. */
import { onlyDemo } from '../begin/only-demo.ts';
import { lazy } from '../parts/lazy.tsx';
import { Empty, Loading } from '../parts/notice.tsx';
import { plural } from '../parts/words.ts';
import { query, setQuery } from '../router.ts';
import { inbox, moreTasks, projects, readTasks, tasks } from '../store/home.ts';
import { orderedTasks } from '../store/task-order.ts';
import { Ended } from './ended.tsx';
import { Filters, filterOf, matches } from './filters.tsx';
import { NeedsYou } from './needs-you.tsx';
import { olderWords, useOlder } from './older.ts';
import { TaskCard } from './task-card.tsx';

const FirstSteps = lazy('the first steps', async () => (await import('../begin/first-steps.tsx')).FirstSteps);
const NextSteps = lazy('the next steps', async () => (await import('../begin/next-steps.tsx')).NextSteps);
const TaskTable = lazy('the table', async () => (await import('./task-table.tsx')).TaskTable);

const Tasks = () => {
  const filter = filterOf(query.value);
  useOlder(filter);
  if (tasks.value === null) return <Loading what="tasks" lines={6} />;
  if (tasks.value.size === 0) return <FirstSteps />;
  const found = orderedTasks.value.filter((task) => matches(task, filter));
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
  if (query.value.get('view') === 'table')
    return <TaskTable tasks={found} more={olderWords(found.length, filter)} onEnd={() => void readTasks(moreTasks.value)} />;
  const active = found.filter((task) => !task.ended);
  const ended = found.filter((task) => task.ended);
  return (
    <>
      {active.length > 0 && (
        <ul class="cards">
          {active.map((task) => (
            <TaskCard key={task.id} task={task} />
          ))}
        </ul>
      )}
      {onlyDemo.value && <NextSteps />}
      {active.length === 0 && filter.show !== 'ended' && <p class="dim quiet">Nothing is running or waiting.</p>}
      {ended.length > 0 && filter.show !== 'active' && <Ended tasks={ended} all={filter.show === 'ended'} />}
    </>
  );
};

const Summary = () => {
  const list = [...(tasks.value?.values() ?? [])];
  if (list.length === 0) return null;
  const running = list.filter((t) => t.agent !== null && !t.ended && t.status !== 'queued').length;
  const waiting = list.filter((t) => !t.ended).length - running;
  const needs = inbox.value?.length ?? 0;
  const summary = [needs > 0 && `${needs} need${needs === 1 ? 's' : ''} you`, `${running} running`, waiting > 0 && `${waiting} waiting`];
  return (
    <p class="dim">
      {summary.filter(Boolean).join(' · ')}
      {projects.value && projects.value.length > 1 && ` · ${plural(projects.value.length, 'project')}`}
    </p>
  );
};

/** Each part follows its own facts: a step of an agent draws neither the inbox nor the filters anew. */
export const Overview = () => (
  <div class="overview">
    <NeedsYou />
    <section class="tasks" aria-label="Tasks">
      <header class="tasks-head">
        <h1>Tasks</h1>
        <Summary />
        {tasks.value?.size !== 0 && <Filters />}
      </header>
      <Tasks />
    </section>
  </div>
);
