/** The queries over the read model: filters and orders, each combination built once. */
import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { ViewQuery } from '../../src/ports/store.ts';
import type { Tables } from './schema.ts';
import { build, slot, type Value } from './statements.ts';

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
export const viewRows = build.selectFrom('views').select(columns);

const like = (name: string) => sql<string>`${slot<string>(name)} escape '\\'`;
/** A text that `like` takes literally. */
export const literally = (text: string): string => text.replaceAll(/[\\%_]/g, '\\$&');

const statusesOf = ({ status }: ViewQuery): readonly string[] =>
  status === undefined ? [] : typeof status === 'string' ? [status] : status;

const matching = (query: ViewQuery) => (eb: ExpressionBuilder<Tables, 'views'>) => {
  const parts: Expression<SqlBool>[] = [];
  if (query.kind !== undefined) parts.push(eb('kind', '=', slot('kind')));
  if (query.ended !== undefined) parts.push(eb('ended', '=', slot('ended')));
  if (query.attention !== undefined) parts.push(eb('attention', '>=', slot('attention')));
  if (query.project !== undefined) parts.push(eb('project', '=', slot('project')));
  if (query.parent !== undefined) parts.push(eb('parent', '=', slot('parent')));
  if (query.status !== undefined) parts.push(eb.or(statusesOf(query).map((_, index) => eb('status', '=', slot(`status${index}`)))));
  if (query.text !== undefined) parts.push(eb('title', 'like', like('text')));
  return eb.and(parts);
};

/** Strictly behind the row of `after`, in the order `urgency`. */
const behind = (eb: ExpressionBuilder<Tables, 'views'>) => {
  const [attention, ended, updated, id] = [
    slot<number>('afterAttention'),
    slot<number>('afterEnded'),
    slot<number>('afterUpdated'),
    slot<string>('afterId'),
  ];
  return eb.or([
    eb('attention', '<', attention),
    eb.and([eb('attention', '=', attention), eb('ended', '>', ended)]),
    eb.and([eb('attention', '=', attention), eb('ended', '=', ended), eb('updated_at', '<', updated)]),
    eb.and([eb('attention', '=', attention), eb('ended', '=', ended), eb('updated_at', '=', updated), eb('id', '<', id)]),
  ]);
};

const ordered = (query: ViewQuery) => {
  const found = viewRows.where(matching(query));
  switch (query.order) {
    case 'priority':
      return found.orderBy('priority', 'desc').orderBy('created_at').orderBy('id');
    case 'urgency': {
      const rest = query.after ? found.where(behind) : found;
      return rest.orderBy('attention', 'desc').orderBy('ended').orderBy('updated_at', 'desc').orderBy('id', 'desc');
    }
    default:
      return found.orderBy(query.order === 'updated' ? 'updated_at' : 'created_at', 'desc').orderBy('id', 'desc');
  }
};

export const listQuery = (query: ViewQuery) => ordered(query).limit(slot<number>('limit')).offset(slot<number>('offset'));
export const countQuery = (query: ViewQuery) =>
  build
    .selectFrom('views')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where(matching(query));
export const statusQuery = build
  .selectFrom('views')
  .select(['status', (eb) => eb.fn.countAll<number>().as('count')])
  .where('kind', '=', slot('kind'))
  .groupBy('status')
  .orderBy('status');
/** Whose id or short id it is goes first: a title that begins the same way may not push it out. */
export const findQuery = viewRows
  .where((eb) => eb.or([eb('id', '=', slot('text')), eb('short', '=', slot('text')), eb('title', 'like', like('prefix'))]))
  .orderBy(sql`${sql.ref('id')} = ${slot('text')} or ${sql.ref('short')} = ${slot('text')}`, 'desc')
  .orderBy('created_at', 'desc')
  .limit(slot<number>('limit'));

/** What two queries share when they share a prepared statement. */
export const shapeOf = (query: ViewQuery): string => {
  const given = Object.entries(query).filter(
    ([key, value]) => value !== undefined && !['limit', 'offset', 'order', 'status'].includes(key),
  );
  return [
    query.order ?? 'created',
    `${query.status === undefined ? '-' : statusesOf(query).length}`,
    ...given.map(([key]) => key).toSorted(),
  ].join(' ');
};

export const valuesOf = (query: ViewQuery): Record<string, Value> => {
  const { kind, ended, attention, project, parent, text, after, limit = 200, offset = 0 } = query;
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(attention === undefined ? {} : { attention }),
    ...(project === undefined ? {} : { project }),
    ...(parent === undefined ? {} : { parent }),
    ...(text === undefined ? {} : { text: `%${literally(text)}%` }),
    ...(after
      ? { afterAttention: after.attention, afterEnded: after.ended ? 1 : 0, afterUpdated: after.updatedAt, afterId: after.id }
      : {}),
    ...Object.fromEntries(statusesOf(query).map((status, index) => [`status${index}`, status])),
    ended: ended === true ? 1 : 0,
    limit: Math.min(limit, 1000),
    offset,
  };
};
