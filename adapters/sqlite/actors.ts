/** One row per actor. Its newest snapshot is in the journal, one look away. */

import { sql } from 'kysely';
import type { Actors } from '../../src/ports/store.ts';
import { build, type Statements, slot } from './statements.ts';

export const actorsTable = ({ run, one, all }: Statements): Actors => {
  const rows = build
    .selectFrom('actors')
    .leftJoin('journal', 'journal.gseq', 'actors.gseq')
    .select(({ fn }) => [
      'actors.id',
      'actors.kind',
      'actors.version',
      'actors.seq',
      'actors.gseq',
      // Gone only when somebody took it: then the actor is unreadable, not unknown.
      fn.coalesce('journal.snapshot', sql.lit('')).as('snapshot'),
      'actors.hash',
      'actors.short',
      'actors.created_at as createdAt',
      'actors.updated_at as updatedAt',
    ]);
  const get = one(rows.where('actors.id', '=', slot('id')));
  const add = run(
    build.insertInto('actors').values({
      id: slot('id'),
      kind: slot('kind'),
      version: slot('version'),
      seq: slot('seq'),
      gseq: slot('gseq'),
      hash: slot('hash'),
      short: slot('short'),
      created_at: slot('createdAt'),
      updated_at: slot('updatedAt'),
    }),
  );
  const update = run(
    build
      .updateTable('actors')
      .set({
        version: slot('version'),
        seq: slot('seq'),
        gseq: slot('gseq'),
        hash: slot('hash'),
        updated_at: slot('updatedAt'),
      })
      .where('id', '=', slot('id')),
  );
  const short = one(build.selectFrom('actors').select('id').where('short', '=', slot('short')));
  const page = all(rows.where('actors.id', '>', slot('after')).orderBy('actors.id').limit(slot<number>('limit')));
  const census = all(
    build
      .selectFrom('actors')
      .select(({ fn }) => ['kind', 'version', fn.countAll<number>().as('count')])
      .groupBy(['kind', 'version']),
  );
  const ofVersion = all(
    build.selectFrom('actors').select('id').where('kind', '=', slot('kind')).where('version', '=', slot('version')).orderBy('id'),
  );
  return {
    get: (id) => get({ id }),
    add: (row) => void add(row),
    update: (row) => void update(row),
    shortTaken: (value) => short({ short: value }) !== undefined,
    page: (after, limit) => page({ after, limit }),
    census: () => census({}),
    ofVersion: (kind, version) => ofVersion({ kind, version }).map((row) => row.id),
  };
};
