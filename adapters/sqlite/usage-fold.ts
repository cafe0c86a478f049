/** Old days of usage as sums: what the rows of a day have in common stays, their figures are added up. */
import { type SqlBool, sql } from 'kysely';
import type { UsageBook } from '../../src/ports/usage.ts';
import { build, type Statements, slot } from './statements.ts';

const summed = ['requests', 'input', 'output', 'cache_read', 'cache_write'] as const;
/** What figures are kept apart by; whether the cost is known is one more. */
const common = ['task', 'agent', 'project', 'profile', 'model', 'cost_by', 'prices', 'source'] as const;
// In these words, or SQLite does not see that the index holds the answer.
const isSum = sql<SqlBool>`requests > 1`;

export const usageFold = ({ run, one, all }: Statements) => {
  const ofTask = one(
    build.selectFrom('usage').select('task').where('task', '=', slot('task')).where('day', '=', slot('day')).where(isSum).limit(1),
  );
  const anyOf = one(build.selectFrom('usage').select('task').where('day', '=', slot('day')).where(isSum).limit(1));
  const anyTurn = one(build.selectFrom('turns').select('agent').where('day', '=', slot('day')).where('turns', '>', 1).limit(1));

  const looseRequests = all(
    build.selectFrom('usage').select('day').distinct().where('day', '<', slot('day')).where('requests', '=', 1).orderBy('day'),
  );
  const looseTurns = all(
    build
      .selectFrom('turns')
      .select('day')
      .distinct()
      .where('day', '<', slot('day'))
      .where('turns', '=', 1)
      .where('over', '=', 1)
      .orderBy('day'),
  );

  const groups = all(
    build
      .selectFrom('usage')
      .where('day', '=', slot('day'))
      .select([...common, 'day'])
      .select(summed.map((column) => sql<number>`sum(${sql.ref(column)})`.as(column)))
      .select([
        sql<number | null>`sum(cost)`.as('cost'),
        sql<number>`cost is null`.as('unknown'),
        sql<number>`max(at)`.as('at'),
        // Its own name of old, which no other row of the task can have.
        sql<string>`min(request)`.as('request'),
        sql<number>`count(*)`.as('rows'),
      ])
      .groupBy([...common, sql`cost is null`])
      .having(sql<SqlBool>`count(*) > 1`),
  );
  const drop = run(
    common.reduce(
      (rows, column) => rows.where(sql<SqlBool>`${sql.ref(column)} is ${slot(column)}`),
      build
        .deleteFrom('usage')
        .where('day', '=', slot('day'))
        .where(sql<SqlBool>`(cost is null) = ${slot('unknown')}`),
    ),
  );
  const columns = [...common, ...summed, 'day', 'cost', 'at', 'request'] as const;
  const add = run(
    build
      .insertInto('usage')
      .columns([...columns, 'key'])
      .expression(
        // Which calls or lines they were told in is not kept.
        sql`select ${sql.join([...columns.map((column) => slot(column)), sql`''`])}`,
      ),
  );

  const turnGroups = all(
    build
      .selectFrom('turns')
      .where('day', '=', slot('day'))
      .where('over', '=', 1)
      .select(['agent', 'task', 'project', 'profile', 'day', 'over'])
      .select([
        sql<number>`min(began)`.as('began'),
        sql<number>`max(at)`.as('at'),
        sql<number>`sum(turns)`.as('turns'),
        sql<number>`sum(busy_ms)`.as('busy_ms'),
        sql<number>`count(*)`.as('rows'),
      ])
      .groupBy(['agent', 'task', 'project', 'profile'])
      .having(sql<SqlBool>`count(*) > 1`),
  );
  const dropTurns = run(build.deleteFrom('turns').where('day', '=', slot('day')).where('agent', '=', slot('agent')).where('over', '=', 1));
  const addTurns = run(
    build.insertInto('turns').values({
      agent: slot('agent'),
      began: slot('began'),
      task: slot('task'),
      project: slot('project'),
      profile: slot('profile'),
      day: slot('day'),
      at: slot('at'),
      turns: slot('turns'),
      busy_ms: slot('busy_ms'),
      over: slot('over'),
    }),
  );

  return {
    ofTask: ({ task, day }: { task: string; day: string }): boolean => ofTask({ task, day }) !== undefined,
    anyOf: (day: string): boolean => anyOf({ day }) !== undefined || anyTurn({ day }) !== undefined,
    loose: (day: string): string[] => [...new Set([...looseRequests({ day }), ...looseTurns({ day })].map((row) => row.day))].toSorted(),
    day: (day: string): number => {
      let less = 0;
      for (const { rows, ...group } of groups({ day })) {
        drop(group);
        add(group);
        less += rows - 1;
      }
      for (const { rows, ...group } of turnGroups({ day })) {
        dropTurns(group);
        addTurns(group);
        less += rows - 1;
      }
      return less;
    },
  } satisfies { loose: UsageBook['loose']; day: UsageBook['fold']; anyOf: UsageBook['folded']; ofTask: unknown };
};
