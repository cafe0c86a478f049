/** The read model: one row per actor for lists. Everything in it can be made again from the actors. */

import type { Database } from 'better-sqlite3';
import { sql } from 'kysely';
import type { ViewQuery, ViewRow, Views } from '../../src/ports/store.ts';
import { build, type Statements, slot, type Value } from './statements.ts';

const columns = [
  'id',
  'short',
  'kind',
  'status',
  'attention',
  'ended',
  'title',
  'project',
  'parent',
  'priority',
  'created_at as createdAt',
  'updated_at as updatedAt',
] as const;
const rows = build.selectFrom('views').select(columns);

type Raw = Omit<ViewRow, 'attention' | 'ended'> & { attention: number; ended: number };
const attention = (value: number): 0 | 1 | 2 => (value === 2 ? 2 : value === 1 ? 1 : 0);
const view = (row: Raw): ViewRow => ({ ...row, attention: attention(row.attention), ended: row.ended === 1 });

const listQuery = (query: ViewQuery) => {
  let select = rows;
  if (query.kind !== undefined) select = select.where('kind', '=', slot('kind'));
  if (query.ended !== undefined) select = select.where('ended', '=', slot('ended'));
  if (query.attention !== undefined) select = select.where('attention', '>=', slot('attention'));
  if (query.project !== undefined) select = select.where('project', '=', slot('project'));
  if (query.parent !== undefined) select = select.where('parent', '=', slot('parent'));
  if (query.status !== undefined) select = select.where('status', '=', slot('status'));
  if (query.order === 'priority') select = select.orderBy('priority', 'desc').orderBy('created_at').orderBy('id');
  else select = select.orderBy(query.order === 'updated' ? 'updated_at' : 'created_at', 'desc').orderBy('id', 'desc');
  return select.limit(slot<number>('limit')).offset(slot<number>('offset'));
};

export const viewsTable = (statements: Statements, db: Database): Views => {
  const { run, one, all } = statements;
  const values = {
    status: slot<string>('status'),
    attention: slot<number>('attention'),
    ended: slot<number>('ended'),
    title: slot<string>('title'),
    project: slot<string | null>('project'),
    parent: slot<string | null>('parent'),
    priority: slot<number>('priority'),
    updated_at: slot<number>('updatedAt'),
  };
  const put = run(
    build
      .insertInto('views')
      .values({ id: slot('id'), short: slot('short'), kind: slot('kind'), created_at: slot('createdAt'), ...values })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(values)),
  );
  const get = one(rows.where('id', '=', slot('id')));
  const find = all(
    rows
      .where((eb) =>
        eb.or([
          eb('id', '=', slot('text')),
          eb('short', '=', slot('text')),
          eb('title', 'like', sql<string>`${slot('prefix')} escape '\\'`),
        ]),
      )
      .orderBy('created_at', 'desc')
      .limit(slot<number>('limit')),
  );
  // One prepared statement per combination of filters in use; there are few.
  const lists = new Map<string, (args: Readonly<Record<string, Value>>) => Raw[]>();
  return {
    put: (row) => void put({ ...row, ended: row.ended ? 1 : 0 }),
    get: (id) => {
      const row = get({ id });
      return row && view(row);
    },
    list: (query) => {
      const { ended, order = 'created', limit = 200, offset = 0, ...filters } = query;
      const shape = `${order} ${ended !== undefined} ${Object.entries(filters)
        .filter(([, value]) => value !== undefined)
        .map(([key]) => key)
        .sort()
        .join(' ')}`;
      const list = lists.get(shape) ?? all(listQuery(query));
      lists.set(shape, list);
      return list({ ...filters, ended: ended ? 1 : 0, limit: Math.min(limit, 1000), offset }).map(view);
    },
    find: (text, limit) => find({ text, prefix: `${text.replaceAll(/[\\%_]/g, '\\$&')}%`, limit }).map(view),
    clear: () => void db.exec('delete from views'),
  };
};
