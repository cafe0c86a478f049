/** Tasks of other machines, each with the machine that has it. */
import type { RemoteTask } from '../api/types.ts';
import { Age } from '../parts/age.tsx';
import { Pill } from '../parts/pill.tsx';
import type { Fetched } from '../task/use-fetched.ts';
import { Part } from './part.tsx';

export const FarTasks = ({ got }: { got: Fetched<RemoteTask[]> }) => (
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
            {(task.summary ?? task.reason) && <span class="sync-problem dim">{task.summary ?? task.reason}</span>}
          </li>
        ))}
      </ul>
    )}
  </Part>
);
