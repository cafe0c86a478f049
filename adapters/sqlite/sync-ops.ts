/** Operations that wait for the hub, and those it has answered. */
import { sql } from 'kysely';
import type { Doc, OpKind, SyncTable } from '../../src/ports/hub.ts';
import type { OpState, QueuedOp, SyncStore } from '../../src/ports/sync-store.ts';
import { build, type Statements, slot } from './statements.ts';

type RawOp = {
  lseq: number;
  op: string;
  tbl: SyncTable;
  id: string;
  kind: OpKind;
  edits: string;
  arg: string;
  hlc: string;
  state: OpState;
  tries: number;
  error: string | null;
  epoch: string | null;
  created_at: number;
  settled_at: number | null;
};
const opOf = ({ edits, arg, created_at, settled_at, ...rest }: RawOp): QueuedOp => ({
  ...rest,
  set: JSON.parse(edits) as Doc,
  arg: JSON.parse(arg) as Doc,
  createdAt: created_at,
  settledAt: settled_at,
});
/** Written out, not as values: only so does SQLite use the index of those that wait, among all that were applied in a month. */
const open = [sql.lit('queued' as const), sql.lit('sent' as const)];
const [rejected, applied] = [sql.lit('rejected' as const), sql.lit('applied' as const)];

type Ops = Pick<
  SyncStore,
  | 'addOp'
  | 'foldable'
  | 'refold'
  | 'op'
  | 'due'
  | 'ops'
  | 'refused'
  | 'pending'
  | 'openOf'
  | 'told'
  | 'mark'
  | 'removeOp'
  | 'requeue'
  | 'prune'
>;

export const syncOps = ({ run, one, all }: Statements): Ops => {
  const every = build.selectFrom('sync_ops').selectAll();
  const add = run(
    build.insertInto('sync_ops').values({
      op: slot('op'),
      tbl: slot('tbl'),
      id: slot('id'),
      kind: slot('kind'),
      edits: slot('edits'),
      arg: slot('arg'),
      hlc: slot('hlc'),
      state: slot('state'),
      epoch: slot('epoch'),
      error: slot('error'),
      tries: slot('tries'),
      created_at: slot('createdAt'),
      settled_at: slot('settledAt'),
    }),
  );
  const newest = one(every.where('tbl', '=', slot('tbl')).where('id', '=', slot('id')).orderBy('lseq', 'desc').limit(1));
  const refold = run(
    build
      .updateTable('sync_ops')
      .set({ op: slot('anew'), edits: slot('edits'), arg: slot('arg'), hlc: slot('hlc') })
      .where('op', '=', slot('op')),
  );
  const get = one(every.where('op', '=', slot('op')));
  const due = all(every.where('state', 'in', open).orderBy('lseq').limit(slot('limit')));
  const later = every.where('lseq', '>', slot('after')).orderBy('lseq').limit(slot('limit'));
  const dueLater = all(later.where('state', 'in', open));
  const refused = all(later.where('state', '=', rejected));
  const latest = all(every.where('lseq', '<', slot('after')).orderBy('lseq', 'desc').limit(slot('limit')));
  const refusals = one(
    build
      .selectFrom('sync_ops')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('state', '=', rejected)
      .where('lseq', '>', 0),
  );
  const count = one(
    build
      .selectFrom('sync_ops')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('state', 'in', open),
  );
  const openOf = all(every.where('tbl', '=', slot('tbl')).where('id', '=', slot('id')).where('state', 'in', open).orderBy('lseq'));
  const told = one(
    build
      .selectFrom('sync_ops')
      .select('op')
      .where('tbl', '=', slot('tbl'))
      .where('id', '=', slot('id'))
      .where('state', '!=', 'rejected')
      .limit(1),
  );
  const mark = run(
    build
      .updateTable('sync_ops')
      .set((eb) => ({
        state: slot('state'),
        error: slot('error'),
        epoch: slot('epoch'),
        hlc: slot('hlc'),
        settled_at: slot('settledAt'),
        tries: eb('tries', '+', slot<number>('more')),
      }))
      .where('op', '=', slot('op')),
  );
  const removeOp = run(build.deleteFrom('sync_ops').where('op', '=', slot('op')));
  const requeue = run(
    build
      .updateTable('sync_ops')
      .set({ state: 'queued', epoch: null, settled_at: null })
      .where((eb) => eb.or([eb('state', '=', 'sent'), eb.and([eb('state', '=', 'applied'), eb('epoch', '!=', slot<string>('epoch'))])])),
  );
  const prune = run(build.deleteFrom('sync_ops').where('state', '=', applied).where('settled_at', '<', slot('before')));

  return {
    addOp: ({ set, arg, ...rest }) => void add({ ...rest, edits: JSON.stringify(set), arg: JSON.stringify(arg) }),
    foldable: (tbl, id, kind) => {
      const found = newest({ tbl, id });
      return found && found.kind === kind && found.state === 'queued' && found.tries === 0 ? opOf(found) : null;
    },
    refold: (op, { op: anew, set, arg, hlc }) => void refold({ op, anew, edits: JSON.stringify(set), arg: JSON.stringify(arg), hlc }),
    op: (op) => {
      const found = get({ op });
      return found ? opOf(found) : null;
    },
    due: (limit) => due({ limit }).map(opOf),
    ops: ({ open: onlyOpen, limit, after }) => {
      if (!onlyOpen) return latest({ limit, after: after ?? Number.MAX_SAFE_INTEGER }).map(opOf);
      const from = { limit, after: after ?? 0 };
      const both = [...dueLater(from), ...refused(from)].toSorted((a, b) => a.lseq - b.lseq);
      return both.slice(0, limit).map(opOf);
    },
    refused: () => refusals({})?.count ?? 0,
    pending: () => count({})?.count ?? 0,
    openOf: (tbl, id) => openOf({ tbl, id }).map(opOf),
    told: (tbl, id) => told({ tbl, id }) !== undefined,
    mark: (op, state, change) => {
      const found = get({ op });
      if (!found) return;
      mark({
        op,
        state,
        error: change.error === undefined ? found.error : change.error,
        epoch: change.epoch === undefined ? found.epoch : change.epoch,
        hlc: change.hlc ?? found.hlc,
        settledAt: change.at ?? null,
        more: state === 'sent' ? 1 : 0,
      });
    },
    removeOp: (op) => void removeOp({ op }),
    requeue: (epoch) => requeue({ epoch: epoch ?? '' }).changes,
    prune: (before) => prune({ before }).changes,
  };
};
