/**
 * Every step ever taken, until it is folded. Rows of one actor are linked backwards by `prev`: an index over all of them would touch a page
 * of its own for every actor that steps, and cost more than everything else written. A milestone every 64 steps keeps any row near.
 */
import { sql } from 'kysely';
import type { Journal, StoredStep } from '../../src/ports/store.ts';
import { machinesTable } from './machines.ts';
import { build, type Statements, slot } from './statements.ts';

const STRIDE = 64;
const columns = ['gseq', 'actor', 'kind', 'version', 'machine', 'seq', 'prev', 'at', 'event', 'transitions', 'snapshot', 'hash'] as const;
const rows = build.selectFrom('journal').select(columns);

/** From the row `start` backwards, as far as seq > `after`. */
const walk = build
  .withRecursive('walk', (db) =>
    db
      .selectFrom('journal')
      .select(['gseq', 'prev', 'seq', 'at', 'actor'])
      .where('gseq', '=', slot<number>('start'))
      .where('seq', '>', slot<number>('after'))
      .unionAll(
        db
          .selectFrom('walk')
          .innerJoin('journal as before', 'before.gseq', 'walk.prev')
          .select(['before.gseq', 'before.prev', 'before.seq', 'before.at', 'before.actor'])
          .where('before.seq', '>', slot<number>('after'))
          .whereRef('before.actor', '=', 'walk.actor'),
      ),
  )
  .selectFrom('walk');

export const journalTable = (statements: Statements): Journal => {
  const { run, one, all } = statements;
  const add = run(
    build.insertInto('journal').values({
      gseq: slot('gseq'),
      actor: slot('actor'),
      kind: slot('kind'),
      version: slot('version'),
      machine: slot('machine'),
      seq: slot('seq'),
      prev: slot('prev'),
      at: slot('at'),
      event: slot('event'),
      transitions: slot('transitions'),
      snapshot: slot('snapshot'),
      hash: slot('hash'),
    }),
  );
  const newest = one(build.selectFrom('journal').select(({ fn }) => fn.max('gseq').as('head')));
  const headOf = one(build.selectFrom('actors').select(['gseq', 'seq']).where('id', '=', slot('actor')));
  const milestone = one(
    build
      .selectFrom('journal')
      .select('gseq')
      .where('actor', '=', slot('actor'))
      .where('seq', '>=', slot('seq'))
      // In these words, or SQLite does not see that the index holds the answer.
      .where(sql<boolean>`seq % 64 = 0`)
      .orderBy('seq')
      .limit(1),
  );
  const stretch = all(
    walk
      .innerJoin('journal', 'journal.gseq', 'walk.gseq')
      .select(columns.map((column) => `journal.${column}` as const))
      .orderBy('journal.seq')
      .limit(slot<number>('limit')),
  );
  const before = one(walk.select(['seq', 'prev']).where('walk.at', '<', slot<number>('before')).orderBy('seq', 'desc').limit(1));
  const oldest = all(walk.select(['gseq']).orderBy('seq', 'desc'));
  const byGseq = one(rows.where('gseq', '=', slot('gseq')));
  const drop = run(build.deleteFrom('journal').where('gseq', '=', slot('gseq')));
  const since = all(rows.where('gseq', '>', slot('gseq')).orderBy('gseq').limit(slot<number>('limit')));
  const base = one(build.selectFrom('bases').select(['actor', 'seq', 'prev', 'folded']).where('actor', '=', slot('actor')));
  const setBase = run(
    build
      .insertInto('bases')
      .values({ actor: slot('actor'), seq: slot('seq'), prev: slot('prev'), folded: slot('folded') })
      .onConflict((conflict) => conflict.column('actor').doUpdateSet({ seq: slot('seq'), prev: slot('prev'), folded: slot('folded') })),
  );

  /** Up to `limit` rows with seq > `after`, oldest first. */
  const ofActor = (actor: string, after: number, limit: number): StoredStep[] => {
    const head = headOf({ actor });
    if (!head) return [];
    // The first milestone not before the last row wanted: at most one stride too far.
    const near = head.seq - after - limit > STRIDE ? milestone({ actor, seq: after + limit }) : undefined;
    return stretch({ start: near?.gseq ?? head.gseq, after, limit });
  };
  const get = (actor: string, seq: number): StoredStep | undefined => ofActor(actor, seq - 1, 1).find((row) => row.seq === seq);

  return {
    add: (row) => void add(row),
    head: () => newest({})?.head ?? 0,
    get,
    ofActor,
    since: (gseq, limit) => since({ gseq, limit }),
    base: (actor) => base({ actor }),
    fold: (actor, time) => {
      const head = headOf({ actor });
      const kept = head && before({ start: head.gseq, after: 0, before: time });
      const last = kept && byGseq({ gseq: kept.prev });
      if (!kept || !last) return { folded: 0, floor: 0 };
      const gone = oldest({ start: last.gseq, after: 0 });
      for (const { gseq } of gone) drop({ gseq });
      setBase({ actor, seq: kept.seq, prev: last.hash, folded: (base({ actor })?.folded ?? 0) + gone.length });
      return { folded: gone.length, floor: last.gseq };
    },
    ...machinesTable(statements),
  };
};
