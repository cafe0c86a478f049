/** Tasks of other machines, each with the machine that has it. */
import type { RemoteTask, System } from '../api/types.ts';
import { Age } from '../parts/age.tsx';
import { TroubleBox } from '../parts/notice.tsx';
import { Pill } from '../parts/pill.tsx';
import { stale } from '../store/home.ts';
import type { Fetched } from '../task/use-fetched.ts';
import { Move } from './move.tsx';
import { Part } from './part.tsx';
import { useDeed } from './use-deed.ts';

const End = ({ task, onDone }: { task: RemoteTask; onDone: () => void }) => {
  const { busy, trouble, give } = useDeed(onDone);
  return (
    <>
      <button
        type="button"
        class="small-button danger"
        disabled={busy || stale.value}
        onClick={() => void give(`/sync/tasks/${encodeURIComponent(task.id)}/cancel`)}
      >
        End it<span class="hidden"> “{task.title}”</span>
      </button>
      {trouble && <TroubleBox trouble={trouble} />}
    </>
  );
};

type Props = { got: Fetched<RemoteTask[]>; systems: readonly System[]; onDone: () => void };

export const FarTasks = ({ got, systems, onDone }: Props) => (
  <Part title="Tasks of other machines" what="tasks of other machines" got={got} none="Other machines have no task to show.">
    {(tasks) => (
      <ul class="sync-ops">
        {tasks.map((task) => (
          <li key={task.id}>
            <span class="sync-op">{task.here ? <a href={`/tasks/${task.short}`}>{task.title}</a> : <strong>{task.title}</strong>}</span>
            <Pill status={task.hub === 'unreachable' ? task.hub : task.status} />
            <span class="small">
              on <strong>{task.system.name}</strong>
            </span>
            <span class="dim small">
              {[task.project, task.profile].filter(Boolean).join(', ')} · <Age at={task.createdAt} how="ago" />
            </span>
            {!task.ended && (
              <>
                <Move
                  title={task.title}
                  label="Move"
                  systems={systems.filter((one) => one.id !== task.system.id)}
                  path={`/sync/tasks/${encodeURIComponent(task.id)}/reassign`}
                  onDone={onDone}
                />
                <End task={task} onDone={onDone} />
              </>
            )}
            {(task.summary ?? task.reason) && <span class="sync-problem dim">{task.summary ?? task.reason}</span>}
          </li>
        ))}
      </ul>
    )}
  </Part>
);
