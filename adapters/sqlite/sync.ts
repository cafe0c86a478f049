/** The tables behind the link to a hub. */
import type { Database } from 'better-sqlite3';
import { sql } from 'kysely';
import type { Doc, SyncTable } from '../../src/ports/hub.ts';
import type { Conflict, LinkFacts, Mine, SyncRow, SyncStore } from '../../src/ports/sync-store.ts';
import { build, type Statements, slot } from './statements.ts';
import { syncOps } from './sync-ops.ts';

type RawRow = { tbl: SyncTable; id: string; seq: number; del: number; doc: string; clk: string; state: string; mine: string | null };
const rowOf = ({ doc, clk, state, mine, del, ...rest }: RawRow): SyncRow => ({
  ...rest,
  del: del === 1,
  doc: JSON.parse(doc) as Doc,
  clk: JSON.parse(clk) as Record<string, string>,
  state: JSON.parse(state) as Doc,
  mine: mine === null ? null : (JSON.parse(mine) as Mine),
});

export const syncTables = (statements: Statements, db: Database): SyncStore => {
  const { run, one, all } = statements;
  const link = one(build.selectFrom('sync_link').select(['enabled', 'system', 'uid', 'epoch', 'cursor', 'stamp', 'seen', 'seal', 'claim']));
  const facts = {
    enabled: slot<number>('enabled'),
    system: slot<string>('system'),
    uid: slot<string | null>('uid'),
    epoch: slot<string | null>('epoch'),
    cursor: slot<number>('cursor'),
    stamp: slot<string>('stamp'),
    seen: slot<number | null>('seen'),
    seal: slot<string | null>('seal'),
    claim: slot<string | null>('claim'),
  };
  const setLink = run(
    build
      .insertInto('sync_link')
      .values({ one: 1, ...facts })
      .onConflict((conflict) => conflict.column('one').doUpdateSet(facts)),
  );
  const writer = run(build.updateTable('sync_link').set({ writer: slot('on') }));
  const dirty = all(build.selectFrom('sync_dirty').select(['tbl', 'id']).orderBy('at').orderBy('id').limit(slot('limit')));
  const clean = run(build.deleteFrom('sync_dirty').where('tbl', '=', slot('tbl')).where('id', '=', slot('id')));
  const rows = build.selectFrom('sync_rows').selectAll();
  const get = one(rows.where('tbl', '=', slot('tbl')).where('id', '=', slot('id')));
  const ofTable = all(rows.where('tbl', '=', slot('tbl')).where('del', '=', 0));
  const values = {
    seq: slot<number>('seq'),
    del: slot<number>('del'),
    doc: slot<string>('doc'),
    clk: slot<string>('clk'),
    state: slot<string>('state'),
    mine: slot<string | null>('mine'),
  };
  const put = run(
    build
      .insertInto('sync_rows')
      .values({ tbl: slot('tbl'), id: slot('id'), ...values })
      .onConflict((conflict) => conflict.columns(['tbl', 'id']).doUpdateSet(values)),
  );
  const touch = run(
    build
      .insertInto('sync_dirty')
      .values({ tbl: slot('tbl'), id: slot('id'), at: slot('at') })
      .onConflict((conflict) => conflict.doNothing()),
  );
  const exec = sql<string>`json_extract(state, '$.exec')`;
  // Written out, and one state at a time: for a list, or for values given later, SQLite reads every row of the table instead of its index.
  const tasks = rows.where('tbl', '=', sql.lit('task')).where('del', '=', sql.lit(0));
  const at = all(tasks.where(exec, '=', slot<string>('exec')));
  const strangers = tasks.where((eb) =>
    eb.not(eb.exists(eb.selectFrom('views').select('views.id').whereRef('views.id', '=', 'sync_rows.id'))),
  );
  const elsewhere = all(strangers);
  const elsewhereOpen = all(strangers.where(exec, 'in', ['offered', 'claimed', 'running']));
  const missing = all(
    rows
      .where('seq', '=', sql.lit(0))
      .where('del', '=', 0)
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom('sync_ops')
              .select('lseq')
              .whereRef('sync_ops.tbl', '=', 'sync_rows.tbl')
              .whereRef('sync_ops.id', '=', 'sync_rows.id')
              .where('sync_ops.state', '!=', 'applied'),
          ),
        ),
      )
      .limit(slot('limit')),
  );
  const dropRow = run(build.deleteFrom('sync_rows').where('tbl', '=', slot('tbl')).where('id', '=', slot('id')));
  const unseen = run(build.updateTable('sync_rows').set({ seq: 0 }));
  const addConflict = run(
    build.insertInto('sync_conflicts').values({
      tbl: slot('tbl'),
      id: slot('id'),
      col: slot('column'),
      lost: slot('lost'),
      kept: slot('kept'),
      at: slot('at'),
    }),
  );
  const conflicts = all(
    build.selectFrom('sync_conflicts').select(['tbl', 'id', 'col', 'lost', 'kept', 'at']).orderBy('place', 'desc').limit(slot('limit')),
  );
  /** Only what is written through here may change a row: everything else meets the guard. */
  const written = (work: () => unknown) => {
    writer({ on: 1 });
    work();
    writer({ on: 0 });
  };

  return {
    ...syncOps(statements),
    link: (): LinkFacts | null => {
      const found = link({});
      if (!found) return null;
      const { seen, seal, enabled, ...rest } = found;
      return { ...rest, enabled: enabled === 1, seen: seen === null || seal === null ? null : { seq: seen, seal } };
    },
    setLink: ({ seen, enabled, ...rest }) =>
      void setLink({ ...rest, enabled: enabled ? 1 : 0, seen: seen?.seq ?? null, seal: seen?.seal ?? null }),
    dirty: (limit) => dirty({ limit }),
    clean: (tbl, id) => void clean({ tbl, id }),
    allDirty: () =>
      void db.exec(`insert or ignore into sync_dirty (tbl, id, at) select 'project', id, created_at from projects where removed_at is null;
        insert or ignore into sync_dirty (tbl, id, at) select case kind when 'approval' then 'ask' else kind end, id, created_at from views
          where kind = 'task' or (kind in ('agent', 'approval') and ended = 0)`),
    row: (tbl, id) => {
      const found = get({ tbl, id });
      return found ? rowOf(found) : null;
    },
    rows: (tbl) => ofTable({ tbl }).map(rowOf),
    touch: (tbl, id, changed) => void touch({ tbl, id, at: changed }),
    tasksAt: (list) => list.flatMap((state) => at({ exec: state }).map(rowOf)),
    tasksElsewhere: ({ ended }) => (ended ? elsewhere : elsewhereOpen)({}).map(rowOf),
    missing: (limit) => missing({ limit }).map(rowOf),
    dropRow: (tbl, id) => written(() => dropRow({ tbl, id })),
    putRow: ({ tbl, id, seq, del, doc, clk, state, mine }) =>
      written(() =>
        put({
          tbl,
          id,
          seq,
          del: del ? 1 : 0,
          doc: JSON.stringify(doc),
          clk: JSON.stringify(clk),
          state: JSON.stringify(state),
          mine: mine === null ? null : JSON.stringify(mine),
        }),
      ),
    forget: () => written(() => db.exec('delete from sync_rows; delete from sync_ops; delete from sync_conflicts; delete from sync_dirty')),
    unseen: () => written(() => unseen({})),
    addConflict: ({ tbl, id, column, lost, kept, at }) =>
      void addConflict({ tbl, id, column, lost: JSON.stringify(lost ?? null), kept: JSON.stringify(kept ?? null), at }),
    conflicts: (limit): Conflict[] =>
      conflicts({ limit }).map(({ col, lost, kept, ...rest }) => ({
        ...rest,
        column: col,
        lost: JSON.parse(lost) as unknown,
        kept: JSON.parse(kept) as unknown,
      })),
  };
};
