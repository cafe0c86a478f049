/** A page of the hub becomes rows, and the cursor moves with them. Call it inside a commit. */
import type { Page } from '../ports/hub.ts';
import type { LinkFacts, SyncRow, SyncStore } from '../ports/sync-store.ts';
import { merge, same } from './merge.ts';
import { emptyRow } from './mutate.ts';
import { beginHistory, seenIn } from './settle.ts';
import { later } from './stamp.ts';

export type Change = { before: SyncRow | null; after: SyncRow };
export type Asked = { epoch: string | null; after: number };

/** Null: the page answers a question that was asked before something else happened, and has no effect. */
export const applyPage = (store: SyncStore, link: LinkFacts, asked: Asked, page: Page, now: number): Change[] | null => {
  if (link.epoch !== asked.epoch || link.cursor !== asked.after) return null;
  // A hub of nothing at all: what is here goes there whole.
  if (page.epoch === null && link.epoch === null) return [];
  if (page.reset) beginHistory(store, link, page.epoch);
  const changes: Change[] = [];
  let cursor = link.cursor;
  for (const incoming of page.rows) {
    cursor = Math.max(cursor, incoming.seq);
    const before = store.row(incoming.tbl, incoming.id);
    const row = before ?? emptyRow(incoming.tbl, incoming.id);
    const merged = merge(row, incoming);
    keepLost(store, row, merged, now);
    link.stamp = later(link.stamp, merged.latest);
    const after: SyncRow = {
      ...row,
      seq: Math.max(row.seq, incoming.seq),
      del: row.del || incoming.del,
      doc: merged.doc,
      clk: merged.clk,
      state: incoming.seq >= row.seq ? incoming.state : row.state,
    };
    store.putRow(after);
    changes.push({ before, after });
  }
  // A full page may have left rows out that lie behind its last; a page that is not full has everything up to its head.
  link.cursor = cursor;
  link.seen = seenIn(page);
  store.setLink(link);
  return changes;
};

/** An edit of ours that waits and is older than the one that came: its value is kept for the person. */
const keepLost = (store: SyncStore, row: SyncRow, merged: { doc: SyncRow['doc']; changed: string[] }, now: number): void => {
  if (merged.changed.length === 0) return;
  const waiting = store.openOf(row.tbl, row.id).filter(({ kind }) => kind === 'set');
  for (const column of merged.changed) {
    const lost = waiting.findLast(({ set }) => column in set);
    if (lost && !same(lost.set[column], merged.doc[column]))
      store.addConflict({ tbl: row.tbl, id: row.id, column, lost: lost.set[column], kept: merged.doc[column], at: now });
  }
};
