/** Title, state, reason, and the commands that are legal now. */
import type { Agent, Consequence, JournalRow, Task } from '../api/types.ts';
import { Age, Left } from '../parts/age.tsx';
import { costText, turnsText } from '../parts/cost.ts';
import { LimitWords } from '../parts/limit.tsx';
import { Pill } from '../parts/pill.tsx';
import { eventWords } from '../parts/words.ts';
import { setQuery } from '../router.ts';
import { clockText, durationText, now } from '../store/clock.ts';
import { recorded } from '../store/recorded.ts';
import { Commands } from './commands.tsx';
import { ForkHere } from './fork.tsx';

type Props = { task: Task; agent: Agent | null; status: string; at: number | null; onGhost: (ghost: Consequence | null) => void };

/** Which attempt is looked at; a choice once there were several. */
const Attempts = ({ task, agent }: { task: Task; agent: Agent | null }) => {
  if (task.agents.length < 2) return task.attempt > 0 ? <span>attempt {task.attempt}</span> : null;
  return (
    <label class="attempts">
      attempt
      <select value={agent?.id ?? ''} onChange={(event) => setQuery({ agent: event.currentTarget.value })}>
        {task.agents.map((id, i) => (
          <option key={id} value={id}>
            {i + 1} of {task.agents.length}
          </option>
        ))}
      </select>
    </label>
  );
};

const Facts = ({ task, agent }: { task: Task; agent: Agent | null }) => (
  <p class="facts-line dim">
    <a href={`/?project=${encodeURIComponent(task.project.name)}`}>{task.project.name}</a>
    {task.system && <span>on {task.system}</span>}
    <span>{task.profile}</span>
    <Attempts task={task} agent={agent} />
    {agent && agent.restarts > 0 && <span>{agent.restarts} restarts</span>}
    {task.branch && <code>{task.branch}</code>}
    {task.from && (
      <span>
        forked from <a href={`/tasks/${task.from.short}`}>{task.from.title}</a>
        {task.from.before !== null && <> as of {clockText(task.from.before)}</>}
      </span>
    )}
    {task.budget !== null && <span>budget ${(task.budget / 1_000_000).toFixed(2)}</span>}
    {task.priority !== 0 && <span>priority {task.priority}</span>}
    {task.startAt !== null && !task.startedAt && (
      <span>
        starts in <Left due={task.startAt} />
      </span>
    )}
    <span>
      asked for <Age at={task.createdAt} how="ago" />
    </span>
    {task.startedAt !== null && <span>ran {durationText((task.endedAt ?? now.value) - task.startedAt)}</span>}
    {costText(task.usage) && <span title={`${task.usage?.requests ?? 0} requests to a model`}>{costText(task.usage)}</span>}
    {turnsText(task.usage) && <span title={`busy for ${durationText(task.usage?.busyMs ?? 0)}`}>{turnsText(task.usage)}</span>}
    <code title={task.id}>{task.short}</code>
  </p>
);

export const TaskHead = ({ task, agent, status, at, onGhost }: Props) => (
  <header class="task-head">
    <div class="task-title">
      <h1>{task.title}</h1>
      <Pill status={status} />
      {agent && at === null && agent.status !== status && !task.ended && (
        <span class="agent-state dim">
          agent <Pill status={agent.status} />
        </span>
      )}
    </div>
    {(task.reason || agent?.limit) && at === null && (
      <p class="reason">
        {task.reason} <LimitWords limit={agent?.limit ?? null} />
      </p>
    )}
    <Facts task={task} agent={agent} />
    {at === null && !recorded.value && <Commands task={task} agent={agent} onGhost={onGhost} />}
  </header>
);

/** The amber line of a page that shows the past. */
type PastProps = {
  task: Task;
  row: JournalRow | null;
  /** What there was then is not read yet. */
  unread: boolean;
  onLive: () => void;
};

export const PastBar = ({ task, row, unread, onLive }: PastProps) => (
  <div class="past-bar" role="status">
    <span>
      <strong>Looking at the past.</strong>{' '}
      {unread ? (
        'Reading what was then …'
      ) : row ? (
        <>
          {clockText(row.at)}, after “{eventWords(row.type)}”, <Age at={row.at} how="ago" />. The terminal shows the present and takes no
          keys.
        </>
      ) : (
        'Before anything happened.'
      )}
    </span>
    <span class="buttons">
      {row && <ForkHere task={task} before={row.at} />}
      <button type="button" onClick={onLive} data-key="l">
        Back to live <kbd aria-hidden="true">l</kbd>
      </button>
    </span>
  </div>
);
