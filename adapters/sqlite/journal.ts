/** Every step ever taken, until it is folded; and the definitions of the machines that took them. */
import type { Journal } from '../../src/ports/store.ts';
import { build, type Statements, slot } from './statements.ts';

const columns = ['gseq', 'actor', 'kind', 'version', 'machine', 'seq', 'at', 'event', 'transitions', 'snapshot', 'hash'] as const;

export const journalTable = ({ run, one, all }: Statements): Journal => {
  const rows = build.selectFrom('journal').select(columns);
  const add = run(
    build.insertInto('journal').values({
      gseq: slot('gseq'),
      actor: slot('actor'),
      kind: slot('kind'),
      version: slot('version'),
      machine: slot('machine'),
      seq: slot('seq'),
      at: slot('at'),
      event: slot('event'),
      transitions: slot('transitions'),
      snapshot: slot('snapshot'),
      hash: slot('hash'),
    }),
  );
  const head = one(build.selectFrom('journal').select(({ fn }) => fn.max('gseq').as('head')));
  const get = one(rows.where('actor', '=', slot('actor')).where('seq', '=', slot('seq')));
  const ofActor = all(rows.where('actor', '=', slot('actor')).where('seq', '>', slot('after')).orderBy('seq').limit(slot<number>('limit')));
  const since = all(rows.where('gseq', '>', slot('gseq')).orderBy('gseq').limit(slot<number>('limit')));
  const base = one(build.selectFrom('bases').select(['actor', 'seq', 'prev', 'folded']).where('actor', '=', slot('actor')));
  const setBase = run(
    build
      .insertInto('bases')
      .values({ actor: slot('actor'), seq: slot('seq'), prev: slot('prev'), folded: slot('folded') })
      .onConflict((conflict) => conflict.column('actor').doUpdateSet({ seq: slot('seq'), prev: slot('prev'), folded: slot('folded') })),
  );
  const newestBefore = one(
    build
      .selectFrom('journal')
      .select(['seq'])
      .where('actor', '=', slot('actor'))
      .where('at', '<', slot('before'))
      .orderBy('seq', 'desc')
      .limit(1),
  );
  const lastGone = one(
    build
      .selectFrom('journal')
      .select(['gseq', 'hash'])
      .where('actor', '=', slot('actor'))
      .where('seq', '<', slot('seq'))
      .orderBy('seq', 'desc')
      .limit(1),
  );
  const drop = run(build.deleteFrom('journal').where('actor', '=', slot('actor')).where('seq', '<', slot('seq')));
  const findMachine = one(build.selectFrom('machines').select('id').where('hash', '=', slot('hash')));
  const addMachine = run(
    build.insertInto('machines').values({
      hash: slot('hash'),
      kind: slot('kind'),
      version: slot('version'),
      definition: slot('text'),
      at: slot('at'),
    }),
  );
  const machineText = one(build.selectFrom('machines').select(['kind', 'version', 'hash', 'definition']).where('id', '=', slot('id')));
  return {
    add: (row) => void add(row),
    head: () => head({})?.head ?? 0,
    get: (actor, seq) => get({ actor, seq }),
    ofActor: (actor, after, limit) => ofActor({ actor, after, limit }),
    since: (gseq, limit) => since({ gseq, limit }),
    base: (actor) => base({ actor }),
    fold: (actor, before) => {
      const seq = newestBefore({ actor, before })?.seq ?? 0;
      const gone = lastGone({ actor, seq });
      if (!gone) return { folded: 0, floor: 0 };
      const { changes } = drop({ actor, seq });
      setBase({ actor, seq, prev: gone.hash, folded: (base({ actor })?.folded ?? 0) + changes });
      return { folded: changes, floor: gone.gseq };
    },
    machine: (definition) => findMachine({ hash: definition.hash })?.id ?? addMachine(definition).id,
    machineText: (id) => machineText({ id }),
  };
};
