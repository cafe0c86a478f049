/** Folders the user gave us. */
import { CcmError } from '../../src/errors.ts';
import type { Project, Projects } from '../../src/ports/records.ts';
import { build, type Statements, slot } from './statements.ts';
import { sqliteCode } from './trouble.ts';

export const projectsTable = ({ run, one, all }: Statements): Projects => {
  const rows = build
    .selectFrom('projects')
    .select(['id', 'name', 'path', 'agent', 'trusted', 'created_at as createdAt', 'removed_at as removedAt']);
  const values = {
    name: slot<string>('name'),
    path: slot<string>('path'),
    agent: slot<string | null>('agent'),
    trusted: slot<number>('trusted'),
    removed_at: slot<number | null>('removedAt'),
  };
  const add = run(build.insertInto('projects').values({ id: slot('id'), created_at: slot('createdAt'), ...values }));
  const update = run(build.updateTable('projects').set(values).where('id', '=', slot('id')));
  const get = one(rows.where('id', '=', slot('id')));
  const byName = one(rows.where('name', '=', slot('name')).where('removed_at', 'is', null));
  const byPath = one(rows.where('path', '=', slot('path')).where('removed_at', 'is', null));
  const present = all(rows.where('removed_at', 'is', null).orderBy('name'));
  const every = all(rows.orderBy('name'));
  const project = (row: Omit<Project, 'trusted'> & { trusted: number }): Project => ({ ...row, trusted: row.trusted === 1 });
  const write = (into: typeof add, row: Project) => {
    try {
      const { createdAt, ...rest } = row;
      into({ ...rest, createdAt, trusted: row.trusted ? 1 : 0 });
    } catch (error) {
      if (sqliteCode(error)?.startsWith('SQLITE_CONSTRAINT') !== true) throw error;
      throw new CcmError('CCM_CONFLICT', `A project named "${row.name}" or at ${row.path} exists already`, undefined, error);
    }
  };
  return {
    add: (row) => write(add, row),
    get: (id) => {
      const row = get({ id });
      return row && project(row);
    },
    byName: (name) => {
      const row = byName({ name });
      return row && project(row);
    },
    byPath: (path) => {
      const row = byPath({ path });
      return row && project(row);
    },
    list: ({ removed = false } = {}) => (removed ? every({}) : present({})).map(project),
    update: (id, change) => {
      const row = get({ id });
      if (!row) throw new CcmError('CCM_NOT_FOUND', `There is no project ${id}`);
      write(update, { ...project(row), ...change });
    },
  };
};
