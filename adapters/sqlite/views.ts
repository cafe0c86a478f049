/** The read model: one row per actor for lists. Everything in it can be made again from the actors. */

import type { Database } from 'better-sqlite3';
import type { ViewRow, Views } from '../../src/ports/store.ts';
import { build, type Statements, slot, type Value } from './statements.ts';
import { countQuery, findQuery, listQuery, literally, shapeOf, statusQuery, valuesOf, viewRows } from './view-queries.ts';

type Raw = Omit<ViewRow, 'attention' | 'ended'> & { attention: number; ended: number };
const attention = (value: number): 0 | 1 | 2 => (value === 2 ? 2 : value === 1 ? 1 : 0);
const view = (row: Raw): ViewRow => ({ ...row, attention: attention(row.attention), ended: row.ended === 1 });

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
  const touch = run(
    build
      .updateTable('views')
      .set({ status: values.status, title: values.title, priority: values.priority, updated_at: values.updated_at })
      .where('id', '=', slot('id')),
  );
  const get = one(viewRows.where('id', '=', slot('id')));
  const find = all(findQuery);
  const statuses = all(statusQuery);
  // One prepared statement per combination of filters in use; there are few.
  const lists = new Map<string, (args: Readonly<Record<string, Value>>) => Raw[]>();
  const counts = new Map<string, (args: Readonly<Record<string, Value>>) => { count: number } | undefined>();
  return {
    put: (row) => void put({ ...row, ended: row.ended ? 1 : 0 }),
    touch: ({ id, status, title, priority, updatedAt }) => void touch({ id, status, title, priority, updatedAt }),
    get: (id) => {
      const row = get({ id });
      return row && view(row);
    },
    list: (query) => {
      const shape = shapeOf(query);
      const list = lists.get(shape) ?? all(listQuery(query));
      lists.set(shape, list);
      return list(valuesOf(query)).map(view);
    },
    count: (query) => {
      const shape = shapeOf(query);
      const count = counts.get(shape) ?? one(countQuery(query));
      counts.set(shape, count);
      return count(valuesOf(query))?.count ?? 0;
    },
    statuses: (kind) => statuses({ kind }),
    find: (text, limit) => find({ text, prefix: `${literally(text)}%`, limit }).map(view),
    clear: () => void db.exec('delete from views'),
  };
};
