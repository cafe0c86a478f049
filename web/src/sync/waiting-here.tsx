/** Tasks of this machine that have not begun: another machine may do them. */
import type { System } from '../api/types.ts';
import { Pill } from '../parts/pill.tsx';
import { orderedTasks } from '../store/task-order.ts';
import { Move } from './move.tsx';

const notBegun: ReadonlySet<string> = new Set(['scheduled', 'blocked', 'stuck', 'queued', 'paused']);
const most = 20;

export const WaitingHere = ({ systems, onDone }: { systems: readonly System[]; onDone: () => void }) => {
  const others = systems.filter((one) => !one.here);
  const waiting = orderedTasks.value.filter(
    (task) => notBegun.has(task.status) && task.attempt === 0 && task.from === null && !task.system,
  );
  if (others.length === 0 || waiting.length === 0) return null;
  return (
    <section class="panel sync-part" aria-label="Waiting here">
      <h2>
        Waiting here <span class="dim">{waiting.length}</span>
      </h2>
      <p class="dim">What has not begun can be given to another machine that has the project.</p>
      <ul class="sync-ops">
        {waiting.slice(0, most).map((task) => (
          <li key={task.id}>
            <a class="sync-op" href={`/tasks/${task.short}`}>
              {task.title}
            </a>
            <Pill status={task.status} />
            <Move
              title={task.title}
              label="Hand over"
              systems={others}
              path={`/sync/tasks/${encodeURIComponent(task.id)}/handoff`}
              onDone={onDone}
            />
          </li>
        ))}
      </ul>
    </section>
  );
};
