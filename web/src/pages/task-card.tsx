/** A task in the list: a card while it lives, a row when it has ended. */
import { useMemo } from 'preact/hooks';
import type { Task } from '../api/types.ts';
import { Mini } from '../chart/mini.tsx';
import { Age, Left } from '../parts/age.tsx';
import { costText } from '../parts/cost.ts';
import { LimitWords } from '../parts/limit.tsx';
import { Pill } from '../parts/pill.tsx';
import { placeText } from '../parts/place.ts';
import { lookOf } from '../parts/words.ts';

const DiffStat = ({ task }: { task: Task }) => {
  const diff = task.result?.diff;
  if (!diff || diff.files === 0) return <span class="diffstat" />;
  return (
    <span class="diffstat" title={`${diff.files} files changed`}>
      <span class="plus">+{diff.insertions}</span> <span class="minus">−{diff.deletions}</span>
    </span>
  );
};

/** Without words of its own a card says nothing twice: the status is there already. */
const lastLine = (task: Task): string | null => task.agentState?.progress ?? null;

const Card = ({ task }: { task: Task }) => (
  <li class={`card edge-${lookOf(task.status).tone}${task.attention === 2 ? ' calls' : ''}`} data-row>
    <div class="card-head">
      <Pill status={task.status} />
      <Age at={task.agentState?.since ?? task.updatedAt} />
    </div>
    <h2>
      <a href={`/tasks/${task.short}`} data-row-link>
        {task.title}
      </a>
    </h2>
    <div class="card-middle">
      <Mini kind="task" actor={task.id} word={task.status} />
      <div class="card-words">
        {task.agentState?.limit && (
          <p>
            <LimitWords limit={task.agentState.limit} />
          </p>
        )}
        {task.reason && <p>{task.reason}</p>}
        {task.startAt !== null && task.status === 'scheduled' && (
          <p>
            Starts in <Left due={task.startAt} />
          </p>
        )}
        {lastLine(task) && <p class="last-line mono">{lastLine(task)}</p>}
      </div>
    </div>
    <p class="card-foot">
      <span>{placeText(task)}</span>
      <span>{task.profile}</span>
      {task.attempt > 1 && <span>attempt {task.attempt}</span>}
      {costText(task.usage) && <span>{costText(task.usage)}</span>}
      <code>{task.short}</code>
    </p>
  </li>
);

/** The same picture as long as it is the same task: of many cards only those that changed are drawn anew. */
export const TaskCard = ({ task }: { task: Task }) => useMemo(() => <Card task={task} />, [task]);

export const EndedRow = ({ task }: { task: Task }) => (
  <li class="row" data-row>
    <Pill status={task.status} />
    <a href={`/tasks/${task.short}`} data-row-link>
      {task.title}
    </a>
    <span class="row-reason dim">{task.reason ?? task.result?.summary}</span>
    <DiffStat task={task} />
    <span class="dim">{placeText(task)}</span>
    <Age at={task.endedAt ?? task.updatedAt} />
  </li>
);
