/** Ids of events that arrived: what makes a second arrival harmless. */
import type { Seen } from '../../src/ports/store.ts';
import { build, type Statements, slot } from './statements.ts';

export const seenTable = ({ run, one, all }: Statements): Seen => {
  const get = one(build.selectFrom('seen').select('gseq').where('id', '=', slot('id')));
  const add = run(build.insertInto('seen').values({ id: slot('id'), at: slot('at'), gseq: slot('gseq') }));
  const page = all(
    build.selectFrom('seen').select(['id', 'at']).where('id', '>', slot('after')).orderBy('id').limit(slot<number>('limit')),
  );
  const drop = run(build.deleteFrom('seen').where('id', '=', slot('id')));
  return {
    get: (id) => get({ id })?.gseq,
    add: (id, at, gseq) => void add({ id, at, gseq }),
    prune: (before, after, limit) => {
      const rows = page({ after, limit });
      const old = rows.filter((row) => row.at < before);
      for (const row of old) drop({ id: row.id });
      return { pruned: old.length, next: rows.length < limit ? null : (rows.at(-1)?.id ?? null) };
    },
  };
};
