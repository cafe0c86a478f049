/** All rows of a query, however many there are: the store gives a thousand at a time, and whoever takes the first for all of them forgets the rest. */
import type { ViewQuery, ViewRow } from '../ports/store.ts';
import type { Runtime } from './types.ts';

const PAGE = 1000;

export const everyRow = ({ list }: Pick<Runtime, 'list'>, query: Omit<ViewQuery, 'limit' | 'offset' | 'after'>): ViewRow[] => {
  const found: ViewRow[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const rows = list({ ...query, limit: PAGE, offset });
    found.push(...rows);
    if (rows.length < PAGE) return found;
  }
};
