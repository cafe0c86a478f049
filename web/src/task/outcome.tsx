/** What was asked for, and what came of it. */
import type { Task, TaskResult } from '../api/types.ts';
import { Pill } from '../parts/pill.tsx';
import { durationText } from '../store/clock.ts';
import { tasks } from '../store/home.ts';

const exitText = (result: TaskResult): string => {
  if (result.signal !== null) return `ended by signal ${result.signal}`;
  return result.exitCode === null ? 'nobody knows, or it did not end by itself' : String(result.exitCode);
};

const Others = ({ ids }: { ids: readonly string[] }) => (
  <ul class="others">
    {ids.map((id) => {
      const other = tasks.value?.get(id);
      return (
        <li key={id}>
          {other && <Pill status={other.status} />} <a href={`/tasks/${other?.short ?? id}`}>{other?.title ?? id}</a>
        </li>
      );
    })}
  </ul>
);

export const Outcome = ({ task }: { task: Task }) => {
  const { result } = task;
  return (
    <div class="outcome">
      <section>
        <h3>Asked for</h3>
        <pre class="prompt">{task.prompt}</pre>
        {task.notes.map((note) => (
          <p key={note} class="note-line">
            {note}
          </p>
        ))}
      </section>
      {task.after.length > 0 && (
        <section>
          <h3>After</h3>
          <Others ids={task.after} />
        </section>
      )}
      <section>
        <h3>Result</h3>
        {!result ? (
          <p class="dim">None yet.</p>
        ) : (
          <>
            {result.summary && <p class="summary">{result.summary}</p>}
            <dl class="facts">
              <div>
                <dt>Exit status</dt>
                <dd>{exitText(result)}</dd>
              </div>
              {result.durationMs !== null && (
                <div>
                  <dt>Took</dt>
                  <dd>{durationText(result.durationMs)}</dd>
                </div>
              )}
              {task.worktree && (
                <div>
                  <dt>Worktree</dt>
                  <dd class="mono">{task.worktree}</dd>
                </div>
              )}
            </dl>
            {result.output && (
              <pre class="output" tabIndex={0} aria-label="Last lines it printed">
                {result.output}
              </pre>
            )}
          </>
        )}
      </section>
    </div>
  );
};
