/** Effects waiting to be carried out, and what became of them. `finished_at is null` in a query is what lets SQLite use the small index. */
import { type SqlBool, sql } from 'kysely';
import type { Outbox } from '../../src/ports/store.ts';
import { build, type Statements, slot } from './statements.ts';

const columns = [
  'id',
  'actor',
  'seq',
  'idx',
  'name',
  'params',
  'lane',
  'state',
  'attempts',
  'due_at as dueAt',
  'generation',
  'problem',
  'created_at as createdAt',
  'finished_at as finishedAt',
] as const;

export const outboxTable = ({ run, one, all }: Statements): Outbox => {
  const rows = build.selectFrom('outbox').select(columns);
  const add = run(
    build.insertInto('outbox').values({
      actor: slot('actor'),
      seq: slot('seq'),
      idx: slot('idx'),
      name: slot('name'),
      params: slot('params'),
      lane: slot('lane'),
      state: 'pending',
      attempts: 0,
      due_at: slot('dueAt'),
      created_at: slot('createdAt'),
    }),
  );
  const get = one(rows.where('id', '=', slot('id')));
  // `+`: in the order of the rows SQLite would rather read them all than take the index that holds the few.
  const byId = sql`+id`;
  const open = all(rows.where('finished_at', 'is', null).orderBy(byId));
  const newest = rows.orderBy('id', 'desc').limit(slot<number>('limit'));
  const every = all(newest);
  const ofActor = all(newest.where('actor', '=', slot('actor')));
  const ofState = all(newest.where('state', '=', slot('state')));
  // Few are open or in trouble among very many: in these words SQLite sees that a small index holds them.
  const inTrouble = sql<SqlBool>`state in ('failed', 'unsure')`;
  const unfinished = all(
    rows.where('state', '=', slot('state')).where('finished_at', 'is', null).orderBy(byId, 'desc').limit(slot<number>('limit')),
  );
  const troubled = all(newest.where('state', '=', slot('state')).where(inTrouble));
  const byState = { pending: unfinished, running: unfinished, failed: troubled, unsure: troubled, done: ofState, cancelled: ofState };
  const amount = build.selectFrom('outbox').select(({ fn }) => fn.countAll<number>().as('count'));
  const openCount = one(amount.where('finished_at', 'is', null));
  const troubleCount = one(amount.where(inTrouble));
  const ofBoth = all(newest.where('actor', '=', slot('actor')).where('state', '=', slot('state')));
  const running = run(
    build
      .updateTable('outbox')
      .set({ state: 'running', attempts: slot('attempts'), generation: slot('generation') })
      .where('id', '=', slot('id')),
  );
  const retry = run(
    build
      .updateTable('outbox')
      .set({ state: 'pending', due_at: slot('dueAt'), problem: slot('problem') })
      .where('id', '=', slot('id')),
  );
  const finish = run(
    build
      .updateTable('outbox')
      .set({ state: slot('state'), problem: slot('problem'), finished_at: slot('at') })
      .where('id', '=', slot('id')),
  );
  const overtaken = all(
    rows
      .where('finished_at', 'is', null)
      .where('actor', '=', slot('actor'))
      .where('lane', '=', 'normal')
      .where('state', '=', 'pending')
      .where('seq', '<', slot('seq'))
      .orderBy('id'),
  );
  const prune = run(build.deleteFrom('outbox').where('finished_at', '<', slot('before')));
  return {
    add: (row) => add(row).id,
    get: (id) => get({ id }),
    open: () => open({}),
    list: ({ actor, state, limit = 200 }) => {
      if (actor !== undefined) return state === undefined ? ofActor({ actor, limit }) : ofBoth({ actor, state, limit });
      return state === undefined ? every({ limit }) : byState[state]({ state, limit });
    },
    due: () => (openCount({})?.count ?? 0) + (troubleCount({})?.count ?? 0),
    running: (id, attempts, generation) => void running({ id, attempts, generation }),
    retry: (id, dueAt, problem) => void retry({ id, dueAt, problem }),
    finish: (id, state, problem, at) => void finish({ id, state, problem, at }),
    overtaken: (actor, seq) => overtaken({ actor, seq }),
    prune: (before) => prune({ before }).changes,
  };
};
