/** What agents used, and sums over it. */
import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { UsageBook, UsageBy, UsageQuery } from '../../src/ports/usage.ts';
import type { Tables } from './schema.ts';
import { build, type Statements, slot, type Value } from './statements.ts';
import { usageFold } from './usage-fold.ts';

const counted = ['input', 'output', 'cache_read', 'cache_write'] as const;

const matching = (query: UsageQuery) => (eb: ExpressionBuilder<Tables, 'used'>) => {
  const parts: Expression<SqlBool>[] = (['task', 'agent', 'project', 'day'] as const)
    .filter((name) => query[name] !== undefined)
    .map((name) => eb(name, '=', slot<string>(name)));
  if (query.since !== undefined) parts.push(eb('at', '>=', slot<number>('since')));
  return eb.and(parts);
};

const summed = (query: UsageQuery) =>
  build
    .selectFrom('used')
    .where(matching(query))
    .select([
      (eb) => eb.fn.sum<number>('requests').as('requests'),
      (eb) => eb.fn.sum<number>('turns').as('turns'),
      sql<number>`sum(busy_ms + iif(busy_since is null, 0, max(0, ${slot('now')} - busy_since)))`.as('busyMs'),
      (eb) => eb.fn.sum<number>('input').as('input'),
      (eb) => eb.fn.sum<number>('output').as('output'),
      (eb) => eb.fn.sum<number>('cache_read').as('cacheRead'),
      (eb) => eb.fn.sum<number>('cache_write').as('cacheWrite'),
      (eb) => eb.fn.sum<number | null>('cost').as('costMicroUsd'),
      (eb) => eb.fn.sum<number>('unpriced').as('unpriced'),
      (eb) => eb.fn.max<number>('at').as('lastAt'),
    ]);

const grouped = (by: UsageBy, query: UsageQuery) => {
  const rows = summed(query)
    .select(sql<string>`coalesce(${sql.ref(by)}, '')`.as('key'))
    // A turn has no model: its requests may go to several.
    .$if(by === 'model', (all) => all.where('requests', '>', 0))
    .groupBy(by);
  const order = by === 'day' ? rows.orderBy('day', 'desc') : rows.orderBy('costMicroUsd', 'desc').orderBy(sql`sum(input + output)`, 'desc');
  return order.orderBy(by).limit(slot<number>('limit'));
};

const shapeOf = (query: UsageQuery): string =>
  Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name)
    .toSorted()
    .join(' ');
const valuesOf = ({ task = '', agent = '', project = '', day = '', since = 0, now = 0 }: UsageQuery): Record<string, Value> => ({
  task,
  agent,
  project,
  day,
  since,
  now,
});

export const usageTable = (statements: Statements): UsageBook => {
  const { run, one, all } = statements;
  // The table's own column on the left: the greater of what stands and what comes. A cost that is known is not forgotten again.
  const greater = (column: (typeof counted)[number]) => sql<number>`max(${sql.ref(`usage.${column}`)}, ${sql.ref(`excluded.${column}`)})`;
  const grows = (column: (typeof counted)[number]) => sql<SqlBool>`${sql.ref(`excluded.${column}`)} > ${sql.ref(`usage.${column}`)}`;
  const put = run(
    build
      .insertInto('usage')
      .values({
        task: slot('task'),
        request: slot('request'),
        agent: slot('agent'),
        project: slot('project'),
        profile: slot('profile'),
        model: slot('model'),
        at: slot('at'),
        day: slot('day'),
        input: slot('input'),
        output: slot('output'),
        cache_read: slot('cacheRead'),
        cache_write: slot('cacheWrite'),
        cost: slot('costMicroUsd'),
        cost_by: slot('costBy'),
        prices: slot('prices'),
        source: slot('source'),
        key: slot('key'),
      })
      .onConflict((conflict) =>
        conflict
          .columns(['task', 'request'])
          .doUpdateSet({
            input: greater('input'),
            output: greater('output'),
            cache_read: greater('cache_read'),
            cache_write: greater('cache_write'),
            cost: sql<number | null>`coalesce(max(usage.cost, excluded.cost), excluded.cost, usage.cost)`,
            cost_by: sql`coalesce(excluded.cost_by, usage.cost_by)`,
            prices: sql`coalesce(excluded.prices, usage.prices)`,
            key: sql`excluded.key`,
          })
          // A sum is no request that could grow.
          .where(sql<SqlBool>`usage.requests = 1`)
          .where((eb) => eb.or([...counted.map(grows), sql<SqlBool>`excluded.cost > coalesce(usage.cost, -1)`])),
      ),
  );
  const known = one(build.selectFrom('usage').select('requests').where('task', '=', slot('task')).where('request', '=', slot('request')));
  const fold = usageFold(statements);
  const sums = new Map<string, ReturnType<typeof prepareSum>>();
  const prepareSum = (query: UsageQuery) => one(summed(query));
  const groups = new Map<string, ReturnType<typeof prepareGroup>>();
  const prepareGroup = (by: UsageBy, query: UsageQuery) => all(grouped(by, query));
  return {
    put: (row) => {
      const { task, request } = row;
      if (fold.ofTask(row) && known({ task, request })?.requests !== 1) return 'late';
      return put({ ...row }).changes > 0 ? 'written' : 'same';
    },
    sum: (query) => {
      const shape = shapeOf(query);
      const sum = sums.get(shape) ?? prepareSum(query);
      sums.set(shape, sum);
      const found = sum(valuesOf(query));
      return found && (found.requests > 0 || found.turns > 0) ? found : undefined;
    },
    sums: (by, query, limit) => {
      const shape = `${by} ${shapeOf(query)}`;
      const group = groups.get(shape) ?? prepareGroup(by, query);
      groups.set(shape, group);
      return group({ ...valuesOf(query), limit });
    },
    loose: fold.loose,
    fold: fold.day,
    folded: fold.anyOf,
  };
};
