/** The one way in which this machine changes a row of the hub: row and operation together. Call it inside a commit. */
import type { Doc, OpKind, SyncTable } from '../ports/hub.ts';
import type { LinkFacts, Mine, SyncRow, SyncStore } from '../ports/sync-store.ts';
import { same } from './merge.ts';
import { machineOf, nextStamp } from './stamp.ts';

export type Intent = {
  tbl: SyncTable;
  id: string;
  kind: OpKind;
  /** Columns as they shall be; those that are so already are left out. */
  set?: Doc;
  arg?: Doc;
  mine?: Mine;
};
export type Writer = { store: SyncStore; newOp: () => string; now: () => number };

export const emptyRow = (tbl: SyncTable, id: string): SyncRow => ({ tbl, id, seq: 0, del: false, doc: {}, clk: {}, state: {}, mine: null });

/** Edits that follow each other before anything was sent are one operation. Orders are never folded. */
const folds: ReadonlySet<OpKind> = new Set(['set', 'report']);

/** Null: nothing of it is new. */
export const mutate = ({ store, newOp, now }: Writer, link: LinkFacts, intent: Intent): string | null => {
  const { tbl, id, kind, arg = {} } = intent;
  const row = store.row(tbl, id) ?? emptyRow(tbl, id);
  const known = row.seq > 0 || store.openOf(tbl, id).length > 0;
  // What the hub has never had, or has lost, goes there whole.
  const wanted = known ? (intent.set ?? {}) : { ...row.doc, ...intent.set };
  const set = Object.fromEntries(Object.entries(wanted).filter(([column, value]) => !known || !same(row.doc[column], value)));
  if (kind === 'set' && known && Object.keys(set).length === 0) return null;
  const at = now();
  const hlc = nextStamp(link.stamp, at, machineOf(link.system));
  link.stamp = hlc;
  store.setLink(link);
  const clk = { ...row.clk, ...Object.fromEntries(Object.keys(set).map((column) => [column, hlc])) };
  store.putRow({ ...row, doc: { ...row.doc, ...set }, clk, del: row.del || kind === 'del', mine: intent.mine ?? row.mine });
  const last = folds.has(kind) ? store.foldable(tbl, id, kind) : null;
  if (last) {
    store.refold({ op: last.op, set: { ...last.set, ...set }, arg: { ...last.arg, ...arg }, hlc });
    return last.op;
  }
  const op = newOp();
  const fresh = { state: 'queued', tries: 0, error: null, epoch: null, createdAt: at, settledAt: null } as const;
  store.addOp({ op, tbl, id, kind, set, arg, hlc, ...fresh });
  return op;
};
