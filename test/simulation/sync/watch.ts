/** Watches one machine's store: what must never be written is said the moment it is; what people changed is remembered once it is on disk. */

import type { SyncTable } from '../../../src/ports/hub.ts';
import type { Store } from '../../../src/ports/store.ts';
import type { SyncStore } from '../../../src/ports/sync-store.ts';
import { machineOf } from '../../../src/sync/stamp.ts';

/** One change of one column, under the operation that carries it. */
export type Edit = {
  device: number;
  op: string;
  tbl: SyncTable;
  id: string;
  column: string;
  value: unknown;
  hlc: string;
  unsure?: boolean;
};
export type Watcher = {
  wrong: (words: string) => void;
  /** Something was committed: there may be more to wait for. */
  moved: () => void;
  edited: (edit: Edit) => void;
  stampedAnew: (op: string, hlc: string) => void;
  /** The hub said "ok" of this operation in this history. */
  wasAccepted: (epoch: string, op: string) => boolean;
};

export const watchStore = <S extends Pick<Store, 'commit' | 'attempt' | 'sync'>>(device: number, inner: S, watcher: Watcher): S => {
  let pending: Array<() => void> = [];
  const say = (words: string) => watcher.wrong(`device ${device}: ${words}`);
  const { sync } = inner;

  const remember = (op: string, set: Record<string, unknown>, tbl: SyncTable, id: string, hlc: string): void => {
    const clk = sync.row(tbl, id)?.clk ?? {};
    for (const [column, value] of Object.entries(set))
      if (clk[column] === hlc) pending.push(() => watcher.edited({ device, op, tbl, id, column, value, hlc }));
  };
  /** In this commit an operation was given up, and with it what it said. */
  let removed: Array<{ tbl: string; id: string; hlc: string }> = [];
  /** The highest number of a row written in this commit. */
  let reached = 0;
  const givenBack = (tbl: string, id: string, stamp: string) => removed.some((op) => op.tbl === tbl && op.id === id && stamp <= op.hlc);
  const watched: SyncStore = {
    ...sync,
    putRow: (row) => {
      const before = sync.row(row.tbl, row.id);
      const system = sync.link()?.system;
      if (before) {
        for (const [column, stamp] of Object.entries(before.clk)) {
          const next = row.clk[column] ?? '';
          const own = system !== undefined && next.endsWith(machineOf(system)) && stamp.endsWith(machineOf(system));
          const anew = own && JSON.stringify(row.doc[column]) === JSON.stringify(before.doc[column]);
          if (next < stamp && !anew && !givenBack(row.tbl, row.id, stamp))
            say(`I4 ${row.tbl}.${column} went back from ${stamp} to ${next || 'nothing'}`);
          if (next === stamp && JSON.stringify(row.doc[column] ?? null) !== JSON.stringify(before.doc[column] ?? null))
            say(`I5 ${row.tbl}.${column} changed under the same stamp`);
        }
        if (before.del && !row.del && removed.length === 0) say(`I11 a deleted ${row.tbl} came back`);
      }
      sync.putRow(row);
      reached = Math.max(reached, row.seq);
    },
    setLink: (link) => {
      const before = sync.link();
      if (before?.epoch && before.epoch === link.epoch && link.cursor < before.cursor && removed.length === 0)
        say(`I7 the cursor went back to ${link.cursor}`);
      if (before && before.epoch === link.epoch && link.cursor > before.cursor && reached < link.cursor)
        say(`I7 the cursor went to ${link.cursor} in a commit without that row`);
      sync.setLink(link);
    },
    addOp: (op) => {
      sync.addOp(op);
      remember(op.op, op.set, op.tbl, op.id, op.hlc);
    },
    refold: (id, op) => {
      const before = sync.op(id);
      sync.refold(id, op);
      if (before && before.tries > 0) say('what was sent was changed');
      if (before && id === op.op) say('an operation was changed under its own id');
      if (before) remember(op.op, op.set, before.tbl, before.id, op.hlc);
    },
    mark: (op, state, change) => {
      const { hlc } = change;
      if (hlc !== undefined) pending.push(() => watcher.stampedAnew(op, hlc));
      if (state === 'applied' && !watcher.wasAccepted(change.epoch ?? '', op))
        say('I16 an operation counts as applied that the hub never took');
      sync.mark(op, state, change);
    },
    removeOp: (op) => {
      const found = sync.op(op);
      // An answer that settles a report of an old fence, or an order, leaves nothing to keep.
      const settled = found?.kind === 'report' || found?.tbl === 'order';
      if (found && found.tries > 0 && found.state !== 'rejected' && !settled) say('I13 an operation was taken back after it was sent');
      sync.removeOp(op);
      if (found) removed.push(found);
    },
    forget: () => {
      say('I13 everything was forgotten');
      sync.forget();
    },
  };

  return {
    ...inner,
    sync: watched,
    commit: (work) => {
      pending = [];
      removed = [];
      reached = 0;
      watcher.moved();
      const value = inner.commit(work);
      for (const tell of pending.splice(0)) tell();
      return value;
    },
    attempt: (work) => {
      const length = pending.length;
      try {
        return inner.attempt(work);
      } catch (error) {
        pending.length = length;
        throw error;
      }
    },
  };
};
