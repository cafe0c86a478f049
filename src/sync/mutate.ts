/** The one way in which this machine changes a row of the hub: row and operation together. Call it inside a commit. */
import type { Doc, OpKind, SyncTable } from '../ports/hub.ts';
import type { LinkFacts, Mine, QueuedOp, SyncRow, SyncStore } from '../ports/sync-store.ts';
import { same } from './merge.ts';
import { later, machineOf, nextStamp } from './stamp.ts';

export type Wish = {
  kind: OpKind;
  /** Columns as they shall be; those that are so already are left out. */
  set?: Doc;
  arg?: Doc;
  mine?: Mine;
};
export type Place = {
  tbl: SyncTable;
  id: string;
  /** The row, where it was read in this commit already. */
  read?: SyncRow | null;
};
export type Intent = Place & Wish;
export type Writer = { store: SyncStore; newOp: () => string; now: () => number };

export const emptyRow = (tbl: SyncTable, id: string): SyncRow => ({ tbl, id, seq: 0, del: false, doc: {}, clk: {}, state: {}, mine: null });

/** Edits that follow each other before anything was sent are one operation. Orders are never folded. */
const folds: ReadonlySet<OpKind> = new Set(['set', 'report']);

/** Null: nothing of it is new. */
export const mutate = (writer: Writer, link: LinkFacts, intent: Intent): string | null => mutateRow(writer, link, intent, [intent]);

/** Several at once, in their order: the row is read and written once. The id of the last operation. */
export const mutateRow = ({ store, newOp, now }: Writer, link: LinkFacts, place: Place, wishes: readonly Wish[]): string | null => {
  const { tbl, id, read } = place;
  let row = (read === undefined ? store.row(tbl, id) : read) ?? emptyRow(tbl, id);
  let known = row.seq > 0 || store.told(tbl, id);
  const at = now();
  const ops: Array<Pick<QueuedOp, 'kind' | 'set' | 'arg' | 'hlc'> & { folds: boolean }> = [];
  for (const { kind, arg = {}, ...wish } of wishes) {
    const edits = Object.entries(wish.set ?? {});
    const { doc } = row;
    const fresh = edits.filter(([column, value]) => !same(doc[column], value));
    // What the hub never had, refused, or has lost goes there whole; before it was read to its end, only what is our own of it.
    const { clk: stamps } = row;
    const rest = Object.entries(doc).filter(([column]) => link.cursor > 0 || stamps[column]?.endsWith(machineOf(link.system)));
    const whole = !known && (kind === 'set' || kind === 'offer');
    const set = Object.fromEntries(whole ? [...rest, ...edits] : fresh);
    if (kind === 'set' && known && Object.keys(set).length === 0) continue;
    // Behind what it replaces, too: an edit that waits may still carry a stamp of a clock that was ahead.
    const latest = Object.keys(set).reduce((stamp, column) => later(stamp, stamps[column] ?? ''), link.stamp);
    const hlc = nextStamp(latest, at, machineOf(link.system));
    link.stamp = hlc;
    const clk = { ...stamps, ...Object.fromEntries(Object.keys(set).map((column) => [column, hlc])) };
    row = { ...row, doc: { ...doc, ...set }, clk, del: row.del || kind === 'del', mine: wish.mine ?? row.mine };
    // What the hub was never told of has no operation that waits; behind one of another kind, none is folded.
    ops.push({ kind, set, arg, hlc, folds: known && ops.length === 0 && folds.has(kind) });
    known = true;
  }
  if (ops.length === 0) return null;
  store.setLink(link);
  store.putRow(row);
  let op = '';
  for (const { folds: mayFold, ...one } of ops) {
    op = newOp();
    const last = mayFold ? store.foldable(tbl, id, one.kind) : null;
    const { set, arg, hlc } = one;
    // A column that is not edited again keeps the stamp of its own edit, and so its own operation.
    if (last && Object.keys(last.set).every((column) => column in set)) {
      store.refold(last.op, { op, set: { ...last.set, ...set }, arg: { ...last.arg, ...arg }, hlc });
      continue;
    }
    const waiting = { state: 'queued', tries: 0, error: null, epoch: null, createdAt: at, settledAt: null } as const;
    store.addOp({ op, tbl, id, ...one, ...waiting });
  }
  return op;
};
