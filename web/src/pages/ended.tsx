/** Tasks that have ended, as rows: a few of them, or all when that is asked for. */
import type { Task } from '../api/types.ts';
import { useGrowing } from '../parts/grows.tsx';
import { setQuery } from '../router.ts';
import { moreTasks, readTasks } from '../store/home.ts';
import { EndedRow } from './task-card.tsx';

const atFirst = 12;

export const Ended = ({ tasks, all }: { tasks: readonly Task[]; all: boolean }) => {
  const { drawn, more, end } = useGrowing(tasks.length, 60);
  const short = !all && tasks.length > atFirst;
  return (
    <section class="ended">
      <h2>Ended</h2>
      <ul class="rows">
        {tasks.slice(0, short ? atFirst : drawn).map((task) => (
          <EndedRow key={task.id} task={task} />
        ))}
      </ul>
      {short && (
        <button type="button" class="plain" onClick={() => setQuery({ show: 'ended' })}>
          Show all {moreTasks.value === null ? tasks.length : ''}
        </button>
      )}
      {!short && more && (
        <p class="dim quiet" ref={end}>
          {drawn} of {tasks.length}; scroll for more.
        </p>
      )}
      {!short && !more && moreTasks.value !== null && (
        <button type="button" class="plain" onClick={() => void readTasks(moreTasks.value)}>
          Load older tasks
        </button>
      )}
    </section>
  );
};
