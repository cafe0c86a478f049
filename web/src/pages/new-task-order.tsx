/** When a new task begins and what it may cost: folded away, since most tasks need none of it. */
import { orderedTasks } from '../store/task-order.ts';

/** Asks before it grows past what a list can be looked through. */
const most = 200;

const Priority = () => (
  <label>
    Priority
    <input type="number" name="priority" min={-10} max={10} defaultValue="0" />
  </label>
);

const After = () => {
  const others = orderedTasks.value.filter((task) => !task.ended && !task.system).slice(0, most);
  if (others.length === 0) return null;
  return (
    <label>
      Only after these have succeeded
      <select name="after" multiple size={Math.min(5, others.length)}>
        {others.map((task) => (
          <option key={task.id} value={task.id}>
            {task.short} {task.title}
          </option>
        ))}
      </select>
    </label>
  );
};

/** @param there name of another machine that was chosen: it begins when it can. */
export const Order = ({ there }: { there: string | null }) =>
  there === null ? (
    <details>
      <summary>Priority, budget, order and time</summary>
      <div class="form-pair">
        <Priority />
        <label>
          Budget in dollars
          <input type="number" name="budget" min={0.01} step={0.01} placeholder="as config.toml says" />
        </label>
        <label>
          Not before
          <input type="datetime-local" name="at" />
        </label>
      </div>
      <After />
    </details>
  ) : (
    <>
      <div class="form-pair">
        <Priority />
      </div>
      <p class="dim small">A task for another machine cannot wait for a time or for other tasks; its budget is what {there} says.</p>
    </>
  );
