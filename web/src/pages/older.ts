/** The list holds the newest tasks; a search or a filter by project asks the daemon for older ones too. */
import { useEffect } from 'preact/hooks';
import { moreTasks, readMatching, tasks } from '../store/home.ts';
import type { Filter } from './filters.tsx';

/** Typing asks once. */
const restMs = 150;

export const useOlder = ({ q, project }: Filter): void => {
  const wanted = moreTasks.value !== null && (q !== '' || project !== '');
  useEffect(() => {
    if (!wanted) return undefined;
    const timer = setTimeout(() => void readMatching({ ...(q ? { q } : {}), ...(project ? { project } : {}) }), restMs);
    return () => clearTimeout(timer);
  }, [wanted, q, project]);
};

/** What is said below a list of `shown` tasks while there are others; null: these are all. */
export const olderWords = (shown: number, { q }: Filter): string | null => {
  if (moreTasks.value === null) return null;
  if (q !== '') return `${shown} found. Of ended tasks that are not listed yet, titles were searched.`;
  return `${Math.max(shown, tasks.value?.size ?? 0).toLocaleString('en')} tasks so far; older ones follow as you scroll.`;
};
