/** The machines of this user, by name and by id. */
import { fail, ok, type Result } from '../errors.ts';
import type { SyncRow, SyncStore } from '../ports/sync-store.ts';
import { shortOf } from '../ports/system.ts';

export const systemNames = (store: Pick<SyncStore, 'row' | 'rows'>) => {
  const named = (row: SyncRow | null, id: string): string => {
    const name = row?.doc['name'];
    return typeof name === 'string' && name !== '' ? name : shortOf(id);
  };
  return {
    of: (id: string): string => named(store.row('system', id), id),
    /** By name, id or short id. CCM_NOT_FOUND names those there are; CCM_AMBIGUOUS. */
    find: (text: string): Result<string> => {
      const all = store.rows('system');
      const wanted = text.trim().toLowerCase();
      const found = all.filter((row) => row.id === wanted || shortOf(row.id) === wanted || named(row, row.id).toLowerCase() === wanted);
      const [only] = found;
      if (only && found.length === 1) return ok(only.id);
      const known = all.map((row) => named(row, row.id)).join(', ') || 'none is known yet';
      if (found.length > 1) return fail('CCM_AMBIGUOUS', `Several systems are called "${text.slice(0, 80)}".`, { field: 'system' });
      return fail('CCM_NOT_FOUND', `There is no system "${text.slice(0, 80)}" (${known}).`, { field: 'system' });
    },
  };
};
