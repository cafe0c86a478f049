/** Who did what over the interface. */
import { sql } from 'kysely';
import type { AuditBook, AuditRow } from '../../src/ports/records.ts';
import { build, type Statements, slot } from './statements.ts';

/** Rows kept at most, whatever their age: someone who is refused without end fills no disk. */
const MOST = 200_000;

export const auditTable = ({ run, all }: Statements): AuditBook => {
  const rows = build.selectFrom('audit').select(['id', 'at', 'by', 'channel', 'what', 'outcome', 'inside', 'count']);
  const add = run(
    build.insertInto('audit').values({
      at: slot('at'),
      by: slot('by'),
      channel: slot('channel'),
      what: slot('what'),
      outcome: slot('outcome'),
      inside: slot('inside'),
      count: slot('count'),
    }),
  );
  const newest = rows.orderBy('id', 'desc').limit(slot<number>('limit'));
  const list = all<AuditRow>(newest.where('id', '<', slot<number>('before')));
  const refused = all<AuditRow>(newest.where('id', '<', slot<number>('before')).where('outcome', '!=', 'ok'));
  const old = run(build.deleteFrom('audit').where('at', '<', slot('before')));
  const excess = run(build.deleteFrom('audit').where(sql<boolean>`id <= (select max(id) from audit) - ${sql.lit(MOST)}`));
  return {
    add: (row) => void add(row),
    list: ({ limit, before = Number.MAX_SAFE_INTEGER, refused: only = false }) => (only ? refused : list)({ limit, before }),
    prune: (before) => old({ before }).changes + excess({}).changes,
  };
};
