/** An operation that never left, or was refused, is given up: what it would have said is not so any more. Call it inside a commit. */
import type { QueuedOp, SyncStore } from '../ports/sync-store.ts';
import { machineOf } from './stamp.ts';

export const takeBack = (store: SyncStore, { op, tbl, id, kind, set, hlc }: QueuedOp): void => {
  store.removeOp(op);
  // What stands behind an offer that was never made is about nothing, and an edit alone would make a task of nobody there.
  if (kind === 'offer') for (const one of store.openOf(tbl, id)) if (one.tries === 0) takeBack(store, one);
  const link = store.link();
  const row = store.row(tbl, id);
  if (!link || !row) return;
  const others = store.openOf(tbl, id);
  const own = (stamp = '') => stamp !== '' && stamp <= hlc && stamp.endsWith(machineOf(link.system));
  const given = Object.keys(set).filter((column) => own(row.clk[column]) && !others.some((other) => column in other.set));
  const del = row.del && kind !== 'del';
  if (given.length === 0 && del === row.del) return;
  const keep = <T>(from: Record<string, T>) => Object.fromEntries(Object.entries(from).filter(([column]) => !given.includes(column)));
  store.putRow({ ...row, del, doc: keep(row.doc), clk: keep(row.clk) });
  // The hub's own values are read again; a row it never heard of is said whole when it is said.
  if (row.seq > 0 && row.seq <= link.cursor) store.setLink({ ...link, cursor: row.seq - 1 });
};
