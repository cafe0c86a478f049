/** Events a chart could not take. */
import type { Parked } from '../../src/ports/store.ts';
import { build, type Statements, slot } from './statements.ts';

export const parkedTable = ({ run, one, all }: Statements): Parked => {
  const rows = build.selectFrom('parked').select(['id', 'actor', 'event_id as eventId', 'event', 'error', 'at', 'attempts']);
  const put = run(
    build
      .insertInto('parked')
      .values({ actor: slot('actor'), event_id: slot('eventId'), event: slot('event'), error: slot('error'), at: slot('at'), attempts: 1 })
      .onConflict((conflict) =>
        conflict.column('event_id').doUpdateSet(({ eb }) => ({
          error: slot('error'),
          at: slot('at'),
          attempts: eb('parked.attempts', '+', 1),
        })),
      ),
  );
  const list = all(rows.orderBy('id').limit(1000));
  const get = one(rows.where('id', '=', slot('id')));
  const remove = run(build.deleteFrom('parked').where('event_id', '=', slot('eventId')));
  const count = one(build.selectFrom('parked').select(({ fn }) => fn.countAll<number>().as('count')));
  return {
    put: (row) => void put(row),
    list: () => list({}),
    get: (id) => get({ id }),
    remove: (eventId) => void remove({ eventId }),
    count: () => count({})?.count ?? 0,
  };
};
