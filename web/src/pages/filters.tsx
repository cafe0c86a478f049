/** Search and filters of the task list. They live in the address. */
import type { Task } from '../api/types.ts';
import { query, setQuery } from '../router.ts';
import { projects } from '../store/home.ts';

type Show = 'all' | 'active' | 'attention' | 'ended';
export type Filter = { q: string; project: string; show: Show };

const shows: readonly (readonly [show: Show, label: string])[] = [
  ['all', 'All'],
  ['attention', 'Needs you'],
  ['active', 'Active'],
  ['ended', 'Ended'],
];

export const filterOf = (search: URLSearchParams): Filter => ({
  q: search.get('q')?.trim().toLowerCase() ?? '',
  project: search.get('project') ?? '',
  show: shows.find(([show]) => show === search.get('show'))?.[0] ?? 'all',
});

const texts = new WeakMap<Task, string>();
/** Made once for each task: a search looks at all of them at every key. */
const textOf = (task: Task): string => {
  const { title, prompt, short, status, profile, project, branch, reason } = task;
  const text = texts.get(task) ?? [title, prompt, short, status, profile, project.name, branch, reason].join('\n').toLowerCase();
  texts.set(task, text);
  return text;
};

/** Every word of the search is somewhere in what a person knows of the task. */
export const matches = (task: Task, { q, project, show }: Filter): boolean => {
  if (project !== '' && task.project.name !== project && task.project.id !== project) return false;
  if (show === 'active' && task.ended) return false;
  if (show === 'ended' && !task.ended) return false;
  if (show === 'attention' && task.attention === 0) return false;
  if (q === '') return true;
  const text = textOf(task);
  return q.split(/\s+/).every((word) => text.includes(word));
};

export const Filters = () => {
  const filter = filterOf(query.value);
  const table = query.value.get('view') === 'table';
  const names = projects.value?.map((p) => p.name) ?? [];
  return (
    <div class="filters">
      <div class="segments" role="group" aria-label="Show">
        {shows.map(([show, label]) => (
          <button
            key={show}
            type="button"
            aria-pressed={filter.show === show}
            onClick={() => setQuery({ show: show === 'all' ? null : show })}
          >
            {label}
          </button>
        ))}
      </div>
      {(names.length > 1 || filter.project !== '') && (
        <select aria-label="Project" value={filter.project} onChange={(event) => setQuery({ project: event.currentTarget.value })}>
          <option value="">All projects</option>
          {names.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      )}
      <div class="segments" role="group" aria-label="View">
        <button type="button" aria-pressed={!table} onClick={() => setQuery({ view: null })}>
          Board
        </button>
        <button type="button" aria-pressed={table} onClick={() => setQuery({ view: 'table' })}>
          Table
        </button>
      </div>
    </div>
  );
};
