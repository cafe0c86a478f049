/** Alarms that outlive the process. */
import type { Timers } from '../../src/ports/store.ts';
import { build, type Statements, slot } from './statements.ts';

export const timersTable = ({ run, one, all }: Statements): Timers => {
  const rows = build.selectFrom('timers').select(['actor', 'id', 'event', 'due', 'clock']);
  const set = run(
    build
      .insertInto('timers')
      .values({ actor: slot('actor'), id: slot('id'), event: slot('event'), due: slot('due'), clock: slot('clock') })
      .onConflict((conflict) =>
        conflict.columns(['actor', 'id']).doUpdateSet({ event: slot('event'), due: slot('due'), clock: slot('clock') }),
      ),
  );
  const get = one(rows.where('actor', '=', slot('actor')).where('id', '=', slot('id')));
  const cancel = run(build.deleteFrom('timers').where('actor', '=', slot('actor')).where('id', '=', slot('id')));
  const ofActor = all(rows.where('actor', '=', slot('actor')).orderBy('due'));
  const earliest = one(
    build
      .selectFrom('timers')
      .select(({ fn }) => fn.min('due').as('due'))
      .where('held', '=', 0),
  );
  const due = all(rows.where('held', '=', 0).where('due', '<=', slot('now')).orderBy('due').limit(slot<number>('limit')));
  const shift = run(
    build
      .updateTable('timers')
      .set(({ eb }) => ({ due: eb('due', '+', slot<number>('ms')) }))
      .where('clock', '=', 'awake'),
  );
  const hold = run(build.updateTable('timers').set({ held: 1 }).where('actor', '=', slot('actor')));
  const release = run(build.updateTable('timers').set({ held: 0 }).where('held', '=', 1));
  const count = one(build.selectFrom('timers').select(({ fn }) => fn.countAll<number>().as('count')));
  return {
    set: (row) => void set(row),
    get: (actor, id) => get({ actor, id }),
    cancel: (actor, id) => void cancel({ actor, id }),
    ofActor: (actor) => ofActor({ actor }),
    earliest: () => earliest({})?.due ?? null,
    due: (now, limit) => due({ now, limit }),
    shiftAwake: (ms) => shift({ ms }).changes,
    hold: (actor) => void hold({ actor }),
    releaseAll: () => void release({}),
    count: () => count({})?.count ?? 0,
  };
};
