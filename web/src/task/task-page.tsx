/** One task and its agent: terminal, live chart, time line, and everything that was said and done. */
import { useEffect, useState } from 'preact/hooks';
import { get, type Trouble } from '../api/http.ts';
import type { Agent, Consequence, Task } from '../api/types.ts';
import { pageTitle } from '../notify.ts';
import { Empty, Loading, TroubleBox } from '../parts/notice.tsx';
import { query, setQuery } from '../router.ts';
import { findTask, inbox, readTask, tasks } from '../store/home.ts';
import { indexAt, lastMove, rowAt, valueBefore } from './annals.ts';
import { Ask } from './ask.tsx';
import { ChartPanel } from './chart-panel.tsx';
import { usePast } from './history.ts';
import { Late } from './late.tsx';
import { Tabs } from './tabs.tsx';
import { PastBar, TaskHead } from './task-head.tsx';
import { TerminalPanel } from './terminal-panel.tsx';
import { Timeline } from './timeline.tsx';
import { useFetched } from './use-fetched.ts';

/** Asks the daemon for a task the list does not hold (an old one, or a link that came from elsewhere). */
const useTask = (id: string): { task: Task | null; trouble: Trouble | null } => {
  const task = findTask(id);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const known = task !== null;
  const listed = tasks.value !== null;
  useEffect(() => {
    if (known || !listed) return;
    void get<Task>(`/tasks/${encodeURIComponent(id)}`).then((answer) => {
      if (answer.ok) return readTask(answer.data.id);
      return get<Agent>(`/agents/${encodeURIComponent(id)}`).then((agent) =>
        agent.ok ? readTask(agent.data.task.id) : setTrouble(answer.trouble),
      );
    });
  }, [id, known, listed]);
  return { task, trouble };
};

const numberIn = (text: string | null): number | null => (text !== null && /^\d+$/.test(text) ? Number(text) : null);

const Loaded = ({ task }: { task: Task }) => {
  const at = numberIn(query.value.get('at'));
  const agentId = task.agents.find((id) => id === query.value.get('agent')) ?? task.agent;
  const past = usePast([task.id, ...task.agents]);
  const [ghost, setGhost] = useState<Consequence | null>(null);
  const newest = agentId ? (rowAt(past.rows, agentId, null)?.seq ?? 0) : 0;
  const agent = useFetched<Agent>(agentId && `/agents/${encodeURIComponent(agentId)}`, `${newest} ${task.seq}`).data;
  const asks = (inbox.value ?? []).filter((item) => item.task?.id === task.id && item.kind !== 'task');
  const taskRow = rowAt(past.rows, task.id, at);
  // An address, or a leap, to a moment before all that was read.
  const unread = at !== null && !past.loading && at < past.whole;
  useEffect(() => {
    if (unread) past.earlier();
  }, [unread]);
  // Lists cut the prompt; here it is shown whole.
  useEffect(() => void readTask(task.id), [task.id]);
  useEffect(() => {
    pageTitle.value = `${task.title} · CCM`;
    return () => {
      pageTitle.value = 'CCM Orchestrator';
    };
  }, [task.title]);
  return (
    <div class={`task${at === null ? '' : ' past'}`}>
      <TaskHead task={task} agent={agent} status={at === null ? task.status : (taskRow?.status ?? 'notYet')} at={at} onGhost={setGhost} />
      {at !== null && (
        <PastBar
          task={task}
          row={past.rows[indexAt(past.rows, at)] ?? null}
          unread={unread || past.loading}
          onLive={() => setQuery({ at: null })}
        />
      )}
      {at === null && <Late />}
      {asks.length > 0 && at === null && (
        <ul class="task-asks">
          {asks.map((item) => (
            <Ask key={item.id} item={item} inside />
          ))}
        </ul>
      )}
      <div class={`task-panes${query.value.get('wide') === 'chart' ? ' wide' : ''}`}>
        <TerminalPanel task={task} agent={agent} frozen={at !== null} />
        <ChartPanel
          task={task}
          agentId={agentId}
          ghost={ghost}
          at={at}
          rowOf={(actor) => rowAt(past.rows, actor, at)}
          moveOf={(actor) => lastMove(past.rows, actor, at)}
          beforeOf={(move) => valueBefore(past.rows, move)}
        />
      </div>
      <Timeline past={past} task={task} at={at} />
      <Tabs task={task} agent={agent} past={past} at={at} />
    </div>
  );
};

export const TaskPage = ({ id }: { id: string }) => {
  const { task, trouble } = useTask(id);
  if (task) return <Loaded key={task.id} task={task} />;
  if (!trouble) return <Loading what="the task" lines={8} />;
  return (
    <div class="narrow">
      {trouble.status !== 404 && <TroubleBox trouble={trouble} />}
      <Empty title={trouble.status === 404 ? `There is no task ${id.slice(0, 80)}` : 'The task could not be read'}>
        <p>
          <a href="/">All tasks</a>
        </p>
      </Empty>
    </div>
  );
};
