/** The one way in which this machine changes a row of the hub: row and operation together. Call it inside a commit. */
import type { Doc, OpKind, SyncTable } from '../ports/hub.ts';
import type { LinkFacts, Mine, SyncRow, SyncStore } from '../ports/sync-store.ts';
import { same } from './merge.ts';
import { later, machineOf, nextStamp } from './stamp.ts';

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
  const known = row.seq > 0 || store.told(tbl, id);
  const edits = Object.entries(intent.set ?? {});
  const fresh = edits.filter(([column, value]) => !same(row.doc[column], value));
  // What the hub never had, refused, or has lost goes there whole; before it was read to its end, only what is our own of it.
  const rest = Object.entries(row.doc).filter(([column]) => link.cursor > 0 || row.clk[column]?.endsWith(machineOf(link.system)));
  const whole = !known && (kind === 'set' || kind === 'offer');
  const set = Object.fromEntries(whole ? [...rest, ...edits] : fresh);
  if (kind === 'set' && known && Object.keys(set).length === 0) return null;
  const at = now();
  // Behind what it replaces, too: an edit that waits may still carry a stamp of a clock that was ahead.
  const latest = Object.keys(set).reduce((stamp, column) => later(stamp, row.clk[column] ?? ''), link.stamp);
  const hlc = nextStamp(latest, at, machineOf(link.system));
  link.stamp = hlc;
  store.setLink(link);
  const clk = { ...row.clk, ...Object.fromEntries(Object.keys(set).map((column) => [column, hlc])) };
  store.putRow({ ...row, doc: { ...row.doc, ...set }, clk, del: row.del || kind === 'del', mine: intent.mine ?? row.mine });
  const op = newOp();
  // What the hub was never told of has no operation that waits.
  const last = known && folds.has(kind) ? store.foldable(tbl, id, kind) : null;
  // A column that is not edited again keeps the stamp of its own edit, and so its own operation.
  if (last && Object.keys(last.set).every((column) => column in set)) {
    store.refold(last.op, { op, set: { ...last.set, ...set }, arg: { ...last.arg, ...arg }, hlc });
    return op;
  }
  const waiting = { state: 'queued', tries: 0, error: null, epoch: null, createdAt: at, settledAt: null } as const;
  store.addOp({ op, tbl, id, kind, set, arg, hlc, ...waiting });
  return op;
};
